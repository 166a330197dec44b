//! A store that is across a network, which may swallow everything: no unit of work takes longer than this.

use super::{
    AccountStore, ArchiveStore, EventStore, Result, SessionStore, Store,
    archive::Record,
    model::{
        Account, AccountFilter, AccountSummary, Credentials, Ending, NewAccount, NewSession, PasswordHash, Pruned,
        SecurityEvent, SessionRecord, Useless, Which,
    },
};
use crate::{
    server::{
        auth::{denylist::Denial, rotation::Session},
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::{Email, EndReason, Role},
};
use async_trait::async_trait;
use std::{future::Future, io, time::Duration};

/// Longer than what the server itself gives up after.
const WAIT: Duration = Duration::from_secs(5);

/// Passes every unit of work on, and gives up on it in time.
pub struct BoundedStore<S>(pub S);

async fn within<T: Send>(work: impl Future<Output = Result<T>> + Send) -> Result<T> {
    tokio::time::timeout(WAIT, work).await?
}

#[async_trait]
impl<S: Store> AccountStore for BoundedStore<S> {
    async fn create_account(&self, account: &NewAccount) -> Result<()> {
        within(self.0.create_account(account)).await
    }

    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        within(self.0.credentials(email)).await
    }

    async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>> {
        within(self.0.credentials_of(id)).await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        within(self.0.account(id)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        within(self.0.accounts()).await
    }

    async fn find_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<(Vec<AccountSummary>, u32)> {
        within(self.0.find_accounts(filter, now)).await
    }

    async fn upgrade_password(&self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<()> {
        within(self.0.upgrade_password(id, old, new)).await
    }

    async fn change_password(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        keep: SessionId,
        ending: &Ending,
    ) -> Result<Option<Vec<Denial>>> {
        within(self.0.change_password(id, old, new, keep, ending)).await
    }

    async fn set_role(&self, id: UserId, role: Role, ending: &Ending) -> Result<Option<Vec<Denial>>> {
        within(self.0.set_role(id, role, ending)).await
    }

    async fn delete_account(&self, id: UserId, denial: &Denial, event: &SecurityEvent) -> Result<bool> {
        within(self.0.delete_account(id, denial, event)).await
    }
}

#[async_trait]
impl<S: Store> SessionStore for BoundedStore<S> {
    async fn begin_session(
        &self,
        session: &NewSession,
        replaces: &[Denial],
        now: Timestamp,
    ) -> Result<Option<Account>> {
        within(self.0.begin_session(session, replaces, now)).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>> {
        within(self.0.sessions(ids)).await
    }

    async fn sessions_of(&self, user_id: UserId, limit: u32) -> Result<Vec<SessionRecord>> {
        within(self.0.sessions_of(user_id, limit)).await
    }

    async fn rotate(&self, from: u32, session: &Session) -> Result<bool> {
        within(self.0.rotate(from, session)).await
    }

    async fn renew_grace(&self, session: &Session) -> Result<bool> {
        within(self.0.renew_grace(session)).await
    }

    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()> {
        within(self.0.prove(id, generation, now)).await
    }

    async fn step_up(&self, id: SessionId, now: Timestamp) -> Result<bool> {
        within(self.0.step_up(id, now)).await
    }

    async fn end_session(
        &self,
        id: SessionId,
        reason: EndReason,
        denials: &[Denial],
        event: &SecurityEvent,
        now: Timestamp,
    ) -> Result<bool> {
        within(self.0.end_session(id, reason, denials, event, now)).await
    }

    async fn end_sessions(&self, user_id: UserId, which: Which, ending: &Ending) -> Result<Vec<Denial>> {
        within(self.0.end_sessions(user_id, which, ending)).await
    }

    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>> {
        within(self.0.denials(now)).await
    }
}

#[async_trait]
impl<S: Store> EventStore for BoundedStore<S> {
    async fn record(&self, event: &SecurityEvent) -> Result<()> {
        within(self.0.record(event)).await
    }

    async fn events(&self, user_id: Option<UserId>, limit: u32) -> Result<Vec<SecurityEvent>> {
        within(self.0.events(user_id, limit)).await
    }
}

/// However long it takes: nobody waits for an answer.
#[async_trait]
impl<S: Store> ArchiveStore for BoundedStore<S> {
    async fn export(&self, write: &mut (dyn FnMut(Record) -> io::Result<()> + Send)) -> Result<()> {
        self.0.export(write).await
    }

    async fn import(&self, records: &mut (dyn Iterator<Item = io::Result<Record>> + Send)) -> Result<()> {
        self.0.import(records).await
    }
}

#[async_trait]
impl<S: Store> Store for BoundedStore<S> {
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        within(self.0.prune(useless, limit)).await
    }

    async fn ready(&self) -> Result<()> {
        within(self.0.ready()).await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
