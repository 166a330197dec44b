//! What is kept: traits in domain terms, one method per unit of work (DESIGN section 7).

mod accounts;
pub mod archive;
pub mod bounded;
mod events;
pub mod model;
pub mod postgres;
mod rows;
mod sessions;
pub mod sqlite;

pub use accounts::AccountStore;
pub use archive::ArchiveStore;
pub use events::EventStore;
pub use sessions::SessionStore;

use super::clock::Timestamp;
use async_trait::async_trait;
use model::{Pruned, Useless};
use sqlx::migrate::Migrator;

/// Why a unit of work was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The email address belongs to an account.
    #[error("the email address is taken")]
    EmailTaken,
    /// There would be no administrator left.
    #[error("no administrator would be left")]
    LastAdmin,
    /// The database failed or could not be reached in time.
    #[error("the store failed: {0}")]
    Failed(#[from] sqlx::Error),
    /// What is taken in needs a store of its own.
    #[error("the store holds something already")]
    NotEmpty,
    /// What is taken in cannot be read, or what is given away not be written.
    #[error("the archive failed: {0}")]
    Archive(#[from] std::io::Error),
    /// The database did not answer in time.
    #[error("the store did not answer in time")]
    TimedOut(#[from] tokio::time::error::Elapsed),
    /// The schema could not be brought up to date.
    #[error("the migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds something that this program never writes.
    #[error("the store holds a malformed {0}")]
    Corrupt(&'static str),
}

/// The result of a unit of work.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What a database looks like from outside.
#[derive(Clone, Copy, Debug)]
pub struct Inspection {
    /// Changes of the schema that this program knows and the database has not had.
    pub pending_migrations: usize,
    /// When the newest event was written.
    pub newest: Option<Timestamp>,
}

impl Inspection {
    fn new(known: &Migrator, applied: &[i64], newest: Option<i64>) -> Self {
        let pending_migrations = known.iter().filter(|migration| !applied.contains(&migration.version)).count();
        Self { pending_migrations, newest: newest.map(Timestamp::from_millis) }
    }
}

/// Keeps accounts, sessions, denials and security events. Every method is one unit of work: all of it or nothing.
#[async_trait]
pub trait Store: AccountStore + SessionStore + EventStore + ArchiveStore {
    /// Deletes what is useless, `limit` rows of each kind at most, and counts it.
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned>;

    /// Whether the store answers.
    async fn ready(&self) -> Result<()>;

    /// Writes everything out and lets go of the database.
    async fn close(&self);
}
