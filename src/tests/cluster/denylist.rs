//! What one node revokes is refused by every other.

use super::{PATIENCE, Site, until, until_status};
use crate::support::{TestApp, User};
use counterfoil::shared::Code;

/// Somebody who is signed in, and whom the node knows well.
async fn user(node: &TestApp) -> User {
    User::register(node, "alice@example.com").await
}

#[tokio::test]
async fn a_sign_out_on_one_node_is_refused_on_another_without_asking_redis_or_the_store() {
    let Some((site, one, other)) = Site::pair(&[]).await else { return };
    let mut user = user(&one).await;
    let thief = user.clone();
    thief.me(&other).await.assert_ok();
    user.logout(&one).await;
    let denylist = &other.state.sessions.revocation.denylist;
    until("the other node knows", async || !denylist.is_empty()).await;
    site.redis.pause();
    other.store.forget();
    thief.me(&other).await.assert_problem(Code::TokenRevoked);
    assert!(other.store.take().is_empty());
    site.redis.resume();
}

#[tokio::test]
async fn a_deleted_account_is_refused_on_every_node_and_so_is_a_token_by_a_clock_that_was_ahead() {
    let Some((_site, one, other)) = Site::pair(&["--step-up-life", "1h"]).await else { return };
    let owner = user(&one).await;
    other.advance(std::time::Duration::from_secs(50));
    let mut ahead = owner.clone();
    ahead.refresh(&other).await;
    owner.post(&one, "/api/account/delete").send().await.assert_ok();
    for (node, token) in [(&one, &ahead), (&other, &ahead), (&other, &owner)] {
        until("the node knows", async || !node.state.sessions.revocation.denylist.is_empty()).await;
        node.store.forget();
        token.me(node).await.assert_problem(Code::TokenRevoked);
        assert!(node.store.take().is_empty(), "it is denied");
    }
}

#[tokio::test]
async fn a_redis_that_is_restarted_empty_gets_every_denial_back() {
    let Some((mut site, one, _other)) = Site::pair(&[]).await else { return };
    let mut user = user(&one).await;
    let thief = user.clone();
    user.logout(&one).await;
    let is_shared = async |site: &Site| {
        let mut connection = site.redis.connect(PATIENCE).await;
        let mut life = redis::cmd("PTTL");
        life.arg(format!("counterfoil:denied:session:{}", thief.session_id()));
        (1..=16 * 60 * 1000).contains(&life.query_async::<i64>(&mut connection).await.unwrap())
    };
    until("the denial is in Redis", async || is_shared(&site).await).await;
    site.redis.restart();
    until("the denial is back", async || is_shared(&site).await).await;
    let late = site.join(&[]).await;
    thief.me(&late).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn what_was_denied_while_redis_was_away_is_known_everywhere_afterwards() {
    let Some((mut site, one, other)) = Site::pair(&[]).await else { return };
    let mut user = user(&one).await;
    let thief = user.clone();
    site.redis.stop();
    user.logout(&one).await;
    site.redis.restart();
    until_status(401, async || thief.me(&other).await).await.assert_problem(Code::TokenRevoked);
}

#[tokio::test]
async fn sites_with_other_prefixes_do_not_hear_each_other() {
    let Some(mut site) = Site::new() else { return };
    let (one, stranger) = (site.join(&[]).await, site.join(&["--redis-prefix", "other"]).await);
    let neighbour = site.join(&[]).await;
    let mut user = user(&one).await;
    user.logout(&one).await;
    let known = |node: &TestApp| node.state.sessions.revocation.denylist.len();
    until("the neighbour knows", async || known(&neighbour) == known(&one)).await;
    assert_eq!(known(&stranger), 0);
}
