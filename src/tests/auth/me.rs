//! `GET /api/me`, and where an access token may stand.

use crate::support::{Mood, START, TestApp, minutes};
use counterfoil::shared::Code;

#[tokio::test]
async fn the_caller_learns_who_they_are() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(1));
    let answer = user.me(&app).await;
    let json = answer.assert_ok().json();
    assert_eq!(json["email"], "alice@example.com");
    assert_eq!(json["role"], "user");
    assert_eq!(json["created_at"], START.as_secs());
    assert_eq!(json["signed_in_at"], START.as_secs());
    let members: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["created_at", "email", "id", "role", "session_id", "signed_in_at", "step_up_until"]);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn without_a_token_the_answer_asks_for_one() {
    let app = TestApp::new().await;
    app.get("/api/me").send().await.assert_problem(Code::MissingToken);
}

#[tokio::test]
async fn the_scheme_is_in_any_case() {
    let (app, user) = TestApp::with_user().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        app.get("/api/me").header("authorization", format!("{scheme} {}", user.token)).send().await.assert_ok();
    }
}

#[tokio::test]
async fn other_schemes_and_bare_tokens_are_no_token() {
    let (app, user) = TestApp::with_user().await;
    for value in [user.token.clone(), format!("Basic {}", user.token), format!("Token {}", user.token), "Bearer".into()]
    {
        app.get("/api/me").header("authorization", value).send().await.assert_problem(Code::MissingToken);
    }
}

#[tokio::test]
async fn a_token_counts_in_the_authorization_header_alone() {
    let (app, user) = TestApp::with_user().await;
    let token = &user.token;
    let query = format!("/api/me?access_token={token}&token={token}");
    app.get(&query).send().await.assert_problem(Code::MissingToken);
    for name in ["x-access-token", "x-authorization", "proxy-authorization", "token"] {
        app.get("/api/me").header(name, format!("Bearer {token}")).send().await.assert_problem(Code::MissingToken);
    }
    for name in ["access_token", "token", "Authorization"] {
        app.get("/api/me").header("cookie", format!("{name}={token}")).send().await.assert_problem(Code::MissingToken);
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let (app, user) = TestApp::with_user().await;
    let good = format!("Bearer {}", user.token);
    for (first, second) in [(good.as_str(), "Bearer x"), ("Bearer x", &good), (&good, &good), (&good, "Basic eA==")] {
        let call = app.get("/api/me").header("authorization", first).also("authorization", second);
        call.send().await.assert_problem(Code::MalformedRequest);
    }
}

#[tokio::test]
async fn the_answer_never_redirects() {
    let (app, user) = TestApp::with_user().await;
    let call = || app.get("/api/me").header("accept", "text/html,*/*").header("referer", "https://evil.example/");
    let answer = call().bearer(&user.token).send().await;
    answer.assert_ok();
    assert_eq!(answer.header("location"), None);
    let refused = call().send().await;
    refused.assert_problem(Code::MissingToken);
    assert_eq!(refused.header("location"), None);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let (app, user) = TestApp::with_user().await;
    let answer = user.get(&app, "/api/me").method("HEAD").send().await;
    answer.assert_ok();
}

#[tokio::test]
async fn a_store_that_is_gone_is_503_and_not_a_sign_out() {
    let (app, user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Gone);
    user.me(&app).await.assert_problem(Code::Unavailable);
}
