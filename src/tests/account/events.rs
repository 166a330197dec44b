//! What happened to an account, told to its owner.

use super::{events, kinds};
use crate::support::{Mood, TestApp, User, secs};
use counterfoil::shared::Code;

#[tokio::test]
async fn they_are_told_newest_first() {
    let (app, user) = TestApp::with_user().await;
    app.advance(secs(1));
    let mut other = user.elsewhere(&app).await;
    app.advance(secs(1));
    other.logout(&app).await;
    assert_eq!(kinds(&app, &user).await, ["signed_out", "signed_in", "signed_in"]);
}

#[tokio::test]
async fn a_replay_is_told() {
    let (app, mut user) = TestApp::with_user().await;
    let mut thief = user.clone();
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
    app.advance(secs(30));
    thief.try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
    let back = user.elsewhere(&app).await;
    assert_eq!(kinds(&app, &back).await[..2], ["signed_in", "refresh_token_reused"]);
}

#[tokio::test]
async fn nobody_is_told_of_others() {
    let (app, alice) = TestApp::with_user().await;
    let bob = User::register(&app, "bob@example.com").await;
    assert_eq!(events(&app, &bob).await.len(), 1);
    assert_eq!(events(&app, &alice).await.len(), 1);
}

#[tokio::test]
async fn what_did_not_happen_is_not_told() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Gone);
    let answer = app.post("/auth/logout").cookies(&user.jar).bearer(&user.token).send().await;
    answer.assert_problem(Code::Unavailable);
    app.store.set_mood(Mood::Well);
    assert_eq!(kinds(&app, &user).await, ["signed_in"]);
    user.refresh(&app).await;
}
