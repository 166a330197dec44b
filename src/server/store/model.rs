//! What goes into the store and comes out of it.

use crate::{
    server::{
        auth::refresh_token::RefreshTokenHash,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::{Email, Role},
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

/// Something that an account's owner should be able to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// Whose account.
    pub user_id: UserId,
    /// What happened.
    pub kind: EventKind,
    /// In which session, if in one.
    pub session_id: Option<SessionId>,
    /// When.
    pub at: Timestamp,
    /// Where from.
    pub client: ClientInfo,
}

/// The kinds of security events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A session began.
    SignedIn,
    /// Its user ended a session.
    SignedOut,
    /// A replaced refresh token was presented again, which ended the session.
    RefreshTokenReused,
    /// The role changed.
    RoleChanged,
}

impl EventKind {
    const ALL: [Self; 4] = [Self::SignedIn, Self::SignedOut, Self::RefreshTokenReused, Self::RoleChanged];

    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::RoleChanged => "role_changed",
        }
    }

    /// The kind with this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
