//! The playground: this server's own services on throw-away sessions, for the pages of the lab.
//!
//! Its keys, its store and its tokens are its own: no token of the app is accepted here, and none of here by the app.
//! A call finds all that it needs in what it brings along and in that store, so that any node can answer it.

mod calls;
pub mod checklist;
pub mod forgery;
mod ground;
mod visit;

pub use calls::router;

use self::{
    ground::Ground,
    visit::{Ahead, Visit},
};
use super::{auth::password::PasswordHasher, clock::Clock, entropy::Entropy, error::Error, secret::Secret};
use sqlx::postgres::PgConnectOptions;
use std::{sync::Arc, time::Duration};
use tokio::sync::{OnceCell, Semaphore};

/// What the pages of the lab try out, on a ground that is made at the first call.
pub struct Playground {
    ground: OnceCell<Arc<Ground>>,
    database: Option<PgConnectOptions>,
    secret: Secret,
    hasher: PasswordHasher,
    /// One measurement at a time, so that sign-ins have the rest of the pool.
    measuring: Semaphore,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Playground {
    /// A playground in the database that the nodes share, if they do, whose keys hang on `secret`. Hashes are measured
    /// on the pool of `hasher`.
    pub fn new(
        database: Option<PgConnectOptions>,
        secret: &Secret,
        hasher: PasswordHasher,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let secret = Secret::from_bytes(&*secret.derive("counterfoil playground"));
        Self { ground: OnceCell::new(), database, secret, hasher, measuring: Semaphore::new(1), clock, entropy }
    }

    /// The services, for a visitor whose clock is ahead.
    ///
    /// # Errors
    /// When the ground cannot be made.
    async fn visit(&self, ahead: Ahead) -> Result<Visit, Error> {
        let make = async || {
            Ground::new(self.database.as_ref(), &self.secret, &*self.entropy, self.clock.now()).await.map(Arc::new)
        };
        let ground = self.ground.get_or_try_init(make).await?.clone();
        Ok(Visit::new(ground, ahead, self.clock.clone(), self.entropy.clone()))
    }

    /// How long a hash of this cost takes here.
    ///
    /// # Errors
    /// [`Error::Busy`] while another one is measured or the pool is full.
    async fn measure(&self, cost: u32) -> Result<Duration, Error> {
        let _permit = self.measuring.try_acquire().map_err(|_| Error::Busy)?;
        Ok(self.hasher.measure(cost, self.clock.clone()).await?)
    }
}
