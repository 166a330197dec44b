//! Proof of use: which generations of which sessions have shown an access token here (DESIGN section 3).

use super::access_token::Claims;
use crate::server::{
    clock::{Clock, Timestamp},
    id::SessionId,
    metrics,
    store::Store,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{sync::mpsc, task::JoinHandle};

/// Uses that wait to be written. When it is full, a use is written at the next call instead.
const QUEUE: usize = 1024;
/// The number of sessions in memory at which those whose access token has expired are let go.
const PRUNE_AT: usize = 65_536;

/// Remembers the uses of access tokens and writes each generation's first one to the store, off the request's path.
pub struct ProofOfUse {
    seen: Mutex<HashMap<SessionId, Seen>>,
    writer: Mutex<Option<Writer>>,
}

struct Writer {
    queue: mpsc::Sender<(SessionId, u32)>,
    task: JoinHandle<()>,
}

#[derive(Clone, Copy)]
struct Seen {
    generation: u32,
    until: Timestamp,
}

impl ProofOfUse {
    /// Starts the writer. It ends when this value is dropped or finished.
    pub fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let (queue, mut uses) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            while let Some((session_id, generation)) = uses.recv().await {
                if let Err(error) = store.prove(session_id, generation, clock.now()).await {
                    tracing::error!(session.id = %session_id, %error, "a proof of use was not written");
                }
            }
        });
        Self { seen: Mutex::default(), writer: Mutex::new(Some(Writer { queue, task })) }
    }

    /// Writes what is waiting, before the store is closed.
    pub async fn finish(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Writer { queue, task }) = writer {
            drop(queue);
            if let Err(error) = task.await {
                tracing::error!(%error, "the last proofs of use were not written");
            }
        }
    }

    /// Takes note of a verified access token.
    pub fn observe(&self, claims: &Claims, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(&claims.session_id).is_some_and(|seen| seen.generation >= claims.generation) {
            return;
        }
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let sent =
            writer.as_ref().is_some_and(|writer| writer.queue.try_send((claims.session_id, claims.generation)).is_ok());
        if !sent {
            metrics::proof_deferred();
            return;
        }
        if seen.len() >= PRUNE_AT {
            seen.retain(|_, seen| seen.until > now);
        }
        seen.insert(claims.session_id, Seen { generation: claims.generation, until: claims.expires_at });
    }

    /// Whether an access token of this generation or a later one has been used here.
    pub fn has_seen(&self, session_id: SessionId, generation: u32) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&session_id).is_some_and(|seen| seen.generation >= generation)
    }
}
