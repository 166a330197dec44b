//! A node's link to the others: everything that is denied is read once, then what they say is followed.

use super::{
    Cluster,
    message::{Beat, Message, Names},
    sight,
};
use crate::server::{
    auth::{
        denylist::{Denial, Denied, Denylist},
        key_set::SigningKeys,
    },
    clock::{Clock, Timestamp},
    metrics,
    store::{Store, StoreError},
};
use redis::{AsyncConnectionConfig, PushInfo, PushKind, RedisError, aio::MultiplexedConnection};
use std::{
    collections::{BTreeSet, HashSet},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, sleep},
};

/// How often a node says that it lives, and hears from itself that it would hear the others.
pub const BEAT: Duration = Duration::from_secs(1);
/// How long Redis may take to connect or to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(200);
/// Denials that are asked for or written in one go.
const BATCH: usize = 1000;

/// Follows the other nodes.
pub struct Link {
    cluster: Arc<Cluster>,
    store: Arc<dyn Store>,
    denylist: Arc<Denylist>,
    keys: Arc<SigningKeys>,
    clock: Arc<dyn Clock>,
    /// The number of the last beat.
    beats: u64,
    /// Whether it was said that there is no link.
    is_told: bool,
    proofs: watch::Sender<()>,
}

/// Why a connection was given up.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Redis(#[from] RedisError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Redis closed the connection")]
    Closed,
}

impl Link {
    /// Fills this denylist, and tells these keys what the others have.
    pub fn new(
        cluster: Arc<Cluster>,
        store: Arc<dyn Store>,
        denylist: Arc<Denylist>,
        keys: Arc<SigningKeys>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { cluster, store, denylist, keys, clock, beats: 0, is_told: false, proofs: watch::Sender::default() }
    }

    /// Connects again and again, and counts as blind after `patience` without a sign of the others; never returns.
    pub async fn follow(mut self, patience: Duration) {
        tokio::spawn(sight::watch(self.denylist.clone(), self.proofs.subscribe(), patience));
        loop {
            let Err(error) = self.hold().await;
            if !self.is_told {
                tracing::warn!(%error, "no link to the other nodes; trying again");
                self.is_told = true;
            }
            self.cluster.line.close();
            metrics::redis_failed();
            sleep(PAUSE).await;
        }
    }

    /// One connection, from its beginning to its end.
    async fn hold(&mut self) -> Result<Infallible, Broken> {
        let (sender, mut pushes) = mpsc::unbounded_channel();
        let config = AsyncConnectionConfig::new()
            .set_push_sender(sender)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let mut connection = self.cluster.client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.subscribe(self.cluster.names.channel()).await?;
        // What is denied from here on is heard, and what this node denies is announced; the rest is read.
        self.cluster.line.open(connection.clone());
        self.take_over(&mut connection).await?;
        let mut ticks = interval(BEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.beat(&mut connection).await?,
                push = pushes.recv() => self.hear(push.ok_or(Broken::Closed)?, &connection)?,
            }
        }
    }

    /// Reads every denial, in Redis and in the store, and puts into Redis what is missing there: it may have been
    /// restarted empty.
    async fn take_over(&self, connection: &mut MultiplexedConnection) -> Result<(), Broken> {
        let now = self.clock.now();
        let shared = denials(connection, &self.cluster.names, now).await?;
        let mut missing = self.store.denials(now).await?;
        self.denylist.add(&shared, now);
        self.denylist.add(&missing, now);
        let known: HashSet<Denied> = shared.iter().map(|denial| denial.subject).collect();
        missing.retain(|denial| !known.contains(&denial.subject));
        for batch in missing.chunks(BATCH) {
            announcement(&self.cluster.names, batch, now).query_async::<()>(connection).await?;
        }
        tracing::info!(shared = shared.len(), written = missing.len(), "took the denials over");
        Ok(())
    }

    async fn beat(&mut self, connection: &mut MultiplexedConnection) -> Result<(), Broken> {
        self.beats += 1;
        let signs = self.keys.signer_id(self.clock.now());
        let mut keys = vec![signs];
        let others: BTreeSet<String> = self.keys.get().ids().into_iter().filter(|id| *id != keys[0]).collect();
        keys.extend(others);
        let beat = Message::Beat(Beat { node: self.cluster.node.clone(), number: self.beats, keys });
        let mut say = redis::pipe();
        say.cmd("PUBLISH").arg(self.cluster.names.channel()).arg(beat.to_string()).ignore().cmd("TIME");
        let ((secs, _micros),): ((i64, i64),) = say.query_async(connection).await?;
        self.cluster.compare_clocks(self.clock.now(), Timestamp::from_secs(secs));
        Ok(())
    }

    fn hear(&mut self, push: PushInfo, connection: &MultiplexedConnection) -> Result<(), Broken> {
        match push.kind {
            PushKind::Message => {}
            PushKind::Disconnection => return Err(Broken::Closed),
            _ => return Ok(()),
        }
        match Message::of_push(push) {
            Some(Message::Deny(subject, remaining)) => {
                let now = self.clock.now();
                self.denylist.add(&[Denial { subject, expires_at: now + remaining }], now);
            }
            Some(Message::Beat(beat)) if beat.node != self.cluster.node => {
                self.cluster.peers().hear(beat, self.beats);
                self.compare_keys();
            }
            // The last of our own: whatever the others said before it has been heard.
            Some(Message::Beat(beat)) if beat.number == self.beats => self.proved(connection),
            Some(Message::Beat(_)) => {}
            None => tracing::warn!("a message that is none of a node's; is the prefix another site's too?"),
        }
        Ok(())
    }

    fn proved(&mut self, connection: &MultiplexedConnection) {
        self.is_told = false;
        self.cluster.line.open(connection.clone());
        self.proofs.send_replace(());
        self.cluster.peers().forget_gone(self.beats);
        self.compare_keys();
    }

    fn compare_keys(&self) {
        self.keys.set_others(self.cluster.peers().keys());
        self.cluster.compare_keys(&self.keys.get().ids());
    }
}

/// Every denial that is in Redis.
async fn denials(
    connection: &mut MultiplexedConnection,
    names: &Names,
    now: Timestamp,
) -> Result<Vec<Denial>, RedisError> {
    let mut denials = Vec::new();
    let mut cursor = 0;
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(names.denials()).arg("COUNT").arg(BATCH);
        let (next, keys): (u64, Vec<String>) = scan.query_async(connection).await?;
        let mut lives = redis::pipe();
        for key in &keys {
            lives.pttl(key);
        }
        let lives: Vec<i64> = if keys.is_empty() { Vec::new() } else { lives.query_async(connection).await? };
        denials.extend(keys.iter().zip(lives).filter_map(|(key, left)| {
            let left = Duration::from_millis(u64::try_from(left).ok()?);
            Some(Denial { subject: names.denied(key)?, expires_at: now + left })
        }));
        if next == 0 {
            return Ok(denials);
        }
        cursor = next;
    }
}

/// Writes denials for as long as they last, and says so to every node.
pub fn announcement(names: &Names, denials: &[Denial], now: Timestamp) -> redis::Pipeline {
    let mut pipeline = redis::pipe();
    for Denial { subject, expires_at } in denials {
        let remaining = expires_at.since(now);
        let millis = u64::try_from(remaining.as_millis()).unwrap_or(u64::MAX).max(1);
        pipeline.cmd("SET").arg(names.denial(*subject)).arg(1).arg("PX").arg(millis).ignore();
        let message = Message::Deny(*subject, remaining).to_string();
        pipeline.cmd("PUBLISH").arg(names.channel()).arg(message).ignore();
    }
    pipeline
}
