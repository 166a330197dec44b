//! The playground: this server's own services on throw-away state, for the pages of the lab.
//!
//! Its keys, its store and its tokens are its own: no token of the app is accepted here, and none of here by the app.

mod calls;
pub mod checklist;
pub mod forgery;
mod visit;

pub use calls::router;

use self::visit::Visit;
use super::{
    auth::{
        key_set::{KeyPolicy, KeySet, SigningKeys},
        password::PasswordHasher,
        signing_key::{SigningAlgorithm, SigningKey},
    },
    clock::{Clock, Timestamp},
    entropy::Entropy,
    error::Error,
    id::{UserId, VisitId},
    pruning::{self, Retention},
    secret::Secret,
    store::{
        Store,
        model::{Account, NewAccount, PasswordHash},
        sqlite::SqliteStore,
    },
};
use crate::shared::{Email, Role};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::{OnceCell, Semaphore};

/// How long a visit is remembered.
pub const VISIT_LIFE: Duration = Duration::from_mins(15);
/// The most visits at once; the oldest makes room for one more.
pub const MAX_VISITS: usize = 256;
/// Life of an access token, as in the app.
const ACCESS_TOKEN_LIFE: Duration = Duration::from_mins(15);

/// Every visit, and the ground that all stand on, which is made when the first one begins.
pub struct Playground {
    ground: OnceCell<Ground>,
    visits: Mutex<HashMap<VisitId, Arc<Visit>>>,
    hasher: PasswordHasher,
    /// One measurement at a time, so that sign-ins have the rest of the pool.
    measuring: Semaphore,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// What visits share: a store in a folder that goes with it, keys, and an account of each role.
struct Ground {
    store: Arc<dyn Store>,
    keys: Arc<SigningKeys>,
    refresh_secret: Secret,
    user: Account,
    admin: Account,
    _folder: TempDir,
}

impl Playground {
    /// A playground without visits. Hashes are measured on the pool of `hasher`.
    pub fn new(hasher: PasswordHasher, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let measuring = Semaphore::new(1);
        Self { ground: OnceCell::new(), visits: Mutex::default(), hasher, measuring, clock, entropy }
    }

    /// Begins a visit.
    ///
    /// # Errors
    /// When the ground cannot be made or its store fails.
    async fn begin(&self) -> Result<VisitId, Error> {
        let ground = self.ground.get_or_try_init(|| Ground::new(&*self.clock, &*self.entropy)).await?;
        let now = self.clock.now();
        let nothing = Retention { sessions: Duration::ZERO, events: Duration::ZERO };
        pruning::prune(&*ground.store, nothing, now).await?;
        let id = VisitId::generate(&*self.entropy);
        let visit = Arc::new(Visit::new(ground, self.clock.clone(), self.entropy.clone()));
        let mut visits = self.visits(now);
        if visits.len() >= MAX_VISITS {
            let oldest = visits.iter().min_by_key(|(_, visit)| visit.began_at).map(|(id, _)| *id);
            oldest.and_then(|oldest| visits.remove(&oldest));
        }
        visits.insert(id, visit);
        Ok(id)
    }

    /// A visit that has not been forgotten.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    fn visit(&self, id: &str) -> Result<Arc<Visit>, Error> {
        let id: VisitId = id.parse().map_err(|_| Error::NotFound)?;
        self.visits(self.clock.now()).get(&id).cloned().ok_or(Error::NotFound)
    }

    /// How long a hash of this cost takes here.
    ///
    /// # Errors
    /// [`Error::Busy`] while another one is measured or the pool is full.
    async fn measure(&self, cost: u32) -> Result<Duration, Error> {
        let _permit = self.measuring.try_acquire().map_err(|_| Error::Busy)?;
        Ok(self.hasher.measure(cost, self.clock.clone()).await?)
    }

    fn visits(&self, now: Timestamp) -> MutexGuard<'_, HashMap<VisitId, Arc<Visit>>> {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.retain(|_, visit| now.since(visit.began_at) < VISIT_LIFE);
        visits
    }
}

impl Ground {
    async fn new(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Internal(error.to_string());
        let now = clock.now();
        let policy = KeyPolicy { algorithm: SigningAlgorithm::Es256, token_life: ACCESS_TOKEN_LIFE };
        let key = SigningKey::generate(policy.algorithm, entropy).map_err(|error| failed(&error))?;
        let keys = KeySet::of_one(key, policy, now).map_err(|error| failed(&error))?;
        let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("playground.db")).await?);
        let user = account(&*store, "alice@lab.invalid", Role::User, entropy, now).await?;
        let admin = account(&*store, "admin@lab.invalid", Role::Admin, entropy, now).await?;
        Ok(Self {
            store,
            keys: Arc::new(SigningKeys::new(keys)),
            refresh_secret: Secret::from_bytes(&entropy.bytes::<32>()),
            user,
            admin,
            _folder: folder,
        })
    }
}

/// An account that no password opens.
async fn account(
    store: &dyn Store,
    email: &str,
    role: Role,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<Account, Error> {
    let email = Email::parse(email).map_err(|_| Error::InvalidEmail)?;
    let account = Account { id: UserId::generate(entropy), email, role, created_at: now };
    let password = PasswordHash { bcrypt: String::new(), pepper_id: String::new() };
    store.create_account(&NewAccount { account: account.clone(), password }).await?;
    Ok(account)
}
