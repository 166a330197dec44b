//! What each call costs the store (DESIGN sections 3 and 4): a page load is one refresh, and a refresh is one read
//! and one write.

use crate::support::{Jar, TestApp, minutes};
use counterfoil::shared::Code;
use serde_json::json;

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn a_refresh_is_one_read_and_one_write() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.forget();
    user.refresh(&app).await;
    assert_eq!(app.store.take(), ["sessions", "rotate"]);
}

#[tokio::test]
async fn a_repeat_is_one_read() {
    let (app, mut user) = TestApp::with_user().await;
    user.clone().refresh(&app).await;
    app.store.forget();
    user.refresh(&app).await;
    assert_eq!(app.store.take(), ["sessions"]);
}

#[tokio::test]
async fn garbage_for_a_refresh_token_costs_nothing() {
    let (app, user) = TestApp::with_user().await;
    let mut jar = Jar::default();
    jar.plant("__Http-refresh-00000000", "garbage");
    jar.plant("__Http-refresh-00000001", &format!("{}A", &user.refresh_token()[..94]));
    app.store.forget();
    app.post("/auth/refresh").cookies(&jar).send().await.assert_problem(Code::InvalidRefreshToken);
    app.post("/auth/refresh").send().await.assert_problem(Code::MissingRefreshToken);
    assert_eq!(app.store.take(), NOTHING);
}

#[tokio::test]
async fn a_sign_in_is_one_read_and_one_write() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.forget();
    user.login(&app).await;
    assert_eq!(app.store.take(), ["credentials", "begin_session"]);
}

#[tokio::test]
async fn a_sign_up_is_two_writes() {
    let app = TestApp::new().await;
    let body = json!({ "email": "alice@example.com", "password": crate::support::PASSWORD });
    app.post("/auth/register").json(&body).send().await.assert_ok();
    assert_eq!(app.store.take(), ["create_account", "begin_session"]);
}

#[tokio::test]
async fn a_sign_out_is_one_read_and_one_write_and_without_a_session_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.forget();
    app.post("/auth/logout").send().await.assert_ok();
    assert_eq!(app.store.take(), NOTHING);
    user.logout(&app).await;
    assert_eq!(app.store.take(), ["sessions", "end_session"]);
}

#[tokio::test]
async fn verifying_an_access_token_costs_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    let expired = user.token.clone();
    app.advance(minutes(16));
    user.refresh(&app).await;
    let live = user.token.clone();
    user.logout(&app).await;
    app.store.forget();
    app.get("/api/me").send().await.assert_problem(Code::MissingToken);
    app.get("/api/me").bearer("garbage").send().await.assert_problem(Code::InvalidToken);
    app.get("/api/me").bearer(&format!("{live}A")).send().await.assert_problem(Code::InvalidToken);
    app.get("/api/me").bearer(&expired).send().await.assert_problem(Code::TokenExpired);
    app.get("/api/me").bearer(&live).send().await.assert_problem(Code::TokenRevoked);
    assert_eq!(app.store.take(), NOTHING);
}

#[tokio::test]
async fn each_generation_is_proven_once() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.forget();
    for _ in 0..5 {
        user.me(&app).await.assert_ok();
    }
    app.store.proof_written().await;
    let calls = app.store.take();
    assert_eq!(calls.iter().filter(|call| **call == "prove").count(), 1, "{calls:?}");
    assert_eq!(calls.iter().filter(|call| **call == "sessions").count(), 5, "{calls:?}");
    let early = user.token.clone();
    user.refresh(&app).await;
    app.store.forget();
    app.get("/api/me").bearer(&early).send().await.assert_ok();
    assert_eq!(app.store.take(), ["sessions"], "an older generation proves nothing");
}
