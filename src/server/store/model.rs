//! What goes into the store and comes out of it.

use crate::{
    server::{
        auth::refresh_token::RefreshTokenHash,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::{Email, EndReason, EventKind, Role},
};
use std::fmt;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: UserId,
    /// Address, unique.
    pub email: Email,
    /// Role.
    pub role: Role,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What a password is checked against. It never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    /// bcrypt's own form: version, cost, salt and hash.
    pub bcrypt: String,
    /// Which pepper went into it.
    pub pepper_id: String,
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// An account and its password's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Whose they are.
    pub account: Account,
    /// The hash.
    pub password: PasswordHash,
}

/// An account to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// Its password's hash.
    pub password: PasswordHash,
}

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Identifier.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The hash of its first refresh token.
    pub token_hash: RefreshTokenHash,
    /// When it ends unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// Who asked for it.
    pub client: ClientInfo,
}

/// Where a call came from, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// The `User-Agent`, printable and cut to 256 characters.
    pub user_agent: String,
    /// The client's address.
    pub ip: String,
}

/// Something that happened to an account or to the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// What happened.
    pub kind: EventKind,
    /// To whose account; to none when it concerns the whole site.
    pub user_id: Option<UserId>,
    /// Which administrator did it; none when it was the owner or nobody.
    pub actor_id: Option<UserId>,
    /// In which session, if in one.
    pub session_id: Option<SessionId>,
    /// What more there is to know: a role, a key id; never personal data.
    pub detail: String,
    /// When.
    pub at: Timestamp,
    /// Where from.
    pub client: ClientInfo,
}

impl SecurityEvent {
    /// What happened to an account at this moment; the rest is empty.
    pub fn of(user_id: UserId, kind: EventKind, at: Timestamp) -> Self {
        Self { user_id: Some(user_id), ..Self::of_site(kind, at) }
    }

    /// What happened to the site at this moment; the rest is empty.
    pub fn of_site(kind: EventKind, at: Timestamp) -> Self {
        Self {
            kind,
            user_id: None,
            actor_id: None,
            session_id: None,
            detail: String::new(),
            at,
            client: ClientInfo::default(),
        }
    }
}

/// Which of an account's live sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(SessionId),
    /// All but this one.
    AllBut(SessionId),
    /// All.
    All,
}

impl Which {
    /// The only one that is meant, and the one that is not.
    pub const fn only_and_but(self) -> (Option<SessionId>, Option<SessionId>) {
        match self {
            Self::One(id) => (Some(id), None),
            Self::AllBut(id) => (None, Some(id)),
            Self::All => (None, None),
        }
    }
}

/// How sessions are ended before their time.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Why.
    pub reason: EndReason,
    /// Until when their access tokens are denied.
    pub denied_until: Timestamp,
    /// What is written of it; its time is the time of the end.
    pub event: SecurityEvent,
}

/// A session, as far as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Identifier.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last refreshed.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// When and why it was ended, if it was.
    pub ended: Option<(Timestamp, EndReason)>,
    /// Who began it.
    pub client: ClientInfo,
}

/// Which accounts are looked for.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// A part of the address, in lower case; empty for any.
    pub search: String,
    /// The role; none for any.
    pub role: Option<Role>,
    /// How many to pass over.
    pub offset: u32,
    /// How many to give at most.
    pub limit: u32,
}

impl AccountFilter {
    /// The part of the address for `LIKE … ESCAPE '!'`, which takes every character of it for itself.
    pub fn escaped_search(&self) -> String {
        self.search.chars().fold(String::new(), |mut escaped, c| {
            if matches!(c, '%' | '_' | '!') {
                escaped.push('!');
            }
            escaped.push(c);
            escaped
        })
    }
}

/// An account and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// The account.
    pub account: Account,
    /// How many of its sessions are live.
    pub live_sessions: u32,
    /// When one of its sessions last refreshed.
    pub last_seen_at: Option<Timestamp>,
}

/// What nobody needs any more. A session has to be past its absolute end too: until then the replay of one of its
/// refresh tokens must be seen for what it is.
#[derive(Clone, Copy, Debug)]
pub struct Useless {
    /// Denials that expired and sessions that reached their absolute end until now.
    pub now: Timestamp,
    /// Sessions that ended or ran out until then.
    pub sessions_over_since: Timestamp,
    /// Events until then.
    pub events_since: Timestamp,
}

/// How many rows were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Denials.
    pub denials: u64,
    /// Sessions.
    pub sessions: u64,
    /// Security events.
    pub events: u64,
}
