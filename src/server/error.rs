//! One error for the services, and what each becomes on the wire.

use super::{
    auth::{
        access_token::AccessTokenError,
        password::{BUSY_RETRY_AFTER, HashError},
        throttle::limiter::LimiterError,
    },
    id::SessionId,
    store::StoreError,
};
use crate::shared::{Code, EndReason, PasswordFlaw, Problem};
use std::time::Duration;

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The email address is none.
    #[error("not an email address")]
    InvalidEmail,
    /// The new password is not good enough.
    #[error("weak password: {flaw}")]
    WeakPassword {
        /// Why.
        flaw: PasswordFlaw,
        /// The fewest characters it may have.
        min_chars: usize,
    },
    /// Unknown address or wrong password.
    #[error("email or password is not right")]
    InvalidCredentials,
    /// The email address belongs to an account.
    #[error("the email address is taken")]
    EmailTaken,
    /// No access token came with the call.
    #[error("no access token")]
    MissingToken,
    /// The access token is refused.
    #[error(transparent)]
    AccessToken(#[from] AccessTokenError),
    /// The password was given longer ago than this.
    #[error("step-up required")]
    StepUpRequired(Duration),
    /// There would be no administrator left.
    #[error("no administrator would be left")]
    LastAdmin,
    /// There is no such thing, or it is none of the caller's business.
    #[error("not found")]
    NotFound,
    /// The role does not allow it.
    #[error("forbidden")]
    Forbidden,
    /// No refresh token came with the call.
    #[error("no refresh token")]
    MissingRefreshToken,
    /// No authentic refresh token came with the call.
    #[error("no authentic refresh token")]
    InvalidRefreshToken,
    /// The session of the refresh token is over.
    #[error("the session has ended: {}", .0.as_str())]
    SessionEnded(EndReason),
    /// A replaced refresh token was presented, and its session ended for it.
    #[error("refresh token of session {0} reused")]
    RefreshTokenReused(SessionId),
    /// More than is allowed in this time.
    #[error("too many attempts")]
    TooManyAttempts(Duration),
    /// The call cannot be read.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// Every thread for hashing is taken and the queue is full.
    #[error("the hashing queue is full")]
    Busy,
    /// Others kept winning the race for one session.
    #[error("the session is contended")]
    Contended,
    /// What the other nodes revoke cannot be known.
    #[error("the denylist is blind")]
    Blind,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The limiter failed.
    #[error(transparent)]
    Limiter(#[from] LimiterError),
    /// A library failed that never should.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::EmailTaken => Self::EmailTaken,
            StoreError::LastAdmin => Self::LastAdmin,
            other => Self::Store(other),
        }
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Failed(why) => Self::Internal(why),
        }
    }
}

impl From<jsonwebtoken::errors::Error> for Error {
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<Error> for Problem {
    /// The boundary: what the caller may know goes into the problem, and what only we may know into the log, once.
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidEmail => Code::InvalidEmail.into(),
            Error::WeakPassword { flaw, min_chars } => Self::weak_password(flaw, min_chars),
            Error::InvalidCredentials => Code::InvalidCredentials.into(),
            Error::EmailTaken => Code::EmailTaken.into(),
            Error::MissingToken => Code::MissingToken.into(),
            Error::AccessToken(error) => error.code().into(),
            Error::StepUpRequired(max_age) => {
                Self::step_up_required(u32::try_from(max_age.as_secs()).unwrap_or(u32::MAX))
            }
            Error::LastAdmin => Code::LastAdmin.into(),
            Error::NotFound => Code::NotFound.into(),
            Error::Forbidden => Code::Forbidden.into(),
            Error::MissingRefreshToken => Code::MissingRefreshToken.into(),
            Error::InvalidRefreshToken => Code::InvalidRefreshToken.into(),
            Error::SessionEnded(reason) => Self::session_ended(reason),
            Error::RefreshTokenReused(_) => Code::RefreshTokenReused.into(),
            Error::TooManyAttempts(wait) => {
                Self::new(Code::TooManyAttempts).with_retry_after(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX))
            }
            Error::Malformed(detail) => Self::new(Code::MalformedRequest).with_detail(detail),
            Error::Busy => Self::new(Code::Busy).with_retry_after(BUSY_RETRY_AFTER),
            Error::Contended => Self::new(Code::Busy).with_retry_after(1),
            Error::Blind => Code::Unavailable.into(),
            Error::Store(error) => {
                tracing::error!(%error, "the store failed");
                Code::Unavailable.into()
            }
            Error::Limiter(error) => {
                tracing::error!(%error, "nothing can be counted");
                Code::Unavailable.into()
            }
            Error::Internal(error) => {
                tracing::error!(%error, "a library failed");
                Code::InternalError.into()
            }
        }
    }
}
