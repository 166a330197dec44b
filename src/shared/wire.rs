//! The bodies of the calls.

use super::Role;
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
}

/// The success of a call that has nothing to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}
