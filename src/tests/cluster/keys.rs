//! Nodes whose key files differ: no key signs that another node lacks, and a node that cannot read the tokens of the
//! others takes no requests.

use super::{Site, ready, until};
use crate::support::{TestApp, User, minutes, segments};
use counterfoil::server::{
    auth::{key_feed::KeyFeed, signing_key::SigningAlgorithm::Hs256},
    clock::Clock,
    cluster::Cluster,
};

fn kid(user: &User) -> String {
    segments(&user.token).0["kid"].as_str().unwrap().to_owned()
}

/// Lets a node notice that its key file has changed.
fn look(node: &TestApp) {
    KeyFeed::new(node.state.settings.key_file(), node.keys().clone()).look();
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
