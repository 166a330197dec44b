//! Only JSON, and said to be JSON (SECURITY F-02, F-03).

use super::AUTH_CALLS;
use crate::support::{PASSWORD, TestApp};
use counterfoil::shared::Code;
use serde_json::json;

const OTHERS: [&str; 8] = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/jsonx",
    "text/json",
    "application/problem+json",
    "text/plain; application/json",
];

#[tokio::test]
async fn other_types_are_refused_even_with_a_good_body_and_a_live_session() {
    let (app, mut user) = TestApp::with_user().await;
    let body = json!({ "email": user.email, "password": PASSWORD });
    for path in AUTH_CALLS {
        for content_type in OTHERS {
            let call = app.post(path).json(&body).cookies(&user.jar).header("content-type", content_type);
            let answer = call.send().await;
            answer.assert_problem(Code::UnsupportedMediaType);
            assert!(answer.set_cookies().is_empty());
        }
        let none = app.post(path).json(&body).cookies(&user.jar).without("content-type").send().await;
        none.assert_problem(Code::UnsupportedMediaType);
    }
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_form_post_cannot_sign_anybody_in() {
    let (app, user) = TestApp::with_user().await;
    let form = format!("email={}&password={}", user.email, PASSWORD.replace(' ', "+"));
    let call = app.post("/auth/login").header("content-type", "application/x-www-form-urlencoded").body(form);
    call.header("accept", "text/html").send().await.assert_problem(Code::UnsupportedMediaType);
}

#[tokio::test]
async fn a_charset_and_another_case_are_still_json() {
    let (app, mut user) = TestApp::with_user().await;
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/json ;charset=UTF-8"] {
        let call = app.post("/auth/refresh").cookies(&user.jar).header("content-type", content_type);
        let answer = call.send().await;
        answer.assert_ok();
        user.jar.apply(&answer.set_cookies());
    }
}

#[tokio::test]
async fn a_compressed_body_is_not_unpacked() {
    let (app, mut user) = TestApp::with_user().await;
    for encoding in ["gzip", "br", "identity"] {
        let call = app.post("/auth/refresh").cookies(&user.jar).header("content-encoding", encoding);
        call.send().await.assert_problem(Code::UnsupportedMediaType);
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_browser_that_asks_for_html_is_not_redirected() {
    let (app, user) = TestApp::with_user().await;
    for path in AUTH_CALLS {
        let body = json!({ "email": "dora@example.com", "password": PASSWORD });
        let call = app.post(path).json(&body).cookies(&user.jar).header("accept", "text/html");
        let answer = call.header("referer", "https://evil.example/").send().await;
        assert_eq!((answer.status / 100 == 3, answer.header("location")), (false, None), "{path}");
    }
}
