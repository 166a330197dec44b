//! Nodes whose key files differ: no key signs that another node lacks, and a node that cannot read the tokens of the
//! others takes no requests.

use super::{Site, ready, until};
use crate::support::{Forger, TestApp, User, minutes, segments};
use counterfoil::{
    server::{
        auth::{
            key_feed::KeyFeed,
            signing_key::SigningAlgorithm::{EdDsa, Hs256},
        },
        clock::Clock,
        cluster::Cluster,
    },
    shared::Code,
};
use serde_json::Value;

const JWKS: &str = "/.well-known/jwks.json";
const EDDSA: [&str; 2] = ["--access-token-algorithm", "eddsa"];

fn kid(user: &User) -> String {
    segments(&user.token).0["kid"].as_str().unwrap().to_owned()
}

/// Lets a node notice that its key file has changed.
fn look(node: &TestApp) {
    KeyFeed::new(node.state.settings.key_file(), node.keys().clone()).look();
}

async fn jwks(node: &TestApp) -> Value {
    node.get(JWKS).send().await.json()
}

fn cluster(node: &TestApp) -> &Cluster {
    node.state.cluster.as_ref().unwrap()
}

#[tokio::test]
async fn a_rotated_key_signs_when_every_node_has_it() {
    let Some((_site, one, other)) = Site::pair(&[]).await else { return };
    let mut user = User::register(&one, "alice@example.com").await;
    let old = kid(&user);
    until("they hear each other", async || cluster(&one).others() == 1 && cluster(&other).others() == 1).await;
    one.rotate_key(Hs256, true);
    user.refresh(&one).await;
    assert_eq!(kid(&user), old, "the other node could not read its tokens");
    until("the difference is seen", async || cluster(&one).with_other_keys() == 1).await;
    until("on both sides", async || cluster(&other).with_other_keys() == 1).await;
    assert_eq!((ready(&one).await, ready(&other).await), (200, 200));
    look(&other);
    until("the new key signs", async || one.keys().signer_id(one.clock.now()) != old).await;
    user.refresh(&one).await;
    assert_ne!(kid(&user), old);
    user.me(&other).await.assert_ok();
    until("there is no difference", async || cluster(&one).with_other_keys() == 0).await;
}

#[tokio::test]
async fn a_node_without_the_key_that_another_signs_with_is_not_ready() {
    let Some((_site, one, other)) = Site::pair(&[]).await else { return };
    until("they hear each other", async || cluster(&one).others() == 1).await;
    one.rotate_key(Hs256, false);
    one.advance(minutes(7));
    until("the new key signs, for the old one is over", async || ready(&other).await == 503).await;
    assert_eq!(ready(&one).await, 200);
    look(&other);
    until("the node has it too", async || ready(&other).await == 200).await;
}

#[tokio::test]
async fn the_nodes_publish_the_same_keys_before_the_new_one_signs() {
    let Some((_site, one, other)) = Site::pair(&EDDSA).await else { return };
    let mut user = User::register(&one, "alice@example.com").await;
    let old = kid(&user);
    until("they hear each other", async || cluster(&one).others() == 1).await;
    one.rotate_key(EdDsa, true);
    assert_ne!(jwks(&one).await, jwks(&other).await);
    user.refresh(&one).await;
    assert_eq!(kid(&user), old, "whoever asks the other node could not verify the new key's tokens");
    look(&other);
    let published = jwks(&one).await;
    assert_eq!(published, jwks(&other).await);
    until("the new key signs", async || one.keys().signer_id(one.clock.now()) != old).await;
    user.refresh(&one).await;
    assert!(published["keys"].as_array().unwrap().iter().any(|key| key["kid"] == kid(&user)), "{published}");
}

#[tokio::test]
async fn a_node_says_that_it_cannot_read_the_tokens_of_a_key_that_it_lacks_and_not_that_they_are_bad() {
    let Some((_site, one, other)) = Site::pair(&EDDSA).await else { return };
    let mut user = User::register(&one, "alice@example.com").await;
    let before = user.clone();
    until("they hear each other", async || cluster(&one).others() == 1).await;
    one.rotate_key(EdDsa, false);
    for node in [&one, &other] {
        node.advance(minutes(7));
    }
    until("the new key signs, for the old one is over", async || ready(&other).await == 503).await;
    user.refresh(&one).await;
    user.me(&one).await.assert_ok();
    user.me(&other).await.assert_problem(Code::Unavailable);
    other.get(JWKS).send().await.assert_problem(Code::Unavailable);
    before.me(&other).await.assert_ok();
    let forger = Forger::new(&[1; 32]);
    let unknown = forger.sign(&forger.header(), &Forger::claims());
    other.get("/api/me").bearer(&unknown).send().await.assert_problem(Code::InvalidToken);
    look(&other);
    user.me(&other).await.assert_ok();
    assert_eq!(jwks(&one).await, jwks(&other).await);
}

#[tokio::test]
async fn a_node_that_is_gone_holds_nothing_back() {
    let Some((site, one, other)) = Site::pair(&[]).await else { return };
    let mut user = User::register(&one, "alice@example.com").await;
    let old = kid(&user);
    until("they hear each other", async || cluster(&one).others() == 1).await;
    one.rotate_key(Hs256, true);
    user.refresh(&one).await;
    assert_eq!(kid(&user), old);
    other.leave();
    until("the other is forgotten", async || cluster(&one).others() == 0).await;
    user.refresh(&one).await;
    assert_ne!(kid(&user), old);
    drop(site);
}
