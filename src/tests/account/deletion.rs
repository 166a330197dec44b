//! The end of an account, by its owner.

use super::step_up;
use crate::support::{PASSWORD, TestApp, User, minutes};
use counterfoil::{server::store::EventStore, shared::Code};
use serde_json::json;

#[tokio::test]
async fn it_asks_for_a_fresh_password() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(5));
    let delete = || user.post(&app, "/api/account/delete").send();
    delete().await.assert_problem(Code::InsufficientUserAuthentication);
    user.me(&app).await.assert_ok();
    step_up(&app, &user).await.assert_ok();
    delete().await.assert_ok();
}

#[tokio::test]
async fn everything_ends_everywhere_at_once() {
    let (app, user) = TestApp::with_user().await;
    let mut other = user.elsewhere(&app).await;
    let answer = user.post(&app, "/api/account/delete").send().await;
    assert_eq!(answer.assert_ok().removed_cookies(), [user.jar.only().name.clone()]);
    for one in [&user, &other] {
        one.me(&app).await.assert_problem(Code::TokenRevoked);
    }
    let refused = other.try_refresh(&app).await;
    refused.assert_problem(Code::InvalidRefreshToken);
    assert_eq!(refused.removed_cookies().len(), 1);
    let credentials = json!({ "email": user.email, "password": PASSWORD });
    app.post("/auth/login").json(&credentials).send().await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn no_personal_data_stays_in_the_database() {
    let mut app = TestApp::new().await;
    let body = json!({ "email": "unmistakable@example.com", "password": PASSWORD });
    let agent = "Unmistakable/1.0";
    let answer = app.post("/auth/register").header("user-agent", agent).json(&body).send().await;
    let mut user = User::stranger("unmistakable@example.com");
    user.token = answer.access_token();
    let holds = |database: &[u8], text: &str| database.windows(text.len()).any(|window| window == text.as_bytes());
    let before = app.database().await;
    assert!(holds(&before, "unmistakable@example.com") && holds(&before, agent));
    user.post(&app, "/api/account/delete").send().await.assert_ok();
    let after = app.database().await;
    assert!(!holds(&after, "unmistakable@example.com") && !holds(&after, agent));
}

#[tokio::test]
async fn what_stays_is_an_event_without_a_name() {
    let (app, user) = TestApp::with_user().await;
    let id = user.id();
    user.post(&app, "/api/account/delete").send().await.assert_ok();
    let events = app.store.events(None, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].kind.as_str(), &*events[0].detail), ("account_deleted", &*id.to_string()));
    assert_eq!((&*events[0].client.ip, events[0].actor_id), ("", None));
    assert!(app.store.events(Some(id), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_address_is_free_again_and_its_next_owner_starts_from_nothing() {
    let (app, user) = TestApp::with_user().await;
    let id = user.id();
    user.post(&app, "/api/account/delete").send().await.assert_ok();
    let next = User::register(&app, &user.email).await;
    assert_ne!(next.id(), id);
    next.me(&app).await.assert_ok();
    assert_eq!(super::kinds(&app, &next).await, ["signed_in"]);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let first = User::admin(&app, "first@example.com").await;
    let delete = |user: &User| user.post(&app, "/api/account/delete").send();
    delete(&first).await.assert_problem(Code::LastAdmin);
    first.me(&app).await.assert_ok();
    let second = User::admin(&app, "second@example.com").await;
    delete(&first).await.assert_ok();
    delete(&second).await.assert_problem(Code::LastAdmin);
}
