//! Passwords: peppered bcrypt on a bounded pool beside the async runtime (DESIGN section 5).

use crate::server::{
    clock::Clock,
    metrics,
    secret::{Secret, SecretFile},
    store::model::PasswordHash,
};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tracing::Span;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Seconds that a client is asked to wait when the queue is full: about as long as the queue takes.
pub const BUSY_RETRY_AFTER: u32 = 2;

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// As many are being hashed and waiting as the pool allows.
    #[error("the hashing queue is full")]
    Busy,
    /// The library failed or its thread died.
    #[error("hashing failed: {0}")]
    Failed(String),
}

/// The outcome of checking a password.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password, or there is no such account.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and this hash of it has the present cost and pepper.
    RightUpgrade(PasswordHash),
}

/// Hashes and checks passwords, as many at once as it has threads, with a short queue.
#[derive(Clone)]
pub struct PasswordHasher {
    scheme: Arc<Scheme>,
    threads: usize,
    queue: usize,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// How busy the pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Passwords being hashed.
    pub running: usize,
    /// Passwords that wait.
    pub waiting: usize,
}

struct Scheme {
    cost: u32,
    peppers: Vec<Pepper>,
    /// A hash at the present cost that no password meets; checked when there is no account.
    decoy: PasswordHash,
}

struct Pepper {
    id: String,
    key: hmac::Key,
}

impl PasswordHasher {
    /// A pool of `threads` with a queue of `queue` more, for hashes of cost `cost` with the file's current pepper.
    ///
    /// # Errors
    /// [`HashError::Failed`] when the cost is outside 4 to 31.
    pub fn new(peppers: &SecretFile, cost: u32, threads: usize, queue: usize) -> Result<Self, HashError> {
        let pepper = |secret: &Secret| Pepper {
            id: secret.id(),
            key: hmac::Key::new(hmac::HMAC_SHA384, &*secret.derive("counterfoil pepper")),
        };
        let mut scheme =
            Scheme { cost, peppers: peppers.all().iter().map(pepper).collect(), decoy: PasswordHash::none() };
        scheme.decoy = scheme.hash("the decoy is never compared with this text alone")?;
        scheme.decoy.bcrypt.replace_range(scheme.decoy.bcrypt.len() - 22.., "......................");
        Ok(Self {
            scheme: Arc::new(scheme),
            threads,
            queue,
            running: Arc::new(Semaphore::new(threads)),
            admitted: Arc::new(Semaphore::new(threads + queue)),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<PasswordHash, HashError> {
        self.run(move |scheme| scheme.hash(&password)).await
    }

    /// Checks a password against an account's hash. Without one it costs the same and is never right.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<PasswordHash>,
    ) -> Result<Verdict, HashError> {
        self.run(move |scheme| scheme.verify(&password, stored.as_ref())).await
    }

    /// How long a hash of this cost takes on this machine: what a cost is chosen by.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn measure(&self, cost: u32, clock: Arc<dyn Clock>) -> Result<Duration, HashError> {
        self.run(move |_| {
            let started = clock.now();
            bcrypt::non_truncating_hash("as good as any password", cost)
                .map_err(|error| HashError::Failed(error.to_string()))?;
            Ok(clock.now().since(started))
        })
        .await
    }

    /// How busy the pool is at this moment.
    pub fn load(&self) -> Load {
        let running = self.threads - self.running.available_permits();
        let admitted = self.threads + self.queue - self.admitted.available_permits();
        Load { running, waiting: admitted.saturating_sub(running) }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scheme) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| {
            metrics::hashing_refused();
            HashError::Busy
        })?;
        let running =
            self.running.clone().acquire_owned().await.map_err(|error| HashError::Failed(error.to_string()))?;
        let scheme = self.scheme.clone();
        let span = Span::current();
        // The permits move into the thread: a client that hangs up does not free a place that is still in use.
        tokio::task::spawn_blocking(move || {
            let _permits = (admitted, running);
            span.in_scope(|| work(&scheme))
        })
        .await
        .map_err(|error| HashError::Failed(error.to_string()))?
    }
}

impl Scheme {
    fn current(&self) -> &Pepper {
        &self.peppers[0]
    }

    fn hash(&self, password: &str) -> Result<PasswordHash, HashError> {
        let pepper = self.current();
        let bcrypt = bcrypt::non_truncating_hash(&*pre_hash(password, &pepper.key), self.cost)
            .map_err(|error| HashError::Failed(error.to_string()))?;
        Ok(PasswordHash { bcrypt, pepper_id: pepper.id.clone() })
    }

    fn verify(&self, password: &str, stored: Option<&PasswordHash>) -> Result<Verdict, HashError> {
        let hash = stored.unwrap_or(&self.decoy);
        let pepper = self.peppers.iter().find(|pepper| pepper.id == hash.pepper_id);
        // A pepper that was taken out of the file cannot be checked; it costs the same.
        let key = &pepper.unwrap_or(self.current()).key;
        let meets = bcrypt::non_truncating_verify(&*pre_hash(password, key), &hash.bcrypt)
            .map_err(|error| HashError::Failed(error.to_string()))?;
        if !meets || stored.is_none() || pepper.is_none() {
            return Ok(Verdict::Wrong);
        }
        let outdated =
            hash.pepper_id != self.current().id || cost_of(&hash.bcrypt).is_some_and(|cost| cost < self.cost);
        if outdated { self.hash(password).map(Verdict::RightUpgrade) } else { Ok(Verdict::Right) }
    }
}

/// base64(HMAC-SHA-384(pepper, NFC(password))): 64 characters, below bcrypt's 72 bytes and free of NUL, so that
/// every character of the password counts.
fn pre_hash(password: &str, pepper: &hmac::Key) -> Zeroizing<String> {
    let normalised: Zeroizing<String> = Zeroizing::new(password.nfc().collect());
    Zeroizing::new(STANDARD.encode(hmac::sign(pepper, normalised.as_bytes())))
}

/// The cost in a hash of the form `$2b$12$…`.
fn cost_of(bcrypt: &str) -> Option<u32> {
    bcrypt.split('$').nth(2)?.parse().ok()
}

impl PasswordHash {
    const fn none() -> Self {
        Self { bcrypt: String::new(), pepper_id: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::{HashError, Load, PasswordHasher, Verdict};
    use crate::server::{secret::SecretFile, store::model::PasswordHash};
    use zeroize::Zeroizing;

    fn peppers(keys: &[&[u8; 32]]) -> SecretFile {
        SecretFile::from_keys(keys.iter().map(|key| key.as_slice()))
    }

    fn hasher(keys: &[&[u8; 32]], cost: u32) -> PasswordHasher {
        PasswordHasher::new(&peppers(keys), cost, 2, 2).unwrap()
    }

    async fn verify(hasher: &PasswordHasher, password: &str, stored: &PasswordHash) -> Verdict {
        hasher.verify(Zeroizing::new(password.to_owned()), Some(stored.clone())).await.unwrap()
    }

    async fn hash(hasher: &PasswordHasher, password: &str) -> PasswordHash {
        hasher.hash(Zeroizing::new(password.to_owned())).await.unwrap()
    }

    const OLD: &[u8; 32] = &[1; 32];
    const NEW: &[u8; 32] = &[2; 32];

    #[tokio::test]
    async fn every_character_counts() {
        let hasher = hasher(&[OLD], 4);
        let long = "🎫".repeat(200);
        let stored = hash(&hasher, &long).await;
        assert_eq!(verify(&hasher, &long, &stored).await, Verdict::Right);
        let tail_changed = format!("{}🎟", "🎫".repeat(199));
        for other in [tail_changed, format!("{long} "), format!("{long}\0"), format!("{long}\0{long}")] {
            assert_eq!(verify(&hasher, &other, &stored).await, Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn both_unicode_forms_of_a_password_are_one() {
        let hasher = hasher(&[OLD], 4);
        let stored = hash(&hasher, "caf\u{e9} au lait s'il vous pla\u{ee}t").await;
        assert_eq!(verify(&hasher, "cafe\u{301} au lait s'il vous plai\u{302}t", &stored).await, Verdict::Right);
    }

    #[tokio::test]
    async fn a_lower_cost_or_an_older_pepper_is_upgraded() {
        let stored = hash(&hasher(&[OLD], 4), "correct horse battery").await;
        for newer in [hasher(&[OLD], 5), hasher(&[NEW, OLD], 4)] {
            let Verdict::RightUpgrade(upgraded) = verify(&newer, "correct horse battery", &stored).await else {
                panic!("not upgraded");
            };
            assert_eq!(verify(&newer, "correct horse battery", &upgraded).await, Verdict::Right);
            assert_eq!(verify(&newer, "wrong horse battery!!", &stored).await, Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn a_stolen_hash_is_worthless_without_its_pepper() {
        let stored = hash(&hasher(&[OLD], 4), "correct horse battery").await;
        assert_eq!(verify(&hasher(&[NEW], 4), "correct horse battery", &stored).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn an_unknown_account_is_never_right() {
        let hasher = hasher(&[OLD], 4);
        let text = "the decoy is never compared with this text alone";
        assert_eq!(hasher.verify(Zeroizing::new(text.into()), None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_and_empties_again() {
        let hasher = PasswordHasher::new(&peppers(&[OLD]), 4, 1, 1).unwrap();
        let hash = || hasher.hash(Zeroizing::new("correct horse battery".to_owned()));
        let places = hasher.admitted.clone().try_acquire_many_owned(2).unwrap();
        assert!(matches!(hash().await, Err(HashError::Busy)));
        assert_eq!(hasher.load(), Load { running: 0, waiting: 2 });
        drop(places);
        assert_eq!(hasher.load(), Load { running: 0, waiting: 0 });
        assert!(hash().await.is_ok());
    }
}
