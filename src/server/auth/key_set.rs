//! Key sets: which key signs, which ones verify, and until when (DESIGN section 4).
//!
//! The state of a key follows from its times, so that a rotation is one step and nobody has to come back for a second.

mod in_force;

pub use in_force::SigningKeys;

use super::signing_key::{SigningAlgorithm, SigningKey};
use crate::{
    server::{clock::Timestamp, secret::SecretFile},
    shared::wire::{self, KeyState},
};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use std::{collections::HashSet, time::Duration};

/// How long others may use the public keys before they ask again.
pub const JWKS_MAX_AGE: Duration = Duration::from_mins(5);
/// For servers that notice a moment later, slow fetches, and clocks that differ.
const MARGIN: Duration = Duration::from_mins(1);
/// How long a key is published before it signs: by then every verifier has it.
const PUBLISHED_AHEAD: Duration = JWKS_MAX_AGE.saturating_add(MARGIN);

/// What the settings say about keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyPolicy {
    /// The algorithm of keys that are made.
    pub algorithm: SigningAlgorithm,
    /// The longest that an access token lives.
    pub token_life: Duration,
}

/// A key and its times. An unknown beginning lies before every other, and a key without an end has none yet.
pub struct ScheduledKey {
    /// The key.
    pub key: SigningKey,
    /// Since when others can know it.
    pub published_at: Option<Timestamp>,
    /// From when it signs.
    pub current_from: Option<Timestamp>,
    /// When it stops signing.
    pub retired_at: Option<Timestamp>,
}

/// The keys of one server, all HMAC or all asymmetric: a verifier that took both could be made to take a public key
/// for a secret (RFC 8725 section 3.1).
pub struct KeySet {
    /// In the order in which they sign; there is one at least.
    keys: Vec<ScheduledKey>,
    policy: KeyPolicy,
}

/// Why keys make no set, or a set is not changed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// No key in it.
    #[error("holds no key")]
    Empty,
    /// A key is in it twice.
    #[error("holds the key {0} twice")]
    Doubled(String),
    /// HMAC keys and asymmetric ones.
    #[error("holds both HS256 and asymmetric keys, which never share a verifier; keep one kind")]
    Mixed,
    /// The keys are of the other kind than the settings say.
    #[error(
        "holds {found} keys and COUNTERFOIL_ACCESS_TOKEN_ALGORITHM says {wanted}; the two never share a verifier: \
         set the algorithm to match, or name a new COUNTERFOIL_ACCESS_TOKEN_KEY_FILE and start it with \
         `counterfoil keys rotate`"
    )]
    OtherKind {
        /// What is in it.
        found: SigningAlgorithm,
        /// What the settings say.
        wanted: SigningAlgorithm,
    },
    /// A rotation is under way.
    #[error("the key {0} already waits to sign from {1}; `counterfoil keys retire --kid {0}` takes it back")]
    Waiting(String, Timestamp),
    /// No such key.
    #[error("there is no key {0}; `counterfoil keys list` names them")]
    Unknown(String),
    /// The key that signs is needed.
    #[error(
        "{0} signs now. `counterfoil keys rotate` replaces it without anybody noticing. If it is known to others, \
         add --now: a new key then signs at once and every other key is gone. Every access token in use is refused; \
         open pages get a new one by their refresh cookie, programs must refresh, and other services refuse the new \
         tokens until they fetch the JWKS again, which takes up to 5 minutes"
    )]
    Current(String),
}

impl KeySet {
    /// A set of these keys, in any order.
    ///
    /// # Errors
    /// [`KeySetError`] when they do not fit each other or the settings.
    pub fn new(mut keys: Vec<ScheduledKey>, policy: KeyPolicy) -> Result<Self, KeySetError> {
        let mut ids = HashSet::new();
        if let Some(doubled) = keys.iter().find(|scheduled| !ids.insert(scheduled.key.id())) {
            return Err(KeySetError::Doubled(doubled.key.id().to_owned()));
        }
        let found = keys.first().ok_or(KeySetError::Empty)?.key.algorithm();
        if keys.iter().any(|other| other.key.algorithm().is_asymmetric() != found.is_asymmetric()) {
            return Err(KeySetError::Mixed);
        }
        if found.is_asymmetric() != policy.algorithm.is_asymmetric() {
            return Err(KeySetError::OtherKind { found, wanted: policy.algorithm });
        }
        keys.sort_by_key(|scheduled| scheduled.current_from);
        Ok(Self { keys, policy })
    }

    /// A set of one key that signs at once.
    ///
    /// # Errors
    /// [`KeySetError::OtherKind`] when it is of another kind than the settings say.
    pub fn of_one(key: SigningKey, policy: KeyPolicy, now: Timestamp) -> Result<Self, KeySetError> {
        let now = Some(to_the_second(now));
        Self::new(vec![ScheduledKey { key, published_at: now, current_from: now, retired_at: None }], policy)
    }

    /// Publishes a key that replaces the current one when every verifier has it, or at once.
    ///
    /// # Errors
    /// [`KeySetError::Waiting`] when another is about to, [`KeySetError::Mixed`] when it is of another kind.
    pub fn rotate(mut self, key: SigningKey, at_once: bool, now: Timestamp) -> Result<Self, KeySetError> {
        let now = to_the_second(now);
        for old in &self.keys {
            if let Some(from) = old.current_from.filter(|from| *from > now) {
                return Err(KeySetError::Waiting(old.key.id().to_owned(), from));
            }
        }
        let current_from = if at_once { now } else { now + PUBLISHED_AHEAD };
        self.keys.retain(|old| !old.has_ended(self.policy, now));
        for old in &mut self.keys {
            old.retired_at.get_or_insert(current_from);
        }
        let current_from = Some(current_from);
        self.keys.push(ScheduledKey { key, published_at: Some(now), current_from, retired_at: None });
        Self::new(self.keys, self.policy)
    }

    /// Takes out a key that does not sign. When it was about to, the current one stays.
    ///
    /// # Errors
    /// [`KeySetError::Unknown`] and [`KeySetError::Current`].
    pub fn retire(mut self, id: &str, now: Timestamp) -> Result<Self, KeySetError> {
        if self.current(now).id() == id {
            return Err(KeySetError::Current(id.to_owned()));
        }
        let position = self.keys.iter().position(|scheduled| scheduled.key.id() == id);
        let retired = self.keys.remove(position.ok_or_else(|| KeySetError::Unknown(id.to_owned()))?);
        if retired.current_from > Some(now) {
            for other in self.keys.iter_mut().filter(|other| other.retired_at == retired.current_from) {
                other.retired_at = None;
            }
        }
        Ok(self)
    }

    /// The key that signs: the last that has begun, or the first when a clock that was set back finds none.
    pub fn current(&self, now: Timestamp) -> &SigningKey {
        let begun = self.keys.iter().rfind(|scheduled| scheduled.current_from <= Some(now));
        &begun.unwrap_or(&self.keys[0]).key
    }

    /// The key that signs where some nodes may still lack the current one: then the one before it goes on for as long
    /// as its tokens will be accepted to their end.
    fn signer(&self, now: Timestamp, is_lacking: impl Fn(&str) -> bool) -> &SigningKey {
        let has_begun = |scheduled: &&ScheduledKey| scheduled.current_from <= Some(now);
        let may_sign = |scheduled: &&ScheduledKey| {
            !is_lacking(scheduled.key.id()) && scheduled.retired_at.is_none_or(|retired_at| now < retired_at + MARGIN)
        };
        let signer = self.keys.iter().rev().filter(has_begun).find(may_sign);
        signer.map_or_else(|| self.current(now), |scheduled| &scheduled.key)
    }

    /// The identifiers of all keys.
    pub fn ids(&self) -> HashSet<String> {
        self.keys.iter().map(|scheduled| scheduled.key.id().to_owned()).collect()
    }

    /// The key with this identifier, if its tokens are accepted.
    pub fn verifier(&self, id: &str, now: Timestamp) -> Option<&SigningKey> {
        self.live(now).map(|(scheduled, _)| &scheduled.key).find(|key| key.id() == id)
    }

    /// The public keys (RFC 7517 section 5): what others need to verify every token that is or will soon be in use.
    pub fn jwks(&self, now: Timestamp) -> JwkSet {
        let keys: Vec<Jwk> = self.live(now).filter_map(|(scheduled, _)| scheduled.key.public().cloned()).collect();
        JwkSet { keys }
    }

    /// The keys as an administrator sees them, in the order in which they sign.
    pub fn describe(&self, now: Timestamp) -> Vec<wire::SigningKey> {
        let secs = |moment: Option<Timestamp>| moment.map(Timestamp::as_secs);
        let describe = |(scheduled, state): (&ScheduledKey, KeyState)| wire::SigningKey {
            kid: scheduled.key.id().to_owned(),
            algorithm: scheduled.key.algorithm().to_string(),
            state,
            published_at: secs(scheduled.published_at),
            current_from: secs(scheduled.current_from),
            retired_at: secs(scheduled.retired_at),
            ends_at: secs(scheduled.ends_at(self.policy)),
        };
        self.live(now).map(describe).collect()
    }

    /// Every key, in the order in which they sign.
    pub fn keys(&self) -> &[ScheduledKey] {
        &self.keys
    }

    fn live(&self, now: Timestamp) -> impl Iterator<Item = (&ScheduledKey, KeyState)> {
        let current = self.current(now).id();
        self.keys.iter().filter_map(move |scheduled| {
            let state = if scheduled.key.id() == current {
                KeyState::Current
            } else if scheduled.current_from > Some(now) {
                KeyState::Next
            } else if scheduled.has_ended(self.policy, now) {
                return None;
            } else {
                KeyState::Retired
            };
            Some((scheduled, state))
        })
    }
}

impl ScheduledKey {
    /// The HS256 keys of a file that says nothing of times: its first one signs, all verify.
    pub fn of_secrets(secrets: &SecretFile) -> Vec<Self> {
        let of_secret = |secret| Self {
            key: SigningKey::from_secret(secret),
            published_at: None,
            current_from: None,
            retired_at: None,
        };
        secrets.all().iter().rev().map(of_secret).collect()
    }

    /// When the last token that it signed has ended.
    fn ends_at(&self, policy: KeyPolicy) -> Option<Timestamp> {
        self.retired_at.map(|retired_at| retired_at + policy.token_life + MARGIN)
    }

    fn has_ended(&self, policy: KeyPolicy, now: Timestamp) -> bool {
        self.ends_at(policy).is_some_and(|ends_at| ends_at <= now)
    }
}

/// The file keeps whole seconds.
const fn to_the_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_secs(moment.as_secs())
}

#[cfg(test)]
mod tests;
