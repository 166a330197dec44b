//! What is kept: traits in domain terms, one method per unit of work (DESIGN section 7).

mod accounts;
mod events;
pub mod model;
mod sessions;
pub mod sqlite;

pub use accounts::AccountStore;
pub use events::EventStore;
pub use sessions::SessionStore;

use async_trait::async_trait;
use model::{Pruned, Useless};

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
    /// The schema could not be brought up to date.
    #[error("the migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds something that this program never writes.
    #[error("the store holds a malformed {0}")]
    Corrupt(&'static str),
}

/// The result of a unit of work.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Keeps accounts, sessions, denials and security events. Every method is one unit of work: all of it or nothing.
#[async_trait]
pub trait Store: AccountStore + SessionStore + EventStore {
    /// Deletes what is useless, `limit` rows of each kind at most, and counts it.
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned>;

    /// Whether the store answers.
    async fn ready(&self) -> Result<()>;

    /// Writes everything out and lets go of the database.
    async fn close(&self);
}
