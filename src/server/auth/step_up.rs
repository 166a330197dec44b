//! Step-up: what matters most asks for a password that was given a short time ago (RFC 9470, DESIGN section 4).

use super::{
    access_token::{AccessTokenError, Claims},
    accounts::Accounts,
    sessions::Sessions,
};
use crate::server::{clock::Timestamp, error::Error};
use zeroize::Zeroizing;

impl Accounts {
    /// Takes the password of the caller's account again and remembers it in the session. Gives the time until which
    /// it counts.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::Busy`], [`AccessTokenError::Revoked`] when the session ended meanwhile,
    /// or the store's.
    pub async fn step_up(&self, claims: &Claims, password: Zeroizing<String>) -> Result<Timestamp, Error> {
        let credentials = self.store.credentials_of(claims.user_id).await?;
        self.verify(credentials, password).await?;
        let now = self.clock.now();
        if !self.store.step_up(claims.session_id, now).await? {
            return Err(AccessTokenError::Revoked.into());
        }
        tracing::info!(user.id = %claims.user_id, session.id = %claims.session_id, "stepped up");
        Ok(now + self.step_up_life)
    }
}

impl Sessions {
    /// Lets pass who has given the password in this session a short time ago, be it to sign in or to step up.
    ///
    /// # Errors
    /// [`Error::StepUpRequired`], [`AccessTokenError::Revoked`] when the session is no more, or the store's.
    pub async fn require_step_up(&self, claims: &Claims) -> Result<(), Error> {
        let (session, _) = self.of_claims(claims).await?;
        if self.clock.now() < session.authenticated_at + self.step_up_life {
            Ok(())
        } else {
            Err(Error::StepUpRequired(self.step_up_life))
        }
    }
}
