//! A change of role takes effect at once (SECURITY K-06).

use crate::support::{PASSWORD, TestApp, User, secs, segments};
use counterfoil::{
    server::{auth::administration::Actor, id::UserId, store::model::ClientInfo},
    shared::{Code, Role},
};
use std::time::Duration;
use zeroize::Zeroizing;

async fn set_role(app: &TestApp, user: &User, role: Role) {
    let id: UserId = segments(&user.token).1["sub"].as_str().unwrap().parse().unwrap();
    app.state.administration.set_role(id, role, Actor::default()).await.unwrap();
}

#[tokio::test]
async fn access_tokens_with_the_old_role_are_refused_at_once() {
    let (app, user) = TestApp::with_user().await;
    set_role(&app, &user, Role::Admin).await;
    user.me(&app).await.assert_problem(Code::TokenRevoked);
    let problem = user.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "role_changed");
}

#[tokio::test]
async fn every_session_of_the_account_ends_and_nobody_elses() {
    let (app, user) = TestApp::with_user().await;
    let elsewhere = user.elsewhere(&app).await;
    let bob = User::register(&app, "bob@example.com").await;
    set_role(&app, &user, Role::Admin).await;
    elsewhere.me(&app).await.assert_problem(Code::TokenRevoked);
    bob.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_restart_does_not_bring_the_old_role_back() {
    let (mut app, user) = TestApp::with_user().await;
    set_role(&app, &user, Role::Admin).await;
    app.restart().await;
    user.me(&app).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn after_the_next_sign_in_the_role_is_the_new_one() {
    let (app, user) = TestApp::with_user().await;
    set_role(&app, &user, Role::Admin).await;
    app.advance(secs(1));
    let elsewhere = user.elsewhere(&app).await;
    assert_eq!(elsewhere.me(&app).await.assert_ok().json()["role"], "admin");
    assert_eq!(segments(&elsewhere.token).1["role"], "admin");
}

#[tokio::test]
async fn a_sign_in_right_after_the_change_is_not_refused() {
    let (app, user) = TestApp::with_user().await;
    app.advance(Duration::from_millis(400));
    set_role(&app, &user, Role::Admin).await;
    app.advance(Duration::from_millis(100));
    let elsewhere = user.elsewhere(&app).await;
    elsewhere.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_sign_in_that_was_under_way_does_not_keep_the_old_role() {
    let (app, user) = TestApp::with_user().await;
    let other = User::register(&app, "other@example.com").await;
    set_role(&app, &other, Role::Admin).await;
    set_role(&app, &user, Role::Admin).await;
    app.advance(secs(2));
    let password = Zeroizing::new(PASSWORD.to_owned());
    let attempt = app.state.throttle.attempt(&user.email, None, ClientInfo::default()).await.unwrap();
    let account = app.state.accounts.authenticate(&user.email, password, attempt).await.unwrap();
    set_role(&app, &user, Role::User).await;
    app.advance(secs(1));
    let answer = app.state.sessions.begin(&account, &[], ClientInfo::default()).await;
    let Ok(answer) = answer else { return };
    let token = answer.body.unwrap().access_token;
    let me = app.get("/api/me").bearer(token.expose()).send().await;
    assert!(me.status == 401 || segments(token.expose()).1["role"] == "user", "{}", me.text());
}
