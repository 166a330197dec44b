//! Redis over TLS: whoever stands between must learn nothing, and count and deny nothing.

use super::{Site, until};
use crate::support::{Certificate, RedisServer, User};
use clap::Parser;
use counterfoil::{server::config::Settings, shared::Code};
use redis::{AsyncConnectionConfig, RedisError};

const HERE: &str = "IP:127.0.0.1";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

fn settings(url: &str, authority: Option<&Certificate>) -> Settings {
    let file = authority.map(Certificate::file);
    let authority = file.iter().flat_map(|file| ["--redis-ca-file", file.to_str().unwrap()]);
    Flags::try_parse_from(["test", "--redis-url", url].into_iter().chain(authority)).unwrap().settings
}

/// Connects as a node does, however long it takes.
async fn connect(url: &str, authority: Option<&Certificate>) -> Result<(), RedisError> {
    let client = settings(url, authority).redis_server().unwrap().unwrap();
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    client.get_multiplexed_async_connection_with_config(&config).await.map(drop)
}

#[tokio::test]
async fn what_one_node_denies_is_refused_by_another() {
    let certificate = Certificate::of(HERE);
    let Some(redis) = RedisServer::start_tls(&certificate) else { return };
    let (mut site, file) = (Site::over(redis), certificate.file());
    let flags = ["--redis-ca-file", file.to_str().unwrap()];
    let (one, other) = (site.join(&flags).await, site.join(&flags).await);
    let mut user = User::register(&one, "alice@example.com").await;
    let thief = user.clone();
    user.logout(&one).await;
    until("the other node knows", async || !other.state.sessions.revocation.denylist.is_empty()).await;
    other.store.forget();
    thief.me(&other).await.assert_problem(Code::TokenRevoked);
    assert!(other.store.take().is_empty(), "it is denied");
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_is_not_talked_to() {
    let (own, other) = (Certificate::of(HERE), Certificate::of(HERE));
    let Some(redis) = RedisServer::start_tls(&own) else { return };
    let url = redis.url();
    connect(&url, Some(&own)).await.unwrap();
    assert!(connect(&url, Some(&other)).await.is_err(), "another authority");
    assert!(connect(&url, None).await.is_err(), "no authority of the web has signed it");
    assert!(connect(&format!("{url}/#insecure"), Some(&own)).await.is_err(), "no URL switches the check off");

    let elsewhere = Certificate::of("DNS:cache.example");
    let redis = RedisServer::start_tls(&elsewhere).unwrap();
    assert!(connect(&redis.url(), Some(&elsewhere)).await.is_err(), "another name");
}

#[test]
fn an_authority_without_tls_is_refused() {
    let error = settings("redis://cache.example", Some(&Certificate::of(HERE))).check().unwrap_err();
    assert_eq!(error.setting, "COUNTERFOIL_REDIS_CA_FILE");
}
