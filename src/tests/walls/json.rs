//! Bodies that are no JSON, or not the JSON that was asked for (SECURITY L-01, L-02, N-05).

use crate::support::{Answer, PASSWORD, TestApp};
use counterfoil::shared::Code;
use serde_json::json;

async fn login(app: &TestApp, body: impl Into<Vec<u8>>) -> Answer {
    app.post("/auth/login").body(body.into()).send().await
}

/// No text of a library, no place in a file, no echo.
#[track_caller]
fn assert_says_nothing(answer: &Answer) {
    let text = answer.text();
    for leak in
        ["line 1", "column", "expected", "missing field", "serde", "utf-8", "src/", ".rs", "panicked", "hunter2"]
    {
        assert!(!text.contains(leak), "{leak}: {text}");
    }
}

#[tokio::test]
async fn what_is_no_json_object_is_malformed() {
    let app = TestApp::without_limits().await;
    let bodies = [
        "{",
        "}",
        "{\"email\"",
        "{\"email\":\"a@b.co\",\"password\":\"hunter2",
        "null",
        "true",
        "1",
        "\"hunter2\"",
        "[]",
        "[\"a@b.co\",\"hunter2\"]",
        "email=a&password=hunter2",
        "{'email':'a','password':'hunter2'}",
        "\u{feff}{}",
        "{} {}",
        "{\"email\":\"a@b.co\",\"password\":\"hunter2\"}x",
        "{\"email\":\"a@b.co\",\"password\":\"hunter2\",}",
    ];
    for body in bodies {
        let answer = login(&app, body).await;
        answer.assert_problem(Code::MalformedRequest);
        assert_says_nothing(&answer);
    }
}

#[tokio::test]
async fn wrong_types_and_missing_members_are_malformed() {
    let app = TestApp::new().await;
    for body in [
        json!({}),
        json!({ "email": "a@b.co" }),
        json!({ "password": PASSWORD }),
        json!({ "email": 1, "password": PASSWORD }),
        json!({ "email": null, "password": PASSWORD }),
        json!({ "email": "a@b.co", "password": ["hunter2"] }),
        json!({ "email": { "$ne": null }, "password": { "$ne": null } }),
        json!({ "email": "a@b.co", "password": true }),
        json!({ "Email": "a@b.co", "Password": "hunter2" }),
    ] {
        let answer = login(&app, body.to_string()).await;
        answer.assert_problem(Code::MalformedRequest);
        assert_says_nothing(&answer);
    }
}

#[tokio::test]
async fn an_empty_body_is_an_object_without_members() {
    let (app, user) = TestApp::with_user().await;
    login(&app, "").await.assert_problem(Code::MalformedRequest);
    app.post("/auth/refresh").cookies(&user.jar).body("").send().await.assert_ok();
}

#[tokio::test]
async fn a_member_that_comes_twice_is_malformed() {
    let (app, user) = TestApp::with_user().await;
    let body = format!(r#"{{"email":"{}","email":"x@y.co","password":"{PASSWORD}"}}"#, user.email);
    login(&app, body).await.assert_problem(Code::MalformedRequest);
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_are_malformed_wherever_they_stand() {
    let app = TestApp::new().await;
    let bodies: [&[u8]; 4] = [
        b"{\"email\":\"a\xff@b.co\",\"password\":\"hunter2\"}",
        b"{\"email\":\"a@b.co\",\"password\":\"\xc3\x28\"}",
        b"{\"email\":\"a@b.co\",\"password\":\"hunter2\",\"x\":\"\xed\xa0\x80\"}",
        b"\xff\xfe{\0}\0",
    ];
    for body in bodies {
        let answer = login(&app, body).await;
        answer.assert_problem(Code::MalformedRequest);
        assert_says_nothing(&answer);
    }
    let surrogate = r#"{"email":"a@b.co","password":"\ud800"}"#;
    login(&app, surrogate).await.assert_problem(Code::MalformedRequest);
}

#[tokio::test]
async fn deep_and_wide_and_huge_is_refused_or_passed_over() {
    let app = TestApp::new().await;
    let deep = |levels: usize| format!(r#"{{"email":{}{},"password":"x"}}"#, "[".repeat(levels), "]".repeat(levels));
    login(&app, deep(4000)).await.assert_problem(Code::MalformedRequest);
    login(&app, deep(100_000)).await.assert_problem(Code::BodyTooLarge);
    let number = format!(r#"{{"email":{},"password":"x"}}"#, "9".repeat(8000));
    login(&app, number).await.assert_problem(Code::MalformedRequest);
    login(&app, r#"{"email":1e400,"password":"x"}"#).await.assert_problem(Code::MalformedRequest);
    let members = (0..900).fold(String::new(), |members, index| members + &format!(r#""m{index}":0,"#));
    let wide = format!(r#"{{{members}"email":"a@b.co","password":"x"}}"#);
    login(&app, wide).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn a_malformed_body_costs_a_live_session_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    for path in ["/auth/refresh", "/auth/logout", "/auth/login"] {
        for body in ["[]", "{", "null"] {
            app.post(path).cookies(&user.jar).body(body).send().await.assert_problem(Code::MalformedRequest);
        }
    }
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}
