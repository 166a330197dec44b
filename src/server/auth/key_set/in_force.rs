//! The key set in force, among those of the other nodes.

use super::KeySet;
use crate::server::{auth::signing_key::SigningKey, clock::Timestamp};
use serde::Serialize;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The key set in force.
pub struct SigningKeys {
    set: RwLock<Arc<KeySet>>,
    /// The identifiers of the keys that each of the other nodes has, the one that signs first.
    others: RwLock<Vec<Vec<String>>>,
}

impl SigningKeys {
    /// Begins with this set.
    pub fn new(set: KeySet) -> Self {
        Self { set: RwLock::new(Arc::new(set)), others: RwLock::default() }
    }

    /// The set in force.
    pub fn get(&self) -> Arc<KeySet> {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another set in force.
    pub fn replace(&self, set: KeySet) {
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
    }

    /// Says which keys the other nodes have, the one that signs first. One that any of them lacks does not begin to
    /// sign.
    pub fn set_others(&self, others: Vec<Vec<String>>) {
        *self.others.write().unwrap_or_else(PoisonError::into_inner) = others;
    }

    /// Whether another node signs with this key.
    pub fn signs_elsewhere(&self, id: &str) -> bool {
        self.others().iter().any(|keys| keys.first().is_some_and(|signer| signer == id))
    }

    /// Whether this node has every key that another one signs with.
    pub fn has_every_signer(&self) -> bool {
        let own = self.get().ids();
        self.others().iter().filter_map(|keys| keys.first()).all(|signer| own.contains(signer))
    }

    /// Signs a token of this type.
    ///
    /// # Errors
    /// When the signing library fails, which it does for no input of ours.
    pub fn sign<T: Serialize>(
        &self,
        typ: &str,
        claims: &T,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.with_signer(now, |key| key.sign(typ, claims))
    }

    /// The identifier of the key that signs.
    pub fn signer_id(&self, now: Timestamp) -> String {
        self.with_signer(now, |key| key.id().to_owned())
    }

    fn with_signer<T>(&self, now: Timestamp, then: impl FnOnce(&SigningKey) -> T) -> T {
        let set = self.get();
        let others = self.others();
        let signer = set.signer(now, |id| others.iter().any(|keys| keys.iter().all(|key| key != id)));
        drop(others);
        then(signer)
    }

    fn others(&self) -> RwLockReadGuard<'_, Vec<Vec<String>>> {
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }
}
