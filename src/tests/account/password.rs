//! The change of a password.

use super::kinds;
use crate::support::{Answer, PASSWORD, TestApp, User, minutes};
use counterfoil::shared::Code;
use serde_json::json;

const NEW: &str = "another stub for the issuer";

async fn change(app: &TestApp, user: &User, current: &str, new: &str) -> Answer {
    user.post(app, "/api/password").json(&json!({ "current": current, "new": new })).send().await
}

async fn login(app: &TestApp, password: &str) -> Answer {
    app.post("/auth/login").json(&json!({ "email": "alice@example.com", "password": password })).send().await
}

#[tokio::test]
async fn the_new_password_opens_the_account_and_the_old_one_does_not() {
    let (app, user) = TestApp::with_user().await;
    change(&app, &user, PASSWORD, NEW).await.assert_ok();
    login(&app, PASSWORD).await.assert_problem(Code::InvalidCredentials);
    login(&app, NEW).await.assert_ok();
    assert!(kinds(&app, &user).await.contains(&"password_changed".to_owned()));
}

#[tokio::test]
async fn without_the_current_password_nothing_changes() {
    let (app, user) = TestApp::with_user().await;
    let other = user.elsewhere(&app).await;
    for current in ["wrong", "", NEW, &"x".repeat(2000)] {
        change(&app, &user, current, NEW).await.assert_problem(Code::InvalidCredentials);
    }
    other.me(&app).await.assert_ok();
    login(&app, PASSWORD).await.assert_ok();
}

#[tokio::test]
async fn a_new_password_is_held_to_the_rules_of_sign_up() {
    let (app, user) = TestApp::with_user().await;
    for (weak, reason) in [("short", "too_short"), ("password1234567", "common"), ("alice@example.com", "like_email")] {
        let problem = change(&app, &user, PASSWORD, weak).await.assert_problem(Code::WeakPassword);
        assert_eq!(problem["reason"], reason);
    }
    login(&app, PASSWORD).await.assert_ok();
}

#[tokio::test]
async fn the_other_sessions_end_and_learn_why_while_this_one_goes_on() {
    let (app, mut user) = TestApp::with_user().await;
    let mut other = user.elsewhere(&app).await;
    change(&app, &user, PASSWORD, NEW).await.assert_ok();
    other.me(&app).await.assert_problem(Code::TokenRevoked);
    let problem = other.try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "password_changed");
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_current_password_is_a_step_up() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(6));
    change(&app, &user, PASSWORD, NEW).await.assert_ok();
    user.post(&app, "/api/sessions/revoke-all").send().await.assert_ok();
}

#[tokio::test]
async fn of_two_changes_at_once_one_wins_and_the_other_is_told() {
    let (app, user) = TestApp::with_user().await;
    let other = format!("{NEW}, or another");
    let (one, two) = tokio::join!(change(&app, &user, PASSWORD, NEW), change(&app, &user, PASSWORD, &other));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let opens = [login(&app, NEW).await.status == 200, login(&app, &other).await.status == 200];
    assert_eq!(opens, [one.status == 200, two.status == 200]);
}
