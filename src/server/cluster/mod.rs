//! Several nodes as one site, over Redis: what is denied, who has had too many tries, and which signing keys the
//! others have (DESIGN sections 4 and 5).
//!
//! Redis holds nothing that cannot be lost: denials are in the store too, and counts start again.

pub mod address;
pub mod limiter;
pub mod line;
pub mod link;
pub mod message;
mod peers;
pub mod roll_call;
mod sight;

use self::{limiter::RedisLimiter, line::Line, link::announcement, message::Names, peers::Peers};
use crate::server::{
    auth::{denylist::Denial, revocation::Herald},
    clock::Timestamp,
    entropy::Entropy,
    metrics,
};
use redis::Client;
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Less than the shortest time that several nodes measure together: the grace of a refresh.
const CLOCK_MARGIN: Duration = Duration::from_secs(5);

/// What this node shares with the others.
pub struct Cluster {
    client: Client,
    names: Names,
    /// This process, by a random name.
    node: String,
    line: Arc<Line>,
    peers: Mutex<Peers>,
    /// What was last said about the keys of the others.
    other_keys: Mutex<Vec<String>>,
    is_clock_off: AtomicBool,
}

impl Cluster {
    /// A node of the site whose names begin with `prefix`. Nothing connects until its link is followed.
    pub fn new(client: Client, prefix: &str, entropy: &dyn Entropy) -> Self {
        Self {
            client,
            names: Names::new(prefix.to_owned()),
            node: format!("{:08x}", u32::from_be_bytes(entropy.bytes())),
            line: Arc::default(),
            peers: Mutex::default(),
            other_keys: Mutex::default(),
            is_clock_off: AtomicBool::new(false),
        }
    }

    /// Counts that all nodes share.
    pub fn limiter(&self) -> RedisLimiter {
        RedisLimiter::new(self.line.clone(), self.names.clone())
    }

    /// How many other nodes live.
    pub fn others(&self) -> usize {
        self.peers().len()
    }

    /// How many of them have other signing keys than this one.
    pub fn with_other_keys(&self) -> usize {
        self.other_keys.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether this node's clock is not that of Redis.
    pub fn is_clock_off(&self) -> bool {
        self.is_clock_off.load(Ordering::Relaxed)
    }

    /// Says, when it changes, whether the clock is off: a node that takes ten seconds for a minute takes an honest
    /// repeat of a refresh for a thief's.
    fn compare_clocks(&self, own: Timestamp, shared: Timestamp) {
        let is_off = own.since(shared).max(shared.since(own)) > CLOCK_MARGIN;
        if self.is_clock_off.swap(is_off, Ordering::Relaxed) != is_off {
            if is_off {
                tracing::warn!(%own, redis = %shared, "the clock of this machine or of Redis's is off; set it");
            } else {
                tracing::info!("the clock agrees with Redis's");
            }
        }
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says, when it changes, which nodes have other signing keys than these.
    fn compare_keys(&self, own: &HashSet<String>) {
        let found = self.peers().with_other_keys(own);
        let mut said = self.other_keys.lock().unwrap_or_else(PoisonError::into_inner);
        if *said != found {
            if found.is_empty() {
                tracing::info!("every node has the same signing keys");
            } else {
                tracing::warn!(nodes = ?found, node = self.node, "other nodes have other signing keys than this one");
            }
            *said = found;
        }
    }
}

impl Herald for Cluster {
    fn announce(&self, denials: &[Denial], now: Timestamp) {
        if denials.is_empty() {
            return;
        }
        // The link has logged why it is closed.
        let Some(mut connection) = self.line.get() else { return metrics::redis_failed() };
        let announcement = announcement(&self.names, denials, now);
        tokio::spawn(async move {
            if let Err(error) = announcement.query_async::<()>(&mut connection).await {
                metrics::redis_failed();
                tracing::warn!(%error, "denials were not announced; the other nodes find them in the store");
            }
        });
    }
}
