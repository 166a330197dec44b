//! Sign-out.

use crate::support::{Forger, Jar, Mood, TestApp, hours, minutes, secs};
use counterfoil::shared::Code;
use serde_json::json;

#[tokio::test]
async fn every_access_token_of_the_session_dies_at_once() {
    let (app, mut user) = TestApp::with_user().await;
    let mut tokens = vec![user.token.clone()];
    for _ in 0..2 {
        app.advance(minutes(2));
        user.refresh(&app).await;
        tokens.push(user.token.clone());
    }
    let answer = user.logout(&app).await;
    assert_eq!(answer.json(), json!({}));
    for token in tokens {
        app.get("/api/me").bearer(&token).send().await.assert_problem(Code::TokenRevoked);
    }
}

#[tokio::test]
async fn the_refresh_token_dies_too_and_says_why() {
    let (app, mut user) = TestApp::with_user().await;
    let mut copy = user.clone();
    user.logout(&app).await;
    let problem = copy.try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "signed_out");
    assert!(copy.jar.names().is_empty(), "the name of an ended session is cleared");
}

#[tokio::test]
async fn the_cookie_is_cleared_with_the_attributes_that_it_was_set_with() {
    let (app, mut user) = TestApp::with_user().await;
    let name = user.jar.only().name.clone();
    let answer = user.logout(&app).await;
    assert_eq!(answer.set_cookies(), [format!("{name}=; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=0")]);
    assert!(user.jar.names().is_empty());
}

#[tokio::test]
async fn the_cookie_alone_is_enough() {
    let (app, user) = TestApp::with_user().await;
    let answer = app.post("/auth/logout").cookies(&user.jar).send().await;
    assert_eq!(answer.assert_ok().removed_cookies(), user.jar.names());
    user.me(&app).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn a_replaced_cookie_is_enough() {
    let (app, user) = TestApp::with_user().await;
    let mut tab = user.clone();
    tab.refresh(&app).await;
    tab.me(&app).await.assert_ok();
    app.advance(secs(60));
    app.post("/auth/logout").cookies(&user.jar).send().await.assert_ok();
    tab.me(&app).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn the_access_token_alone_is_enough_and_clears_the_cookie_by_name() {
    let (app, user) = TestApp::with_user().await;
    let answer = app.post("/auth/logout").bearer(&user.token).send().await;
    assert_eq!(answer.assert_ok().removed_cookies(), user.jar.names());
    user.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
}

#[tokio::test]
async fn an_expired_access_token_is_enough() {
    let (app, user) = TestApp::with_user().await;
    app.advance(hours(2));
    app.post("/auth/logout").bearer(&user.token).send().await.assert_ok();
    user.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
}

#[tokio::test]
async fn without_any_session_there_is_nothing_to_do_and_that_is_fine() {
    let app = TestApp::new().await;
    for call in [app.post("/auth/logout"), app.post("/auth/logout").body("")] {
        let answer = call.send().await;
        assert_eq!(answer.assert_ok().json(), json!({}));
        assert!(answer.set_cookies().is_empty());
    }
}

#[tokio::test]
async fn twice_is_as_good_as_once() {
    let (app, mut user) = TestApp::with_user().await;
    let again = user.clone();
    user.logout(&app).await;
    app.post("/auth/logout").cookies(&again.jar).bearer(&again.token).send().await.assert_ok();
    app.post("/auth/logout").send().await.assert_ok();
}

#[tokio::test]
async fn forged_tokens_end_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    let stranger = Forger::new(&[9; 32]);
    let forged = stranger.with_claim(&user.token, "exp", json!(1_800_000_899));
    let answer = app.post("/auth/logout").bearer(&forged).send().await;
    assert!(answer.assert_ok().set_cookies().is_empty());
    let mut jar = Jar::default();
    jar.plant(&user.jar.only().name, "cf1_forged");
    app.post("/auth/logout").cookies(&jar).send().await.assert_ok();
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_other_sessions_of_the_account_go_on() {
    let (app, mut user) = TestApp::with_user().await;
    let mut elsewhere = user.elsewhere(&app).await;
    user.logout(&app).await;
    elsewhere.me(&app).await.assert_ok();
    elsewhere.refresh(&app).await;
}

#[tokio::test]
async fn a_restart_forgets_no_sign_out() {
    let (mut app, mut user) = TestApp::with_user().await;
    let copy = user.clone();
    user.logout(&app).await;
    app.restart().await;
    copy.me(&app).await.assert_problem(Code::TokenRevoked);
    copy.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
}

#[tokio::test]
async fn when_the_store_is_gone_the_answer_is_503_and_the_cookie_stays() {
    let (app, user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Gone);
    let answer = app.post("/auth/logout").cookies(&user.jar).bearer(&user.token).send().await;
    answer.assert_problem(Code::Unavailable);
    assert!(answer.set_cookies().is_empty());
}
