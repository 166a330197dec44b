//! Sessions and denials in the store.

use super::{
    Result,
    model::{Account, Ending, NewSession, SecurityEvent, SessionRecord, Which},
};
use crate::{
    server::{
        auth::{denylist::Denial, rotation::Session},
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::EndReason,
};
use async_trait::async_trait;

/// Keeps sessions, and the denials of their access tokens.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Begins a session, ends, as replaced, those of the list that are live, and returns the account as it is then.
    /// Nothing when there is no such account.
    async fn begin_session(&self, session: &NewSession, replaces: &[Denial], now: Timestamp)
    -> Result<Option<Account>>;

    /// The sessions with these identifiers and their accounts, in any order; one read.
    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>>;

    /// The sessions of an account, first those that were not ended, last seen first, `limit` at most.
    async fn sessions_of(&self, user_id: UserId, limit: u32) -> Result<Vec<SessionRecord>>;

    /// Writes a rotated session, if it is live and still at generation `from`. False when it is not: then nothing
    /// was written.
    async fn rotate(&self, from: u32, session: &Session) -> Result<bool>;

    /// Writes the grace periods of a session, if it is live and still at its generation. False when it is not: then
    /// nothing was written.
    async fn renew_grace(&self, session: &Session) -> Result<bool>;

    /// Marks the current generation as used, if it still is the current one.
    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()>;

    /// Marks the password as just given in a session. False when the session has ended.
    async fn step_up(&self, id: SessionId, now: Timestamp) -> Result<bool>;

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

    /// Ends the live sessions of an account that are meant, and returns their denials. With none, nothing is written.
    async fn end_sessions(&self, user_id: UserId, which: Which, ending: &Ending) -> Result<Vec<Denial>>;

    /// The denials that have not expired.
    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>>;
}
