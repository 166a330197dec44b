//! The bodies of the calls.

use super::{EndReason, EventKind, Role};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// An access token as text. It wipes its memory when dropped and never prints itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    /// Takes over the buffer, so that no second copy stays behind.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The token as text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// The type of every access token (RFC 6750): whoever bears it may use it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenType {
    /// The only one there is.
    #[default]
    Bearer,
}

/// The success of register, login and refresh (RFC 6749 section 5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: AccessToken,
    /// How to present it.
    pub token_type: TokenType,
    /// Seconds until it expires, from now.
    pub expires_in: u32,
    /// Whose it is.
    pub user: User,
}

/// An account as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Identifier, 32 hex digits; the `sub` of its tokens.
    pub id: String,
    /// Email address.
    pub email: String,
    /// Role.
    pub role: Role,
}

/// The caller of `GET /api/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Identifier, 32 hex digits.
    pub id: String,
    /// Email address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// The session of the access token, 32 hex digits.
    pub session_id: String,
    /// When the account was created, in seconds since 1970 UTC.
    pub created_at: i64,
    /// When this session began, in seconds since 1970 UTC.
    pub signed_in_at: i64,
    /// Until when what needs a fresh password is allowed without asking for it, in seconds since 1970 UTC.
    pub step_up_until: i64,
}

/// The success of a step-up (RFC 9470).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// Until when it counts, in seconds since 1970 UTC.
    pub step_up_until: i64,
}

/// A session, for the owner of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// The session, 32 hex digits.
    pub id: String,
    /// Browser and operating system.
    pub name: String,
    /// Whether it is the session that asks.
    pub current: bool,
    /// Where it was last seen from: an address without its last part.
    pub network: String,
    /// When it began, in seconds since 1970 UTC.
    pub signed_in_at: i64,
    /// When it last refreshed, in seconds since 1970 UTC.
    pub last_seen_at: i64,
    /// When it ended, in seconds since 1970 UTC; absent while it is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// Why it ended; absent while it is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
}

/// The sessions of an account: the one that asks first, then the live ones, last seen first, then those that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    /// The sessions.
    pub sessions: Vec<SessionSummary>,
}

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When, in seconds since 1970 UTC.
    pub at: i64,
    /// Whether an administrator did it.
    pub by_admin: bool,
    /// The account that it happened to, 32 hex digits, when an administrator is told of another one; else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// Browser and operating system that it came from; empty when it came from none.
    pub device: String,
    /// The address that it came from, without its last part; empty when it came from none.
    pub network: String,
    /// What more there is to know: a role, a key id; often empty.
    pub detail: String,
}

/// The latest security events, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventList {
    /// The events.
    pub events: Vec<Event>,
}

/// An account, for administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// Identifier, 32 hex digits.
    pub id: String,
    /// Email address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// When the account was created, in seconds since 1970 UTC.
    pub created_at: i64,
    /// How many of its sessions are live.
    pub sessions: u32,
    /// When one of its sessions was last seen, in seconds since 1970 UTC; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<i64>,
    /// Until when sign-in from unknown devices is locked, in seconds since 1970 UTC; absent while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<i64>,
}

/// One page of the accounts that were searched for, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// The accounts.
    pub users: Vec<UserSummary>,
    /// How many were found in all.
    pub total: u32,
    /// How many a page holds at most.
    pub page_size: u32,
}

/// Everything that administrators see of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetails {
    /// The account.
    pub user: UserSummary,
    /// Its sessions.
    pub sessions: Vec<SessionSummary>,
    /// Its latest security events.
    pub events: Vec<Event>,
}

/// A signing key as an administrator sees it. Moments are in seconds since 1970 UTC; one that is not known is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    /// Its name in `kid`.
    pub kid: String,
    /// Its name in `alg`.
    pub algorithm: String,
    /// What it is used for now.
    pub state: KeyState,
    /// Since when others can know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<i64>,
    /// From when it signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_from: Option<i64>,
    /// When it stops signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<i64>,
    /// When its last token has ended, and it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
}

/// The signing keys that are not gone, in the order in which they sign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeyList {
    /// The keys.
    pub keys: Vec<SigningKey>,
}

/// What a signing key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, so that verifiers have it when it begins to sign.
    Next,
    /// Signs.
    Current,
    /// Verifies until the last token that it signed has ended.
    Retired,
}

impl KeyState {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }
}

/// The success of a call that has nothing to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}
