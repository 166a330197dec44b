//! Counts that all nodes share.

use super::{Site, until};
use crate::support::{Answer, Call, PASSWORD, RedisServer, START, TestApp, User, minutes, secs};
use counterfoil::{
    server::{
        auth::throttle::limiter::{Counter, Key, Limiter, Policy, Runs},
        cluster::{limiter::RedisLimiter, line::Line, message::Names},
    },
    shared::{Code, Email},
};
use futures::future::join_all;
use serde_json::json;
use std::sync::Arc;

const WRONG: &str = "not the password of anybody";

fn attempt(node: &TestApp, password: &str, peer: &str) -> Call {
    node.post("/auth/login").json(&json!({ "email": "alice@example.com", "password": password })).peer(peer)
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_wrong_guesses_at_once_over_two_nodes_are_fifty() {
    let Some((_site, one, other)) = Site::pair(&["--login-limit", "20/15m", "--hash-queue", "64"]).await else {
        return;
    };
    let guesses = (0..50).map(|number| attempt(if number % 2 == 0 { &one } else { &other }, WRONG, "192.0.2.1"));
    let answers = join_all(guesses.map(|guess| tokio::spawn(guess.send()))).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!((count(&answers, 401), count(&answers, 429)), (20, 30));
    for node in [&one, &other] {
        let answer = attempt(node, WRONG, "192.0.2.1").send().await;
        answer.assert_problem(Code::TooManyAttempts);
        assert!(answer.header("ratelimit").unwrap().starts_with(r#""login";r=0;"#), "{answer:?}");
    }
}

#[tokio::test]
async fn failures_on_one_node_lock_the_account_on_the_other_and_an_unlock_there_ends_it_here() {
    let Some((_site, one, other)) = Site::pair(&[]).await else { return };
    let user = User::register(&one, "alice@example.com").await;
    for number in 0..5 {
        attempt(if number % 2 == 0 { &one } else { &other }, WRONG, "192.0.2.1").send().await.assert_status(401);
    }
    for node in [&one, &other] {
        attempt(node, PASSWORD, "192.0.2.2").send().await.assert_problem(Code::InvalidCredentials);
    }
    other.state.throttle.unlock(&Email::parse(&user.email).unwrap()).await.unwrap();
    attempt(&one, PASSWORD, "192.0.2.2").send().await.assert_ok();
}

#[tokio::test]
async fn without_redis_each_node_counts_by_itself_and_nobody_waits() {
    let Some((mut site, one, other)) = Site::pair(&["--login-limit", "2/15m"]).await else { return };
    site.redis.pause();
    for node in [&one, &other] {
        for status in [401, 401, 429] {
            attempt(node, WRONG, "192.0.2.1").send().await.assert_status(status);
        }
    }
    site.redis.restart();
    until("the counts are shared again", async || {
        let statuses =
            [attempt(&one, WRONG, "192.0.2.3").send().await, attempt(&other, WRONG, "192.0.2.3").send().await];
        statuses.iter().any(|answer| answer.status == 429)
    })
    .await;
}

#[tokio::test]
async fn a_node_that_waited_for_redis_in_vain_asks_it_no_more_until_it_is_heard_of_again() {
    let Some(server) = RedisServer::start() else { return };
    let connection = server.connect(secs(2)).await;
    let line = Arc::<Line>::default();
    line.open(connection.clone());
    let limiter = RedisLimiter::new(line.clone(), Names::new("test".to_owned()));
    let key = Key { counter: Counter::Login, of: [7; 16] };
    let policy = Policy { quota: 10, window: minutes(15), runs: Runs::FromFirst };
    let hits = async || limiter.hit(key, policy, START).await.unwrap().tally.hits;
    assert_eq!([hits().await, hits().await, hits().await], [1, 2, 3]);
    server.pause();
    assert_eq!(hits().await, 1, "its own count");
    server.resume();
    assert_eq!(hits().await, 2, "it does not ask");
    line.open(connection);
    assert!(hits().await > 3, "the count of all");
}
