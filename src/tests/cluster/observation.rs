//! What an operator sees of the other nodes.

use super::{Site, until};
use crate::support::{RedisServer, START, SeededEntropy, ServerProcess, Socket, free_address, request_text};
use counterfoil::server::{
    auth::{
        denylist::{Denial, Denied},
        revocation::Herald,
    },
    cluster::Cluster,
    id::SessionId,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use redis::Client;

#[tokio::test]
async fn a_clock_that_is_not_that_of_redis_is_seen() {
    let Some(mut site) = Site::new() else { return };
    let node = site.join(&[]).await;
    let cluster = node.state.cluster.clone().unwrap();
    until("the test's clock, which stands still, is seen to be off", async || cluster.is_clock_off()).await;
}

#[tokio::test]
async fn the_metrics_say_how_the_nodes_stand_and_when_redis_is_away() {
    let Some(mut redis) = RedisServer::start() else { return };
    let (metrics, url) = (free_address(), redis.url());
    let node = ServerProcess::start(&[
        "--metrics-listen",
        &metrics.to_string(),
        "--redis-url",
        &url,
        "--denylist-blind-after",
        "2s",
    ]);
    let has = async |line: &str| {
        let reply = Socket::exchange(metrics, &request_text("GET", "/metrics", &[], "")).await;
        reply.body.lines().any(|other| other == line)
    };
    until("the link is whole", async || has("counterfoil_denylist_blind 0").await).await;
    assert!(has("counterfoil_other_nodes 0").await && has("counterfoil_clock_off 0").await);
    let sign_in = request_text("POST", "/auth/login", &[], r#"{"email":"nobody@example.com","password":"none"}"#);
    assert_eq!(node.send(&sign_in).await.status, 401);
    assert!(has("counterfoil_limiter_fallbacks_total 0").await);
    redis.stop();
    until("it is blind", async || has("counterfoil_denylist_blind 1").await).await;
    assert!(!has("counterfoil_redis_failures_total 0").await);
    assert_eq!(node.send(&sign_in).await.status, 401);
    assert!(!has("counterfoil_limiter_fallbacks_total 0").await);
    until("the time is counted", async || !has("counterfoil_denylist_blind_seconds_total 0").await).await;
}

#[test]
fn a_revocation_that_no_other_node_can_be_told_of_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let client = Client::open("redis://127.0.0.1:1").unwrap();
    let cluster = Cluster::new(client, "test", &SeededEntropy::new(1));
    let denial = Denial { subject: Denied::Session(SessionId::from_bytes([1; 16])), expires_at: START };
    let failures = |denials: &[Denial]| {
        metrics::with_local_recorder(&recorder, || cluster.announce(denials, START));
        recorder.handle().render().contains("counterfoil_redis_failures_total 1")
    };
    assert!(!failures(&[]), "there was nothing to tell");
    assert!(failures(&[denial]));
}
