//! What is kept: the trait in domain terms, one method per unit of work (DESIGN section 7).

pub mod model;
pub mod sqlite;

use super::{
    auth::{denylist::Denial, rotation::Session},
    clock::Timestamp,
    id::{SessionId, UserId},
};
use crate::shared::{Email, EndReason, Role};
use async_trait::async_trait;
use model::{Account, Credentials, NewAccount, NewSession, PasswordHash, SecurityEvent};

/// Why a unit of work was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The email address belongs to an account.
    #[error("the email address is taken")]
    EmailTaken,
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
pub trait Store: Send + Sync {
    /// Creates an account.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`] when there is one with that address.
    async fn create_account(&self, account: &NewAccount) -> Result<()>;

    /// The account with this address and what its password is checked against.
    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>>;

    /// The account with this identifier.
    async fn account(&self, id: UserId) -> Result<Option<Account>>;

    /// Every account, oldest first.
    async fn accounts(&self) -> Result<Vec<Account>>;

    /// Replaces a password's hash by one of the same password, unless another has taken its place meanwhile.
    async fn upgrade_password(&self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<()>;

    /// Gives an account a role, ends its sessions with [`EndReason::RoleChanged`], writes a denial for each of them
    /// that lasts until `denied_until`, and returns these. Nothing when there is no such account.
    async fn set_role(
        &self,
        id: UserId,
        role: Role,
        denied_until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Vec<Denial>>>;

    /// Begins a session, ends, as replaced, those of the list that are live, and returns the account as it is then.
    /// Nothing when there is no such account.
    async fn begin_session(&self, session: &NewSession, replaces: &[Denial], now: Timestamp)
    -> Result<Option<Account>>;

    /// The sessions with these identifiers and their accounts, in any order; one read.
    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>>;

    /// Writes a rotated session, if it is live and still at generation `from`. False when it is not: then nothing
    /// was written.
    async fn rotate(&self, from: u32, session: &Session) -> Result<bool>;

    /// Writes the grace periods of a session, if it is live and still at its generation. False when it is not: then
    /// nothing was written.
    async fn renew_grace(&self, session: &Session) -> Result<bool>;

    /// Marks the current generation as used, if it still is the current one.
    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()>;

    /// Ends a session that is live and writes the event; writes the denials of its access tokens in any case.
    /// False when there was no live one.
    async fn end_session(
        &self,
        id: SessionId,
        reason: EndReason,
        denials: &[Denial],
        event: &SecurityEvent,
        now: Timestamp,
    ) -> Result<bool>;

    /// The denials that have not expired.
    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>>;

    /// The security events of an account, newest first, `limit` at most.
    async fn events(&self, user_id: UserId, limit: u32) -> Result<Vec<SecurityEvent>>;

    /// Whether the store answers.
    async fn ready(&self) -> Result<()>;

    /// Writes everything out and lets go of the database.
    async fn close(&self);
}
