//! A node that hears nothing of the others refuses access tokens, or accepts them if it was told to.

use super::{Site, ready, until, until_status};
use crate::support::{TestApp, User};
use counterfoil::shared::Code;

async fn user(node: &TestApp) -> User {
    User::register(node, "alice@example.com").await
}

#[tokio::test]
async fn a_silent_redis_makes_a_node_refuse_and_say_so_until_it_is_heard_again() {
    let Some(mut site) = Site::new() else { return };
    let node = site.join(&[]).await;
    let mut user = user(&node).await;
    site.redis.pause();
    user.me(&node).await.assert_ok();
    until_status(503, async || user.me(&node).await).await.assert_problem(Code::Unavailable);
    assert_eq!(ready(&node).await, 503);
    user.refresh(&node).await;
    node.get("/healthz").send().await.assert_ok();
    node.get("/api/me").bearer("nonsense").send().await.assert_problem(Code::InvalidToken);
    site.redis.resume();
    until_status(200, async || user.me(&node).await).await;
    assert_eq!(ready(&node).await, 200);
}

#[tokio::test]
async fn a_node_that_was_told_to_allow_goes_on() {
    let Some(mut site) = Site::new() else { return };
    let node = site.join(&["--denylist-blind", "allow"]).await;
    let mut user = user(&node).await;
    site.redis.stop();
    until("the node is blind", async || node.state.sessions.revocation.denylist.is_blind()).await;
    user.me(&node).await.assert_ok();
    assert_eq!(ready(&node).await, 200);
    let thief = user.clone();
    user.logout(&node).await;
    thief.me(&node).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn a_node_is_not_ready_before_it_has_read_everything() {
    let Some(mut site) = Site::new() else { return };
    let user = user(&site.join(&[]).await).await;
    site.redis.stop();
    let node = site.start(&[]).await;
    until("the node has begun", async || ready(&node).await == 503).await;
    user.me(&node).await.assert_problem(Code::Unavailable);
    site.redis.restart();
    until("the node is ready", async || ready(&node).await == 200).await;
    user.me(&node).await.assert_ok();
}

#[tokio::test]
async fn a_node_that_stops_says_so() {
    let node = TestApp::new().await;
    assert_eq!(ready(&node).await, 200);
    node.state.readiness.stop();
    assert_eq!(ready(&node).await, 503);
    node.get("/healthz").send().await.assert_ok();
}
