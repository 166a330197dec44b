//! What a thief gets who copied a refresh token, and what a forger gets who did not.

use crate::support::{Answer, TestApp, User, hours, minutes, secs};
use counterfoil::{
    server::{
        auth::refresh_token::RefreshKeys,
        entropy::SystemEntropy,
        id::SessionId,
        secret::Secret,
        store::{AccountStore, EventStore},
    },
    shared::{Code, Email, EventKind},
};

async fn events(app: &TestApp, user: &User) -> Vec<EventKind> {
    let account = app.store.credentials(&Email::parse(&user.email).unwrap()).await.unwrap().unwrap().account;
    app.store.events(Some(account.id), 10).await.unwrap().into_iter().map(|event| event.kind).collect()
}

/// The session is over for everybody who holds a token of it.
async fn assert_over(app: &TestApp, holders: &[&User]) {
    for holder in holders {
        let mut holder = (*holder).clone();
        holder.me(app).await.assert_problem(Code::TokenRevoked);
        let problem = holder.try_refresh(app).await.assert_problem(Code::SessionRevoked);
        assert_eq!(problem["reason"], "refresh_token_reused");
    }
}

#[tokio::test]
async fn a_grandparent_replayed_after_the_window_ends_the_whole_session() {
    let (app, first) = TestApp::with_user().await;
    let mut second = first.clone();
    second.refresh(&app).await;
    let mut third = second.clone();
    third.refresh(&app).await;
    app.advance(secs(11));
    let answer = first.clone().try_refresh(&app).await;
    answer.assert_problem(Code::RefreshTokenReused);
    assert_eq!(answer.removed_cookies(), [first.jar.only().name.clone()]);
    assert_over(&app, &[&first, &second, &third]).await;
}

#[tokio::test]
async fn a_parent_replayed_after_its_successor_was_used_ends_the_session() {
    let (app, thief) = TestApp::with_user().await;
    let mut owner = thief.clone();
    owner.refresh(&app).await;
    owner.me(&app).await.assert_ok();
    app.advance(secs(11));
    thief.clone().try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
    assert_over(&app, &[&owner, &thief]).await;
}

#[tokio::test]
async fn a_thief_who_rotated_first_is_thrown_out_when_the_owner_comes_back() {
    let (app, owner) = TestApp::with_user().await;
    let mut thief = owner.clone();
    app.advance(minutes(4));
    thief.refresh(&app).await;
    thief.me(&app).await.assert_ok();
    app.advance(minutes(4));
    thief.refresh(&app).await;
    thief.me(&app).await.assert_ok();
    app.advance(minutes(4));
    owner.clone().try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
    assert_over(&app, &[&thief, &owner]).await;
}

#[tokio::test]
async fn a_use_counts_after_a_restart() {
    let (mut app, thief) = TestApp::with_user().await;
    let mut owner = thief.clone();
    owner.refresh(&app).await;
    owner.me(&app).await.assert_ok();
    app.store.proof_written().await;
    app.restart().await;
    app.advance(hours(1));
    thief.clone().try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
}

#[tokio::test]
async fn reuse_is_an_event_that_the_owner_can_learn_of_once() {
    let (app, thief) = TestApp::with_user().await;
    let mut owner = thief.clone();
    owner.refresh(&app).await;
    owner.me(&app).await.assert_ok();
    app.advance(secs(11));
    for _ in 0..3 {
        thief.clone().try_refresh(&app).await;
    }
    assert_eq!(events(&app, &owner).await, [EventKind::RefreshTokenReused, EventKind::SignedIn]);
}

#[tokio::test]
async fn the_other_sessions_of_the_account_go_on() {
    let (app, thief) = TestApp::with_user().await;
    let mut elsewhere = thief.elsewhere(&app).await;
    let mut owner = thief.clone();
    owner.refresh(&app).await;
    owner.me(&app).await.assert_ok();
    app.advance(secs(11));
    thief.clone().try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
    elsewhere.me(&app).await.assert_ok();
    elsewhere.refresh(&app).await;
}

async fn refresh_with(app: &TestApp, user: &User, token: &str) -> Answer {
    app.post("/auth/refresh").header("cookie", format!("{}={token}", user.jar.only().name)).send().await
}

#[tokio::test]
async fn forged_and_damaged_tokens_change_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    let token = user.refresh_token();
    let flipped = |index: usize| {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let (cut, long) = (token[..token.len() - 1].to_owned(), format!("{token}A"));
    let forged = [
        String::new(),
        "x".into(),
        "cf1_".into(),
        cut,
        long,
        flipped(0),
        flipped(10),
        flipped(30),
        flipped(60),
        flipped(94),
        format!("\"{token}\""),
        token.to_uppercase(),
        user.token.clone(),
    ];
    for text in forged {
        let answer = refresh_with(&app, &user, &text).await;
        answer.assert_problem(Code::InvalidRefreshToken);
        assert!(answer.set_cookies().is_empty(), "{text}");
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn every_kind_of_refused_token_gets_one_and_the_same_answer() {
    let (app, user) = TestApp::with_user().await;
    let tag_flipped = format!("{}A", &user.refresh_token()[..94]);
    let stranger = RefreshKeys::derive(&Secret::from_bytes(&[9; 32]));
    let foreign = stranger.encode(&stranger.first(SessionId::from_bytes([7; 16]), &SystemEntropy));
    let mut bodies = Vec::new();
    for token in ["garbage", &tag_flipped, &foreign] {
        bodies.push(refresh_with(&app, &user, token).await.text());
    }
    bodies.push(refresh_with(&app, &user, &user.token).await.text());
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_session_that_is_not_in_the_store_gets_no_token() {
    let (app, user) = TestApp::with_user().await;
    let keys = &app.state.sessions.refresh_keys;
    let token = keys.encode(&keys.first(SessionId::from_bytes([7; 16]), &SystemEntropy));
    refresh_with(&app, &user, &token).await.assert_problem(Code::InvalidRefreshToken);
}

#[tokio::test]
async fn a_secret_that_does_not_meet_the_hash_ends_nothing_even_with_a_good_tag() {
    let (app, mut user) = TestApp::with_user().await;
    user.refresh(&app).await;
    let keys = &app.state.sessions.refresh_keys;
    let id = keys.decode(&user.refresh_token()).unwrap().session_id();
    let older = keys.first(id, &SystemEntropy);
    let same_age = keys.successor(&older);
    for forged in [keys.encode(&older), keys.encode(&same_age)] {
        let answer = refresh_with(&app, &user, &forged).await;
        answer.assert_problem(Code::InvalidRefreshToken);
        assert!(answer.set_cookies().is_empty());
        let logout = app.post("/auth/logout").header("cookie", format!("{}={}", user.jar.only().name, *forged));
        logout.send().await.assert_ok();
    }
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn without_a_cookie_there_is_no_session_in_this_browser() {
    let app = TestApp::new().await;
    let answer = app.post("/auth/refresh").send().await;
    answer.assert_problem(Code::MissingRefreshToken);
    assert!(answer.set_cookies().is_empty());
}

#[tokio::test]
async fn an_access_token_does_not_refresh_and_a_refresh_token_opens_nothing() {
    let (app, user) = TestApp::with_user().await;
    app.post("/auth/refresh").bearer(&user.token).send().await.assert_problem(Code::MissingRefreshToken);
    app.get("/api/me").bearer(&user.refresh_token()).send().await.assert_problem(Code::InvalidToken);
    let cookie = format!("{}={}", user.jar.only().name, user.refresh_token());
    app.get("/api/me").header("cookie", cookie).send().await.assert_problem(Code::MissingToken);
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_password() {
    let (mut app, mut user) = TestApp::with_user().await;
    let before = user.clone();
    user.refresh(&app).await;
    let database = app.database().await;
    for secret in [&before.refresh_token(), &user.refresh_token(), &before.token, &user.token, crate::support::PASSWORD]
    {
        assert!(!contains(&database, secret.as_bytes()), "{secret}");
        let inner = &secret.as_bytes()[secret.len() / 2..];
        assert!(!contains(&database, inner), "a part of {secret}");
    }
    assert!(contains(&database, b"alice@example.com"), "the dump is the database");
    assert!(contains(&database, b"$2b$04$"), "passwords are bcrypt");
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
