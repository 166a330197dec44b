//! A store that remembers what was asked of it, and that can be made to fail.

use async_trait::async_trait;
use counterfoil::{
    server::{
        auth::{denylist::Denial, rotation::Session},
        clock::Timestamp,
        id::{SessionId, UserId},
        store::{
            AccountStore, ArchiveStore, EventStore, Result, SessionStore, Store, StoreError,
            archive::Record,
            model::{
                Account, AccountFilter, AccountSummary, Credentials, Ending, NewAccount, NewSession, PasswordHash,
                Pruned, SecurityEvent, SessionRecord, Useless, Which,
            },
        },
    },
    shared::{Email, EndReason, Role},
};
use std::{
    io,
    sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// Stands in the message of a panic; no answer and no log may hold it.
pub const MAD: &str = "hunter2-in-a-panic";

/// What the store does with the next calls.
#[derive(Clone, Copy, Debug, Default)]
pub enum Mood {
    /// What it is asked to.
    #[default]
    Well,
    /// Fails, as if the database were gone.
    Gone,
    /// Never says whether it is ready.
    Stuck,
    /// Panics, with a text that nobody may see.
    Mad,
}

/// Passes every call on and writes its name down.
pub struct CountingStore {
    inner: Arc<dyn Store>,
    calls: Mutex<Vec<&'static str>>,
    done: watch::Sender<usize>,
    mood: Mutex<Mood>,
}

impl CountingStore {
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, calls: Mutex::default(), done: watch::Sender::default(), mood: Mutex::default() }
    }

    /// The calls since the last time it was asked.
    pub fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    pub fn forget(&self) {
        self.take();
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Waits until a use of an access token has been written.
    pub async fn proof_written(&self) {
        let mut done = self.done.subscribe();
        let written = done.wait_for(|count| *count > 0);
        tokio::time::timeout(std::time::Duration::from_secs(10), written).await.expect("no use was written").unwrap();
    }

    fn is_stuck(&self) -> bool {
        matches!(*self.mood.lock().unwrap(), Mood::Stuck)
    }

    fn note(&self, name: &'static str) -> Result<&dyn Store> {
        self.calls.lock().unwrap().push(name);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well | Mood::Stuck => Ok(&*self.inner),
            Mood::Gone => Err(StoreError::Failed(sqlx::Error::PoolClosed)),
            Mood::Mad => panic!("the store lost its mind over {MAD}"),
        }
    }
}

#[async_trait]
impl AccountStore for CountingStore {
    async fn create_account(&self, account: &NewAccount) -> Result<()> {
        self.note("create_account")?.create_account(account).await
    }

    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        self.note("credentials")?.credentials(email).await
    }

    async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>> {
        self.note("credentials_of")?.credentials_of(id).await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        self.note("account")?.account(id).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.note("accounts")?.accounts().await
    }

    async fn find_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<(Vec<AccountSummary>, u32)> {
        self.note("find_accounts")?.find_accounts(filter, now).await
    }

    async fn upgrade_password(&self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<()> {
        self.note("upgrade_password")?.upgrade_password(id, old, new).await
    }

    async fn change_password(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        keep: SessionId,
        ending: &Ending,
    ) -> Result<Option<Vec<Denial>>> {
        self.note("change_password")?.change_password(id, old, new, keep, ending).await
    }

    async fn set_role(&self, id: UserId, role: Role, ending: &Ending) -> Result<Option<Vec<Denial>>> {
        self.note("set_role")?.set_role(id, role, ending).await
    }

    async fn delete_account(&self, id: UserId, denial: &Denial, event: &SecurityEvent) -> Result<bool> {
        self.note("delete_account")?.delete_account(id, denial, event).await
    }
}

#[async_trait]
impl SessionStore for CountingStore {
    async fn begin_session(
        &self,
        session: &NewSession,
        replaces: &[Denial],
        now: Timestamp,
    ) -> Result<Option<Account>> {
        self.note("begin_session")?.begin_session(session, replaces, now).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>> {
        self.note("sessions")?.sessions(ids).await
    }

    async fn sessions_of(&self, user_id: UserId, limit: u32) -> Result<Vec<SessionRecord>> {
        self.note("sessions_of")?.sessions_of(user_id, limit).await
    }

    async fn rotate(&self, from: u32, session: &Session) -> Result<bool> {
        self.note("rotate")?.rotate(from, session).await
    }

    async fn renew_grace(&self, session: &Session) -> Result<bool> {
        self.note("renew_grace")?.renew_grace(session).await
    }

    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()> {
        let result = self.note("prove")?.prove(id, generation, now).await;
        self.done.send_modify(|count| *count += 1);
        result
    }

    async fn step_up(&self, id: SessionId, now: Timestamp) -> Result<bool> {
        self.note("step_up")?.step_up(id, now).await
    }

    async fn end_session(
        &self,
        id: SessionId,
        reason: EndReason,
        denials: &[Denial],
        event: &SecurityEvent,
        now: Timestamp,
    ) -> Result<bool> {
        self.note("end_session")?.end_session(id, reason, denials, event, now).await
    }

    async fn end_sessions(&self, user_id: UserId, which: Which, ending: &Ending) -> Result<Vec<Denial>> {
        self.note("end_sessions")?.end_sessions(user_id, which, ending).await
    }

    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>> {
        self.note("denials")?.denials(now).await
    }
}

#[async_trait]
impl EventStore for CountingStore {
    async fn record(&self, event: &SecurityEvent) -> Result<()> {
        self.note("record")?.record(event).await
    }

    async fn events(&self, user_id: Option<UserId>, limit: u32) -> Result<Vec<SecurityEvent>> {
        self.note("events")?.events(user_id, limit).await
    }
}

#[async_trait]
impl ArchiveStore for CountingStore {
    async fn export(&self, write: &mut (dyn FnMut(Record) -> io::Result<()> + Send)) -> Result<()> {
        self.note("export")?.export(write).await
    }

    async fn import(&self, records: &mut (dyn Iterator<Item = io::Result<Record>> + Send)) -> Result<()> {
        self.note("import")?.import(records).await
    }
}

#[async_trait]
impl Store for CountingStore {
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        self.note("prune")?.prune(useless, limit).await
    }

    async fn ready(&self) -> Result<()> {
        let inner = self.note("ready")?;
        if self.is_stuck() { std::future::pending().await } else { inner.ready().await }
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
