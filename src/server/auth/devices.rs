//! The devices of an account: its sessions, seen and ended by their owner.

use super::{access_token::Claims, sessions::Sessions, summary};
use crate::{
    server::{
        error::Error,
        id::SessionId,
        store::model::{ClientInfo, SecurityEvent, Which},
    },
    shared::{EndReason, EventKind, wire},
};

/// The most sessions of an account that are shown.
pub const MAX_SESSIONS: u32 = 100;
/// The most events of an account that are shown.
pub const MAX_EVENTS: u32 = 100;

impl Sessions {
    /// The sessions of the caller's account.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, caller: &Claims) -> Result<wire::SessionList, Error> {
        let records = self.store.sessions_of(caller.user_id, MAX_SESSIONS).await?;
        Ok(wire::SessionList { sessions: summary::sessions(&records, Some(caller.session_id), self.clock.now()) })
    }

    /// The security events of the caller's account.
    ///
    /// # Errors
    /// The store's.
    pub async fn events(&self, caller: &Claims) -> Result<wire::EventList, Error> {
        let events = self.store.events(Some(caller.user_id), MAX_EVENTS).await?;
        Ok(wire::EventList { events: summary::events(&events, Some(caller.user_id)) })
    }

    /// Ends one session of the caller's account.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no live one with this identifier, or the store's.
    pub async fn revoke(&self, caller: &Claims, id: &str, client: ClientInfo) -> Result<(), Error> {
        let id: SessionId = id.parse().map_err(|_| Error::NotFound)?;
        let ended = self.end_own(caller, Which::One(id), EventKind::SessionRevoked, client).await?;
        if ended == 0 { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Ends all sessions of the caller's account but the one that asks.
    ///
    /// # Errors
    /// The store's.
    pub async fn revoke_others(&self, caller: &Claims, client: ClientInfo) -> Result<(), Error> {
        self.end_own(caller, Which::AllBut(caller.session_id), EventKind::SessionsRevoked, client).await?;
        Ok(())
    }

    /// Ends all sessions of the caller's account.
    ///
    /// # Errors
    /// [`Error::StepUpRequired`], or the store's.
    pub async fn revoke_all(&self, caller: &Claims, client: ClientInfo) -> Result<(), Error> {
        self.require_step_up(caller).await?;
        self.end_own(caller, Which::All, EventKind::SessionsRevoked, client).await?;
        Ok(())
    }

    async fn end_own(
        &self,
        caller: &Claims,
        which: Which,
        kind: EventKind,
        client: ClientInfo,
    ) -> Result<usize, Error> {
        let now = self.clock.now();
        let session_id = if let Which::One(id) = which { Some(id) } else { None };
        let event = SecurityEvent { session_id, client, ..SecurityEvent::of(caller.user_id, kind, now) };
        let ending = self.revocation.ending(EndReason::Revoked, event);
        let denials = self.store.end_sessions(caller.user_id, which, &ending).await?;
        self.revocation.enforce(&denials, now);
        tracing::info!(user.id = %caller.user_id, sessions = denials.len(), "sessions revoked");
        Ok(denials.len())
    }
}
