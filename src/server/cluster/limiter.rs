//! The limiter of several nodes: counts in Redis, and in this node's memory while Redis is away.

use super::{line::Line, message::Names};
use crate::server::{
    auth::throttle::{
        limiter::{Hit, Key, Limiter, LimiterError, Policy, Runs, Tally},
        memory::MemoryLimiter,
    },
    clock::Timestamp,
    metrics,
};
use async_trait::async_trait;
use redis::{FromRedisValue, RedisResult, Script, ScriptInvocation, aio::MultiplexedConnection};
use std::{future::Future, sync::Arc, time::Duration};

/// Keeps counts where every node sees them. Each step is one script or one command, which Redis runs by itself.
pub struct RedisLimiter {
    line: Arc<Line>,
    names: Names,
    alone: MemoryLimiter,
    hit: Script,
    give_back: Script,
}

impl RedisLimiter {
    /// Counts under these names over this line.
    pub fn new(line: Arc<Line>, names: Names) -> Self {
        Self {
            line,
            names,
            alone: MemoryLimiter::default(),
            hit: Script::new(include_str!("hit.lua")),
            give_back: Script::new(include_str!("give_back.lua")),
        }
    }

    /// What Redis says, or nothing when it is away. Whoever finds out waits as long as a connection's answer may take;
    /// then nobody waits until Redis is heard of again.
    async fn ask<T, F>(&self, question: impl FnOnce(MultiplexedConnection) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        if let Some(connection) = self.line.get() {
            match question(connection).await {
                Ok(answer) => return Some(answer),
                Err(error) => tracing::warn!(%error, "Redis failed to count"),
            }
            metrics::redis_failed();
            self.line.close();
        }
        metrics::counted_alone();
        None
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        self.ask(|mut connection| async move { script.invoke_async(&mut connection).await }).await
    }
}

#[async_trait]
impl Limiter for RedisLimiter {
    async fn hit(&self, key: Key, policy: Policy, now: Timestamp) -> Result<Hit, LimiterError> {
        let mut script = self.hit.key(self.names.count(key));
        script.arg(policy.quota).arg(millis(policy.window)).arg(u8::from(policy.runs == Runs::FromLast));
        match self.run(&script).await {
            Some((counted, hits, left)) => Ok(Hit { counted, tally: tally(hits, left, now) }),
            None => self.alone.hit(key, policy, now).await,
        }
    }

    async fn tally(&self, key: Key, now: Timestamp) -> Result<Option<Tally>, LimiterError> {
        let name = self.names.count(key);
        let read = |mut connection: MultiplexedConnection| async move {
            redis::pipe().atomic().get(&name).pttl(&name).query_async::<(Option<u32>, i64)>(&mut connection).await
        };
        match self.ask(read).await {
            Some((hits, left)) => Ok(hits.and_then(|hits| Some(tally(hits, u64::try_from(left).ok()?, now)))),
            None => self.alone.tally(key, now).await,
        }
    }

    async fn give_back(&self, key: Key) -> Result<(), LimiterError> {
        match self.run(&self.give_back.key(self.names.count(key))).await {
            Some(()) => Ok(()),
            None => self.alone.give_back(key).await,
        }
    }

    async fn clear(&self, key: Key) -> Result<(), LimiterError> {
        let name = self.names.count(key);
        let delete = |mut connection: MultiplexedConnection| async move {
            redis::cmd("DEL").arg(&name).query_async::<()>(&mut connection).await
        };
        match self.ask(delete).await {
            Some(()) => Ok(()),
            None => self.alone.clear(key).await,
        }
    }
}

/// A count by this node's clock: Redis says how long it lasts, for the clocks of two nodes differ.
fn tally(hits: u32, left: u64, now: Timestamp) -> Tally {
    Tally { hits, ends_at: now + Duration::from_millis(left) }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
