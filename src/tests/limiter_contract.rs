//! What every limiter does, in memory and in Redis: the same tests over both.

use crate::support::{RedisServer, START, secs};
use counterfoil::server::{
    auth::throttle::{
        limiter::{Counter, Hit, Key, Limiter, Policy, Runs, Tally},
        memory::MemoryLimiter,
    },
    cluster::{limiter::RedisLimiter, line::Line, message::Names},
};
use futures::future::join_all;
use std::{sync::Arc, time::Duration};

const FIXED: Policy = Policy { quota: 3, window: Duration::from_mins(1), runs: Runs::FromFirst };
const RENEWED: Policy = Policy { runs: Runs::FromLast, ..FIXED };
const KEY: Key = Key { counter: Counter::Login, of: [7; 16] };

/// A limiter, and the time that has passed for it.
struct Subject {
    limiter: Arc<dyn Limiter>,
    passed: Duration,
    redis: Option<(RedisServer, redis::aio::MultiplexedConnection)>,
}

impl Subject {
    fn in_memory() -> Self {
        Self { limiter: Arc::new(MemoryLimiter::default()), passed: Duration::ZERO, redis: None }
    }

    async fn in_redis() -> Option<Self> {
        let server = RedisServer::start()?;
        let connection = server.connect(secs(20)).await;
        let line = Arc::new(Line::default());
        line.open(connection.clone());
        let limiter = Arc::new(RedisLimiter::new(line, Names::new("test".to_owned())));
        Some(Self { limiter, passed: Duration::ZERO, redis: Some((server, connection)) })
    }

    /// Lets time pass. Redis has a clock of its own, so there what is left of each count gets shorter.
    async fn pass(&mut self, time: Duration) {
        self.passed += time;
        if let Some((_, connection)) = &mut self.redis {
            let shorten = "for _, key in ipairs(redis.call('KEYS', '*')) do
                redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1]) end";
            let millis = u64::try_from(time.as_millis()).unwrap();
            redis::Script::new(shorten).arg(millis).invoke_async::<()>(connection).await.unwrap();
        }
    }

    async fn hit(&self, policy: Policy) -> (bool, u32, u64) {
        let Hit { counted, tally } = self.limiter.hit(KEY, policy, START + self.passed).await.unwrap();
        (counted, tally.hits, self.left(tally))
    }

    async fn tally(&self) -> Option<(u32, u64)> {
        let tally = self.limiter.tally(KEY, START + self.passed).await.unwrap();
        tally.map(|tally| (tally.hits, self.left(tally)))
    }

    /// In whole seconds, rounded up: the test takes a few milliseconds itself.
    fn left(&self, tally: Tally) -> u64 {
        tally.ends_at.since(START + self.passed).as_millis().div_ceil(1000).try_into().unwrap()
    }
}

async fn a_fixed_window_runs_from_the_first_to_its_end(mut subject: Subject) {
    assert_eq!(subject.tally().await, None);
    assert_eq!(subject.hit(FIXED).await, (true, 1, 60));
    subject.pass(secs(20)).await;
    assert_eq!(subject.hit(FIXED).await, (true, 2, 40));
    assert_eq!(subject.hit(FIXED).await, (true, 3, 40));
    subject.pass(secs(20)).await;
    assert_eq!(subject.hit(FIXED).await, (false, 3, 20));
    assert_eq!(subject.tally().await, Some((3, 20)));
    subject.pass(secs(21)).await;
    assert_eq!(subject.tally().await, None);
    assert_eq!(subject.hit(FIXED).await, (true, 1, 60));
}

async fn a_renewed_window_runs_from_the_last_that_was_counted(mut subject: Subject) {
    for hits in 1..=3 {
        assert_eq!(subject.hit(RENEWED).await, (true, hits, 60));
        subject.pass(secs(50)).await;
    }
    assert_eq!(subject.hit(RENEWED).await, (false, 3, 10), "what is refused renews nothing");
    subject.pass(secs(11)).await;
    assert_eq!(subject.hit(RENEWED).await, (true, 1, 60));
}

async fn what_is_given_back_or_cleared_can_be_used_again(mut subject: Subject) {
    for _ in 0..4 {
        subject.hit(FIXED).await;
    }
    subject.pass(secs(20)).await;
    subject.limiter.give_back(KEY).await.unwrap();
    assert_eq!(subject.tally().await, Some((2, 40)), "the window is the same");
    assert_eq!(subject.hit(FIXED).await, (true, 3, 40));
    subject.limiter.clear(KEY).await.unwrap();
    assert_eq!(subject.tally().await, None);
    subject.hit(FIXED).await;
    subject.limiter.give_back(KEY).await.unwrap();
    assert_eq!(subject.tally().await, None);
    subject.limiter.give_back(KEY).await.unwrap();
    assert_eq!(subject.tally().await, None, "there is no count below none");
}

async fn counts_of_others_are_apart(subject: Subject) {
    subject.hit(FIXED).await;
    for key in [Key { of: [8; 16], ..KEY }, Key { counter: Counter::Failures, ..KEY }] {
        assert_eq!(subject.limiter.tally(key, START).await.unwrap(), None);
    }
}

async fn a_count_under_a_larger_quota_is_borne(subject: Subject) {
    for _ in 0..5 {
        subject.hit(Policy { quota: 5, ..FIXED }).await;
    }
    assert_eq!(subject.hit(FIXED).await, (false, 5, 60));
}

async fn parallel_hits_are_all_counted(subject: Subject) {
    let hits = (0..400).map(|_| {
        let limiter = subject.limiter.clone();
        tokio::spawn(async move { limiter.hit(KEY, Policy { quota: 100, ..FIXED }, START).await.unwrap().counted })
    });
    let counted = join_all(hits).await.into_iter().filter(|hit| *hit.as_ref().unwrap()).count();
    assert_eq!(counted, 100);
}

macro_rules! contract {
    ($($rule:ident),+ $(,)?) => {
        mod in_memory {
            use super::Subject;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                super::$rule(Subject::in_memory()).await;
            })+
        }

        mod in_redis {
            use super::Subject;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                let Some(subject) = Subject::in_redis().await else { return };
                super::$rule(subject).await;
            })+
        }
    };
}

contract!(
    a_fixed_window_runs_from_the_first_to_its_end,
    a_renewed_window_runs_from_the_last_that_was_counted,
    what_is_given_back_or_cleared_can_be_used_again,
    counts_of_others_are_apart,
    a_count_under_a_larger_quota_is_borne,
    parallel_hits_are_all_counted,
);
