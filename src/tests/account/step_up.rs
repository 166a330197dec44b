//! A password given a short time ago (RFC 9470).

use super::step_up;
use crate::support::{Answer, START, TestApp, minutes, secs};
use counterfoil::{server::store::SessionStore, shared::Code};
use serde_json::json;

#[tokio::test]
async fn signing_in_counts_for_five_minutes_and_refreshing_does_not_prolong_it() {
    let (app, mut user) = TestApp::with_user().await;
    assert_eq!(user.me(&app).await.json()["step_up_until"], (START + minutes(5)).as_secs());
    app.advance(minutes(4));
    user.refresh(&app).await;
    app.advance(secs(59));
    user.elsewhere(&app).await;
    user.post(&app, "/api/sessions/revoke-all").send().await.assert_ok();

    let (app, mut user) = TestApp::with_user().await;
    app.advance(minutes(4));
    user.refresh(&app).await;
    app.advance(minutes(1));
    let answer = user.post(&app, "/api/sessions/revoke-all").send().await;
    let problem = answer.assert_problem(Code::InsufficientUserAuthentication);
    assert_eq!(problem["max_age"], 300);
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn the_password_opens_it_again_for_five_minutes() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(10));
    let answer = step_up(&app, &user).await;
    assert_eq!(answer.assert_ok().json(), json!({ "step_up_until": (START + minutes(15)).as_secs() }));
    assert_eq!(user.me(&app).await.json()["step_up_until"], (START + minutes(15)).as_secs());
    app.advance(minutes(4));
    user.post(&app, "/api/sessions/revoke-all").send().await.assert_ok();
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_ends_nothing() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(5));
    for password in ["wrong", "", &"x".repeat(2000)] {
        let answer = user.post(&app, "/api/step-up").json(&json!({ "password": password })).send().await;
        answer.assert_problem(Code::InvalidCredentials);
    }
    user.post(&app, "/api/sessions/revoke-all").send().await.assert_problem(Code::InsufficientUserAuthentication);
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn it_opens_one_session_and_not_the_account() {
    let (app, user) = TestApp::with_user().await;
    let elsewhere = user.elsewhere(&app).await;
    app.advance(minutes(5));
    step_up(&app, &user).await.assert_ok();
    let answer: Answer = elsewhere.post(&app, "/api/sessions/revoke-all").send().await;
    answer.assert_problem(Code::InsufficientUserAuthentication);
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_opened() {
    let (app, mut user) = TestApp::with_user().await;
    user.logout(&app).await;
    step_up(&app, &user).await.assert_problem(Code::TokenRevoked);
    let id = user.session_id().parse().unwrap();
    assert!(!app.store.step_up(id, START + minutes(1)).await.unwrap());
}
