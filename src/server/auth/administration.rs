//! Administration: accounts, seen and changed by others than their owners.

use super::{
    devices::{MAX_EVENTS, MAX_SESSIONS},
    revocation::Revocation,
    summary,
    throttle::Throttle,
};
use crate::{
    server::{
        clock::{Clock, Timestamp},
        error::Error,
        id::UserId,
        store::{
            Store,
            model::{Account, AccountFilter, AccountSummary, ClientInfo, SecurityEvent, Which},
        },
    },
    shared::{EndReason, EventKind, Role, wire},
};
use std::sync::Arc;

/// How many accounts a page of them holds.
const PAGE_SIZE: u32 = 50;

/// Who changes an account, and where from. Every change is an event.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The administrator; none on the command line, and when it is the owner.
    pub id: Option<UserId>,
    /// Where the call came from.
    pub client: ClientInfo,
}

/// Sees and changes accounts.
pub struct Administration {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// Refuses the access tokens of ended sessions.
    pub revocation: Arc<Revocation>,
    /// Locks accounts after too many failures to sign in.
    pub throttle: Arc<Throttle>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Administration {
    /// One page of the accounts whose address contains `search`, from the one at `offset` on.
    ///
    /// # Errors
    /// The store's.
    pub async fn users(&self, search: &str, role: Option<Role>, offset: u32) -> Result<wire::UserPage, Error> {
        let search = search.trim().to_lowercase();
        let filter = AccountFilter { search, role, offset, limit: PAGE_SIZE };
        let now = self.clock.now();
        let (found, total) = self.store.find_accounts(&filter, now).await?;
        let mut users = Vec::with_capacity(found.len());
        for summary in &found {
            users.push(self.describe(summary, now).await?);
        }
        Ok(wire::UserPage { users, total, page_size: PAGE_SIZE })
    }

    /// Everything about one account.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the store's.
    pub async fn user(&self, id: UserId) -> Result<wire::UserDetails, Error> {
        let now = self.clock.now();
        let account = self.store.account(id).await?.ok_or(Error::NotFound)?;
        let sessions = summary::sessions(&self.store.sessions_of(id, MAX_SESSIONS).await?, None, now);
        let events = self.store.events(Some(id), MAX_EVENTS).await?;
        let live_sessions = sessions.iter().filter(|session| session.ended_at.is_none()).count();
        let last_seen_at = sessions.iter().map(|session| session.last_seen_at).max().map(Timestamp::from_secs);
        let live_sessions = u32::try_from(live_sessions).unwrap_or(u32::MAX);
        Ok(wire::UserDetails {
            user: self.describe(&AccountSummary { account, live_sessions, last_seen_at }, now).await?,
            sessions,
            events: summary::events(&events, Some(id)),
        })
    }

    /// The latest events that belong to no account.
    ///
    /// # Errors
    /// The store's.
    pub async fn events(&self) -> Result<wire::EventList, Error> {
        let events = self.store.events(None, MAX_EVENTS).await?;
        Ok(wire::EventList { events: summary::events(&events, None) })
    }

    /// Gives an account a role. Its sessions end, since their access tokens carry the old one.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`], or the store's.
    pub async fn set_role(&self, id: UserId, role: Role, by: Actor) -> Result<(), Error> {
        let event = SecurityEvent { detail: role.to_string(), ..self.event(id, EventKind::RoleChanged, by) };
        let ending = self.revocation.ending(EndReason::RoleChanged, event);
        let denials = self.store.set_role(id, role, &ending).await?.ok_or(Error::NotFound)?;
        self.revocation.enforce(&denials, ending.event.at);
        tracing::info!(user.id = %id, user.role = %role, actor.id = actor(&ending.event), "role changed");
        Ok(())
    }

    /// Ends all sessions of an account.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the store's.
    pub async fn revoke(&self, id: UserId, by: Actor) -> Result<(), Error> {
        self.account(id).await?;
        let event = self.event(id, EventKind::SessionsRevoked, by);
        let ending = self.revocation.ending(EndReason::RevokedByAdmin, event);
        let denials = self.store.end_sessions(id, Which::All, &ending).await?;
        self.revocation.enforce(&denials, ending.event.at);
        tracing::info!(user.id = %id, sessions = denials.len(), actor.id = actor(&ending.event), "sessions revoked");
        Ok(())
    }

    /// Lifts the lock on the sign-in of an account, for strangers and for the devices that know it.
    ///
    /// # Errors
    /// [`Error::NotFound`], the limiter's, or the store's.
    pub async fn unlock(&self, id: UserId, by: Actor) -> Result<(), Error> {
        let account = self.account(id).await?;
        let event = self.event(id, EventKind::Unlocked, by);
        self.store.record(&event).await?;
        self.throttle.unlock(&account.email).await?;
        tracing::info!(user.id = %id, actor.id = actor(&event), "unlocked");
        Ok(())
    }

    /// Deletes an account and everything about it. What stays is an event without a name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`], or the store's.
    pub async fn delete(&self, id: UserId, by: Actor) -> Result<(), Error> {
        let now = self.clock.now();
        let denial = self.revocation.of_user(id, now);
        let event = SecurityEvent {
            actor_id: by.id.filter(|actor| *actor != id),
            detail: id.to_string(),
            ..SecurityEvent::of_site(EventKind::AccountDeleted, now)
        };
        if !self.store.delete_account(id, &denial, &event).await? {
            return Err(Error::NotFound);
        }
        self.revocation.enforce(&[denial], now);
        tracing::info!(user.id = %id, actor.id = actor(&event), "account deleted");
        Ok(())
    }

    async fn describe(&self, summary: &AccountSummary, now: Timestamp) -> Result<wire::UserSummary, Error> {
        let AccountSummary { account, live_sessions, last_seen_at } = summary;
        let locked_until = self.throttle.lock_of(&account.email, now).await?;
        Ok(wire::UserSummary {
            id: account.id.to_string(),
            email: account.email.to_string(),
            role: account.role,
            created_at: account.created_at.as_secs(),
            sessions: *live_sessions,
            last_seen_at: last_seen_at.map(Timestamp::as_secs),
            locked_until: locked_until.map(Timestamp::as_secs),
        })
    }

    async fn account(&self, id: UserId) -> Result<Account, Error> {
        self.store.account(id).await?.ok_or(Error::NotFound)
    }

    fn event(&self, id: UserId, kind: EventKind, by: Actor) -> SecurityEvent {
        SecurityEvent { actor_id: by.id, client: by.client, ..SecurityEvent::of(id, kind, self.clock.now()) }
    }
}

fn actor(event: &SecurityEvent) -> Option<String> {
    event.actor_id.map(|id| id.to_string())
}
