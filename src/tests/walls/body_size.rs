//! The bound of a body (SECURITY N-01).

use super::AUTH_CALLS;
use crate::support::{PASSWORD, TestApp};
use axum::body::Body;
use bytes::Bytes;
use counterfoil::shared::Code;
use futures::stream;
use serde_json::json;
use std::{convert::Infallible, sync::Arc, sync::atomic::AtomicUsize, sync::atomic::Ordering};

const LIMIT: usize = 16 * 1024;

/// A sign-in whose body has this many bytes.
fn padded(email: &str, length: usize) -> String {
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    format!("{body}{}", " ".repeat(length - body.len()))
}

#[tokio::test]
async fn the_last_byte_that_is_allowed_is_allowed() {
    let (app, user) = TestApp::with_user().await;
    app.post("/auth/login").body(padded(&user.email, LIMIT)).send().await.assert_ok();
    app.post("/auth/login").body(padded(&user.email, LIMIT + 1)).send().await.assert_problem(Code::BodyTooLarge);
}

#[tokio::test]
async fn a_length_that_is_too_large_is_refused_before_a_byte_is_read() {
    let (app, mut user) = TestApp::with_user().await;
    for path in AUTH_CALLS.into_iter().chain(["/api/me", "/", "/nowhere"]) {
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let call = app.post(path).cookies(&user.jar).body(never).header("content-length", "8388608");
        let answer = call.send().await;
        answer.assert_problem(Code::BodyTooLarge);
        assert_eq!(answer.header("connection"), Some("close"));
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_off_at_the_bound() {
    let (app, mut user) = TestApp::with_user().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let endless = stream::repeat_with(move || {
        count.fetch_add(1024, Ordering::SeqCst);
        Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1024]))
    });
    let answer = app.post("/auth/refresh").cookies(&user.jar).body(Body::from_stream(endless)).send().await;
    answer.assert_problem(Code::BodyTooLarge);
    assert!(sent.load(Ordering::SeqCst) <= LIMIT + 2048, "{}", sent.load(Ordering::SeqCst));
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_bound_holds_where_no_body_is_read() {
    let app = TestApp::new().await;
    let body = " ".repeat(LIMIT + 1);
    app.get("/").body(body.clone()).send().await.assert_problem(Code::BodyTooLarge);
    app.get("/healthz").body(body).send().await.assert_problem(Code::BodyTooLarge);
}
