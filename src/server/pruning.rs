//! Deletes what nobody needs any more: expired denials, sessions long over, old events.

use super::{
    auth::denylist::Denylist,
    clock::{Clock, Timestamp},
    store::{
        Result, Store,
        model::{Pruned, Useless},
    },
};
use std::{sync::Arc, time::Duration};

/// Rows of a kind that are deleted in one go, so that others who write wait for a few milliseconds at most.
pub const BATCH: u32 = 500;
/// A start is busy enough without it.
const FIRST: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_hours(1);

/// How long things are kept that are over.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Sessions, from their end.
    pub sessions: Duration,
    /// Security events.
    pub events: Duration,
}

impl Retention {
    /// What is useless at this moment.
    fn useless(self, now: Timestamp) -> Useless {
        Useless { now, sessions_over_since: now - self.sessions, events_since: now - self.events }
    }
}

/// Deletes all that is useless, batch by batch, and counts it.
///
/// # Errors
/// The store's; what was deleted until then stays deleted.
pub async fn prune(store: &dyn Store, retention: Retention, now: Timestamp) -> Result<Pruned> {
    let useless = retention.useless(now);
    let mut all = Pruned::default();
    loop {
        let batch = store.prune(&useless, BATCH).await?;
        all = Pruned {
            denials: all.denials + batch.denials,
            sessions: all.sessions + batch.sessions,
            events: all.events + batch.events,
        };
        if [batch.denials, batch.sessions, batch.events].iter().all(|count| *count < u64::from(BATCH)) {
            return Ok(all);
        }
    }
}

/// Prunes the store and this process's denylist again and again; never returns.
pub async fn repeat(store: Arc<dyn Store>, denylist: Arc<Denylist>, retention: Retention, clock: Arc<dyn Clock>) {
    tokio::time::sleep(FIRST).await;
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        let now = clock.now();
        denylist.prune(now);
        match prune(&*store, retention, now).await {
            Ok(Pruned { denials, sessions, events }) => tracing::info!(denials, sessions, events, "pruned"),
            Err(error) => tracing::warn!(%error, "not pruned; trying again in an hour"),
        }
    }
}
