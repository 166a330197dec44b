//! Accounts in the store.

use super::{
    Result,
    model::{Account, AccountFilter, AccountSummary, Credentials, Ending, NewAccount, PasswordHash, SecurityEvent},
};
use crate::{
    server::{
        auth::denylist::Denial,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::{Email, Role},
};
use async_trait::async_trait;

/// Keeps accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Creates an account.
    ///
    /// # Errors
    /// [`super::StoreError::EmailTaken`] when there is one with that address.
    async fn create_account(&self, account: &NewAccount) -> Result<()>;

    /// The account with this address and what its password is checked against.
    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>>;

    /// The account with this identifier and what its password is checked against.
    async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>>;

    /// The account with this identifier.
    async fn account(&self, id: UserId) -> Result<Option<Account>>;

    /// Every account, oldest first.
    async fn accounts(&self) -> Result<Vec<Account>>;

    /// One page of the accounts that meet the filter, oldest first, and how many meet it in all.
    async fn find_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<(Vec<AccountSummary>, u32)>;

    /// Replaces a password's hash by one of the same password, unless another has taken its place meanwhile.
    async fn upgrade_password(&self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<()>;

    /// Replaces a password by another, marks it as just given in the session `keep`, ends the other sessions, and
    /// returns their denials. Nothing when another hash has taken the place of `old` meanwhile.
    async fn change_password(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        keep: SessionId,
        ending: &Ending,
    ) -> Result<Option<Vec<Denial>>>;

    /// Gives an account a role, ends its sessions, and returns their denials. Nothing when there is no such account.
    ///
    /// # Errors
    /// [`super::StoreError::LastAdmin`] when no administrator would be left.
    async fn set_role(&self, id: UserId, role: Role, ending: &Ending) -> Result<Option<Vec<Denial>>>;

    /// Deletes an account with its sessions and its events, and writes the denial and the event, which belongs to no
    /// account. False when there is no such account.
    ///
    /// # Errors
    /// [`super::StoreError::LastAdmin`] when no administrator would be left.
    async fn delete_account(&self, id: UserId, denial: &Denial, event: &SecurityEvent) -> Result<bool>;
}
