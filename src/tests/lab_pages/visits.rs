//! What a visitor can do, how long it lasts, and what stands in front of it.

use super::{Visitor, failed_line};
use crate::support::{PostgresDatabase, TestApp, hours};
use counterfoil::shared::Code;
use serde_json::json;

#[tokio::test]
async fn a_refresh_rotates_and_its_repeat_gives_the_same_token_again() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let first = visitor.sign_in("user").await;
    let second = visitor.refresh(&first["refresh_token"]).await.assert_ok().json();
    let again = visitor.refresh(&first["refresh_token"]).await.assert_ok().json();
    assert_eq!(second["family"]["generation"], 1);
    assert_eq!(second["refresh_token"], again["refresh_token"]);
    assert_eq!(second["family"]["stub"], again["family"]["stub"]);
}

#[tokio::test]
async fn a_replay_after_the_grace_period_ends_the_session() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let first = visitor.sign_in("user").await;
    let second = visitor.refresh(&first["refresh_token"]).await.assert_ok().json();
    visitor.present(&second["access_token"]).await;
    visitor.wait(11);
    visitor.refresh(&first["refresh_token"]).await.assert_problem(Code::RefreshTokenReused);
    visitor.refresh(&second["refresh_token"]).await.assert_problem(Code::SessionRevoked);
    assert_eq!(failed_line(&visitor.present(&second["access_token"]).await), Some("denylist"));
    let family = visitor.ask("family", json!({ "refresh_token": second["refresh_token"] })).await.json();
    assert_eq!((&family["ended"], &family["proven"]), (&json!("refresh_token_reused"), &json!(true)));
}

#[tokio::test]
async fn a_lost_reply_is_recovered_however_late() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let first = visitor.sign_in("user").await;
    let lost = visitor.refresh(&first["refresh_token"]).await.assert_ok().json();
    visitor.wait(20 * 60);
    let recovered = visitor.refresh(&first["refresh_token"]).await.assert_ok().json();
    assert_eq!(recovered["refresh_token"], lost["refresh_token"]);
}

#[tokio::test]
async fn the_guard_lets_administrators_through_and_nobody_else() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let guarded = async |role| {
        let token = visitor.sign_in(role).await["access_token"].clone();
        visitor.ask("present", json!({ "access_token": token, "guard": true })).await
    };
    guarded("user").await.assert_problem(Code::Forbidden);
    guarded("admin").await.assert_ok();
}

#[tokio::test]
async fn a_visitor_waits_alone_and_not_for_ever() {
    let app = TestApp::new().await;
    let (one, other) = (Visitor::new(&app), Visitor::new(&app));
    let token = one.sign_in("user").await["access_token"].clone();
    one.wait(16 * 60);
    assert_eq!(failed_line(&one.present(&token).await), Some("exp"));
    assert_eq!(failed_line(&other.present(&token).await), None);
    one.wait(2 * 3600);
    one.ask("present", json!({ "access_token": token })).await.assert_problem(Code::MalformedRequest);
}

#[tokio::test]
async fn a_session_ends_within_the_hour_and_is_thrown_away() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let mut tokens = visitor.sign_in("user").await;
    for _ in 0..2 {
        visitor.wait(29 * 60);
        tokens = visitor.refresh(&tokens["refresh_token"]).await.assert_ok().json();
    }
    visitor.wait(2 * 60);
    visitor.refresh(&tokens["refresh_token"]).await.assert_problem(Code::SessionExpired);
    app.advance(hours(1));
    Visitor::new(&app).sign_in("user").await;
    visitor.refresh(&tokens["refresh_token"]).await.assert_problem(Code::InvalidRefreshToken);
}

#[tokio::test]
async fn nodes_share_a_visitor() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let url = database.url();
    let nodes = [TestApp::with(&["--database-url", &url]).await, TestApp::seeded(2, &["--database-url", &url]).await];
    let [one, other] = [Visitor::new(&nodes[0]), Visitor::new(&nodes[1])];
    let first = one.sign_in("user").await;
    assert_eq!(failed_line(&other.present(&first["access_token"]).await), None);
    let second = other.refresh(&first["refresh_token"]).await.assert_ok().json();
    let again = one.refresh(&first["refresh_token"]).await.assert_ok().json();
    assert_eq!(second["refresh_token"], again["refresh_token"]);
    assert_eq!(failed_line(&one.present(&again["access_token"]).await), None);
    other.wait(11);
    other.refresh(&first["refresh_token"]).await.assert_problem(Code::RefreshTokenReused);
    assert_eq!(failed_line(&one.present(&second["access_token"]).await), Some("denylist"));
    let forged = one.ask("forge", json!({ "forgery": "other_type" })).await.assert_ok().json();
    assert_eq!(failed_line(&other.present(&forged["access_token"]).await), Some("typ"));
}

#[tokio::test]
async fn costs_are_measured_within_bounds() {
    let app = TestApp::new().await;
    let measured = app.post("/lab/api/measure").json(&json!({ "cost": 10 })).send().await;
    assert_eq!(measured.assert_ok().json()["cost"], 10);
    for cost in [4, 9, 15, 31] {
        app.post("/lab/api/measure").json(&json!({ "cost": cost })).send().await.assert_problem(Code::MalformedRequest);
    }
}

#[tokio::test]
async fn the_walls_of_the_app_stand_here_too() {
    let app = TestApp::new().await;
    for call in ["sign-in", "refresh", "family", "present", "sign-out", "forge", "measure"] {
        let path = format!("/lab/api/{call}");
        let form = app.post(&path).header("content-type", "application/x-www-form-urlencoded").body("role=user");
        form.send().await.assert_problem(Code::UnsupportedMediaType);
        app.post(&path).header("sec-fetch-site", "same-site").send().await.assert_problem(Code::CrossSite);
        app.post(&path).header("origin", "http://127.0.0.1:3001").send().await.assert_problem(Code::CrossSite);
        app.post(&path).header("host", "127.0.0.1:3000").send().await.assert_problem(Code::Misdirected);
        app.post(&path).body("x".repeat(16 * 1024 + 1)).send().await.assert_problem(Code::BodyTooLarge);
        app.post(&path).body("[1]").send().await.assert_problem(Code::MalformedRequest);
        app.get(&path).send().await.assert_problem(Code::MethodNotAllowed);
        let answer = app.post(&path).body("{}").send().await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("ratelimit").unwrap().starts_with("\"lab\""), "{call}");
    }
}

#[tokio::test]
async fn a_network_runs_a_thousand_calls_in_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    let call = || app.post("/lab/api/forge").peer("192.0.2.1").send();
    for _ in 0..1000 {
        call().await.assert_problem(Code::MalformedRequest);
    }
    call().await.assert_problem(Code::TooManyAttempts);
    app.post("/lab/api/forge").peer("192.0.2.2").send().await.assert_problem(Code::MalformedRequest);
}

#[tokio::test]
async fn one_cost_is_measured_at_a_time() {
    let app = TestApp::new().await;
    let measure = || app.post("/lab/api/measure").json(&json!({ "cost": 12 })).send();
    let (first, second) = tokio::join!(measure(), measure());
    first.assert_ok();
    second.assert_problem(Code::Busy);
}
