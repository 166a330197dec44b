//! What the lab makes is worth nothing to the real site, and the other way round.

use super::support::TestLab;
use crate::support::{TestApp, User};
use counterfoil::shared::Code;

#[tokio::test]
async fn the_app_refuses_a_token_of_the_lab() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let token = lab.token(&id).await;
    assert_eq!(
        lab.bank("GET", &format!("/{id}/api/me"), &[("authorization", &format!("Bearer {token}"))]).await.status(),
        200
    );
    let app = TestApp::new().await;
    app.get("/api/me").bearer(&token).send().await.assert_problem(Code::InvalidToken);
}

#[tokio::test]
async fn the_lab_refuses_a_token_of_the_app() {
    let app = TestApp::new().await;
    let user = User::register(&app, "alice@example.com").await;
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let authorization = format!("Bearer {}", user.token);
    let answer = lab.bank("GET", &format!("/{id}/api/me"), &[("authorization", &authorization)]).await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn a_token_of_one_lab_is_worth_nothing_in_another() {
    let lab = TestLab::new().await;
    let (one, other) =
        (lab.begin("local-storage", "xss-reads", &[]).await, lab.begin("local-storage", "xss-reads", &[]).await);
    let authorization = format!("Bearer {}", lab.token(&one).await);
    let status = async |id: &str| {
        lab.bank("GET", &format!("/{id}/api/me"), &[("authorization", &authorization)]).await.status().as_u16()
    };
    assert_eq!((status(&one).await, status(&other).await), (200, 401));
}
