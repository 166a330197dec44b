//! Sign-up.

use crate::support::{Answer, PASSWORD, TestApp, User};
use counterfoil::shared::Code;
use serde_json::json;

async fn register(app: &TestApp, email: &str, password: &str) -> Answer {
    app.post("/auth/register").json(&json!({ "email": email, "password": password })).send().await
}

#[tokio::test]
async fn a_new_account_is_signed_in_at_once() {
    let app = TestApp::new().await;
    let mut user = User::register(&app, "alice@example.com").await;
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
    user.elsewhere(&app).await;
}

#[tokio::test]
async fn an_address_has_one_account_in_whatever_spelling() {
    let (app, user) = TestApp::with_user().await;
    for spelling in [user.email.as_str(), "ALICE@Example.com", " alice@example.com "] {
        let answer = register(&app, spelling, "quite another password").await;
        answer.assert_problem(Code::EmailTaken);
        assert!(answer.set_cookies().is_empty());
    }
    user.elsewhere(&app).await;
}

#[tokio::test]
async fn two_people_cannot_race_for_one_address() {
    let app = TestApp::with(&["--hash-queue", "64"]).await;
    let attempts = (0..10).map(|_| register(&app, "alice@example.com", PASSWORD));
    let answers = futures::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 9);
}

#[tokio::test]
async fn a_weak_password_is_refused_with_its_reason() {
    let app = TestApp::new().await;
    let long = "x".repeat(1025);
    for (password, reason) in [
        ("fourteen chars", "too_short"),
        ("", "too_short"),
        (long.as_str(), "too_long"),
        ("password1234567", "common"),
        ("PasswordPassword", "common"),
        ("Alexandria.Smith@example.com", "like_email"),
        ("alexandria.smith", "like_email"),
    ] {
        let problem = register(&app, "alexandria.smith@example.com", password).await.assert_problem(Code::WeakPassword);
        assert_eq!(problem["reason"], reason, "{password}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let app = TestApp::new().await;
    for email in
        ["", "alice", "alice@", "a\0@example.com", "аlice@example.com", "a@b.co\r\nX: y", "<img src=x>@example.com"]
    {
        let answer = register(&app, email, PASSWORD).await;
        answer.assert_problem(Code::InvalidEmail);
        assert!(email.is_empty() || !answer.text().contains(email), "the input is not echoed");
    }
}

#[tokio::test]
async fn nobody_makes_themselves_an_admin() {
    let app = TestApp::new().await;
    let body = json!({ "email": "eve@example.com", "password": PASSWORD, "role": "admin", "id": "0".repeat(32) });
    let answer = app.post("/auth/register").json(&body).send().await;
    assert_eq!(answer.assert_ok().json()["user"]["role"], "user");
    assert_ne!(answer.json()["user"]["id"], "0".repeat(32));
}

#[tokio::test]
async fn signing_up_ends_the_session_that_this_browser_had() {
    let (app, user) = TestApp::with_user().await;
    let body = json!({ "email": "bob@example.com", "password": PASSWORD });
    let answer = app.post("/auth/register").cookies(&user.jar).json(&body).send().await;
    assert_eq!(answer.assert_ok().removed_cookies(), user.jar.names());
    user.me(&app).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn a_refused_sign_up_leaves_the_session_that_this_browser_had() {
    let (app, mut user) = TestApp::with_user().await;
    let body = json!({ "email": user.email, "password": PASSWORD });
    let answer = app.post("/auth/register").cookies(&user.jar).json(&body).send().await;
    answer.assert_problem(Code::EmailTaken);
    user.refresh(&app).await;
}
