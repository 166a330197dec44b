//! Loops that call for a while, and what can be said of their times.

use super::client::{Answer, Client};
use futures::future::join_all;
use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

/// What a loop has seen.
#[derive(Default)]
pub struct Sample {
    times: Vec<Duration>,
    pub statuses: BTreeMap<u16, usize>,
}

impl Sample {
    pub fn add(&mut self, answer: &Answer) {
        self.times.push(answer.took);
        *self.statuses.entry(answer.status).or_default() += 1;
    }

    fn merge(mut self, other: Self) -> Self {
        self.times.extend(other.times);
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a few minutes")]
    pub fn per_second(&self, length: Duration) -> f64 {
        self.times.len() as f64 / length.as_secs_f64()
    }

    /// The time that this many per cent stay below, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.times.clone();
        sorted.sort_unstable();
        let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p90, p99] = [50, 90, 99].map(|percent| self.percentile(percent));
        write!(f, "p50 {p50:8.2} ms   p90 {p90:8.2} ms   p99 {p99:8.2} ms")
    }
}

/// Calls again and again on every connection at once, each waiting for its answer and then for `pause`.
pub async fn load<C>(
    connections: Vec<C>,
    length: Duration,
    pause: Duration,
    call: impl AsyncFn(&mut C) -> Answer,
) -> Sample {
    let until = Instant::now() + length;
    let call = &call;
    let loops = connections.into_iter().map(|mut connection| async move {
        let mut sample = Sample::default();
        while Instant::now() < until {
            sample.add(&call(&mut connection).await);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
        sample
    });
    join_all(loops).await.into_iter().fold(Sample::default(), Sample::merge)
}

/// So many connections.
pub async fn connections(count: usize, connect: impl AsyncFn() -> Client) -> Vec<Client> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(connect().await);
    }
    connections
}
