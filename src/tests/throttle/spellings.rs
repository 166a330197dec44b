//! Other spellings of a limited call's URL (SECURITY I-09).

use super::{WRONG, attempt};
use crate::support::TestApp;
use counterfoil::shared::Code;
use serde_json::json;

const SPELLINGS: [&str; 10] = [
    "/auth/login/",
    "//auth/login",
    "/auth//login",
    "/auth/./login",
    "/x/../auth/login",
    "/auth/%6cogin",
    "/auth%2flogin",
    "/AUTH/Login",
    "/auth/login;x",
    "/auth/login%00",
];

#[tokio::test]
async fn they_are_counted_together_with_it_though_they_reach_nothing() {
    let app = TestApp::new().await;
    let body = json!({ "email": "alice@example.com", "password": WRONG });
    for (index, path) in SPELLINGS.into_iter().enumerate() {
        let answer = app.post(path).json(&body).send().await;
        assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
        let expected = format!(r#""login";r={};t=900"#, 9 - index);
        assert_eq!(answer.header("ratelimit"), Some(&*expected), "{path}");
    }
    attempt(&app, "alice@example.com", WRONG).send().await.assert_problem(Code::TooManyAttempts);
    for path in SPELLINGS {
        app.post(path).json(&body).send().await.assert_problem(Code::TooManyAttempts);
    }
}

#[tokio::test]
async fn so_are_those_of_the_other_limited_calls() {
    let app = TestApp::new().await;
    for (path, name) in [
        ("/auth/register/", "register"),
        ("/auth/REFRESH", "refresh"),
        ("/api/password", "password"),
        ("/api//step-up", "password"),
    ] {
        let answer = app.post(path).send().await;
        assert!(answer.header("ratelimit").unwrap().starts_with(&format!("\"{name}\";")), "{path}");
    }
}
