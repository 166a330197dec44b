//! What the calls under `/auth` answer: tokens in the body, and changes of cookies beside it.

use super::rotation::Session;
use crate::{
    server::{clock::Timestamp, error::Error, id::SessionId},
    shared::wire,
};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a cookie outlives a session that reached its absolute end.
const COOKIE_AFTERLIFE: Duration = Duration::from_mins(1);

/// What a call changes in the client's cookie jar.
#[derive(Default)]
pub struct CookieChanges {
    /// The refresh token to keep, and for how long.
    pub set: Option<(SessionId, Zeroizing<String>, Duration)>,
    /// The sessions whose refresh tokens to forget.
    pub clear: Vec<SessionId>,
}

/// The answer to register, login or refresh: tokens or an error, and in both cases the changes of cookies.
pub struct Answer {
    /// What goes into the body.
    pub body: Result<wire::TokenResponse, Error>,
    /// What goes into the headers.
    pub cookies: CookieChanges,
}

/// When a session ends, for want of refreshes and in any case.
#[derive(Clone, Copy)]
pub struct Ends {
    /// For want of refreshes.
    pub idle_expires_at: Timestamp,
    /// In any case.
    pub absolute_expires_at: Timestamp,
}

impl Ends {
    /// Of a session.
    pub const fn of(session: &Session) -> Self {
        Self { idle_expires_at: session.idle_expires_at, absolute_expires_at: session.absolute_expires_at }
    }

    /// The earlier of the two.
    pub fn first(self) -> Timestamp {
        self.idle_expires_at.min(self.absolute_expires_at)
    }

    /// To the end of the session, and past an absolute one just long enough for an open page to be told of it.
    pub fn cookie_life(self, now: Timestamp) -> Duration {
        if self.absolute_expires_at < self.idle_expires_at {
            self.absolute_expires_at.since(now) + COOKIE_AFTERLIFE
        } else {
            self.idle_expires_at.since(now)
        }
    }
}
