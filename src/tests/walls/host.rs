//! The host of the public origin, and no other (DESIGN section 2).

use super::AUTH_CALLS;
use crate::support::{Mood, TestApp};
use counterfoil::shared::Code;

const OTHER_HOSTS: [&str; 6] =
    ["evil.example", "127.0.0.1:3000", "localhost", "localhost:3001", "localhost:3000.evil.example", "[::1]:3000"];

#[tokio::test]
async fn a_call_under_another_host_is_misdirected_and_costs_the_session_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    for host in OTHER_HOSTS {
        for path in AUTH_CALLS {
            let answer = app.post(path).cookies(&user.jar).header("host", host).send().await;
            answer.assert_problem(Code::Misdirected);
        }
        user.get(&app, "/api/me").header("host", host).send().await.assert_problem(Code::Misdirected);
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_page_under_another_host_is_sent_to_the_public_origin() {
    let app = TestApp::new().await;
    for host in OTHER_HOSTS {
        for path in ["/", "/account?tab=1", "/nowhere"] {
            let answer = app.get(path).header("host", host).send().await;
            answer.assert_status(308);
            assert_eq!(answer.header("location"), Some(&*format!("http://localhost:3000{path}")));
        }
    }
}

#[tokio::test]
async fn a_path_that_looks_like_a_host_stays_on_the_public_origin() {
    let app = TestApp::new().await;
    let answer = app.get("//evil.example/").header("host", "127.0.0.1:3000").send().await;
    let location = answer.header("location").unwrap_or_default();
    assert!(location.is_empty() || location.starts_with("http://localhost:3000/"), "{location}");
}

#[tokio::test]
async fn forwarded_hosts_are_not_listened_to() {
    let app = TestApp::new().await;
    for name in ["x-forwarded-host", "forwarded", "x-host", "x-original-host"] {
        let answer = app.get("/").header(name, "evil.example").send().await;
        answer.assert_ok();
        assert!(!answer.text().contains("evil.example"));
        let redirected = app.get("/").header("host", "127.0.0.1:3000").header(name, "evil.example").send().await;
        assert_eq!(redirected.header("location"), Some("http://localhost:3000/"));
    }
}

#[tokio::test]
async fn two_hosts_and_none_are_no_host() {
    let app = TestApp::new().await;
    app.post("/auth/refresh").also("host", "evil.example").send().await.assert_problem(Code::Misdirected);
    app.post("/auth/refresh").also("host", "localhost:3000").send().await.assert_problem(Code::Misdirected);
    app.post("/auth/refresh").without("host").send().await.assert_problem(Code::Misdirected);
}

#[tokio::test]
async fn the_host_is_in_any_case() {
    let app = TestApp::new().await;
    app.get("/").header("host", "LOCALHOST:3000").send().await.assert_ok();
}

#[tokio::test]
async fn machines_may_ask_under_any_host() {
    let app = TestApp::new().await;
    for path in ["/healthz", "/readyz", "/.well-known/jwks.json"] {
        app.get(path).header("host", "10.0.0.7").send().await.assert_ok();
    }
}

#[tokio::test]
async fn there_is_no_key_in_the_public_key_set() {
    let app = TestApp::new().await;
    let answer = app.get("/.well-known/jwks.json").send().await;
    assert_eq!(answer.assert_ok().json(), serde_json::json!({ "keys": [] }));
}

#[tokio::test]
async fn not_ready_is_503_while_the_store_is_gone() {
    let app = TestApp::new().await;
    app.store.set_mood(Mood::Gone);
    app.get("/readyz").send().await.assert_problem(Code::Unavailable);
    app.get("/healthz").send().await.assert_ok();
    app.store.set_mood(Mood::Well);
    app.get("/readyz").send().await.assert_ok();
}
