//! Whether this node can serve: what `/readyz` says to those who send it requests.

use super::{
    auth::{key_set::SigningKeys, revocation::Revocation},
    store::{Store, StoreError},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long the store may take to say that it is ready: less than those who ask usually wait.
const WAIT: Duration = Duration::from_secs(2);
/// Between two looks at a node that starts.
const PAUSE: Duration = Duration::from_millis(20);

/// Knows what a node needs to serve.
pub struct Readiness {
    store: Arc<dyn Store>,
    revocation: Arc<Revocation>,
    keys: Arc<SigningKeys>,
    is_stopping: AtomicBool,
}

/// Why a node cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// It was asked to stop.
    #[error("stopping")]
    Stopping,
    /// It cannot know what the others revoke.
    #[error("nothing is heard of the other nodes")]
    Blind,
    /// It lacks a key that another node signs with.
    #[error("another node signs with a key that is not in COUNTERFOIL_ACCESS_TOKEN_KEY_FILE here")]
    Keys,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store takes too long.
    #[error("the store does not answer")]
    Silent,
}

impl Readiness {
    /// Of a node that stands on these.
    pub const fn new(store: Arc<dyn Store>, revocation: Arc<Revocation>, keys: Arc<SigningKeys>) -> Self {
        Self { store, revocation, keys, is_stopping: AtomicBool::new(false) }
    }

    /// Says from now on that the node will stop, so that no more requests are sent to it.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Waits for it, but not for ever: a node that cannot serve has to say so.
    pub async fn settle(&self, patience: Duration) {
        let settle = async {
            while self.check().await.is_err() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        let _ = tokio::time::timeout(patience, settle).await;
    }

    /// Checks it.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub async fn check(&self) -> Result<(), Unready> {
        if self.is_stopping.load(Ordering::Relaxed) {
            return Err(Unready::Stopping);
        }
        if self.revocation.refuses_all() {
            return Err(Unready::Blind);
        }
        if !self.keys.has_every_signer() {
            return Err(Unready::Keys);
        }
        tokio::time::timeout(WAIT, self.store.ready()).await.map_err(|_| Unready::Silent)??;
        Ok(())
    }
}
