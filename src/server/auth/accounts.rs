//! Accounts: how they are made and how a password is checked.

use super::{
    access_token::{AccessTokenError, Claims},
    common_passwords,
    password::{PasswordHasher, Verdict},
    revocation::Revocation,
    throttle::attempt::Attempt,
};
use crate::{
    server::{
        clock::Clock,
        entropy::Entropy,
        error::Error,
        id::UserId,
        store::{
            Store,
            model::{Account, ClientInfo, Credentials, NewAccount, SecurityEvent},
        },
    },
    shared::{Email, EndReason, EventKind, NewPassword, PasswordFlaw, Role, password::MAX_BYTES},
};
use std::{sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// Makes accounts and checks their passwords.
pub struct Accounts {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// Hashes passwords.
    pub hasher: PasswordHasher,
    /// Refuses the access tokens of sessions that a new password ends.
    pub revocation: Arc<Revocation>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The fewest characters of a new password.
    pub password_min_chars: usize,
    /// How long a password counts as given a short time ago.
    pub step_up_life: Duration,
}

impl Accounts {
    /// Creates an account.
    ///
    /// # Errors
    /// [`Error::InvalidEmail`], [`Error::WeakPassword`], [`Error::EmailTaken`], [`Error::Busy`], or the store's.
    pub async fn create(&self, email: &str, password: &str, role: Role) -> Result<Account, Error> {
        let email = Email::parse(email).map_err(|_| Error::InvalidEmail)?;
        let password = self.parse_password(password, &email)?;
        let hash = self.hasher.hash(Zeroizing::new(password.expose().to_owned())).await?;
        let account = Account { id: UserId::generate(&*self.entropy), email, role, created_at: self.clock.now() };
        self.store.create_account(&NewAccount { account: account.clone(), password: hash }).await?;
        tracing::info!(user.id = %account.id, user.role = %role, "account created");
        Ok(account)
    }

    /// Checks an email address and a password. Every way to be wrong costs the same and says the same.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::Busy`], or the store's.
    pub async fn authenticate(
        &self,
        email: &str,
        password: Zeroizing<String>,
        attempt: Attempt<'_>,
    ) -> Result<Account, Error> {
        let found = match Email::parse(email) {
            Ok(email) => self.store.credentials(&email).await,
            Err(_) => Ok(None),
        };
        let user_id = found.as_ref().ok().and_then(|found| Some(found.as_ref()?.account.id));
        let checked = match found {
            // A locked account is none, so that the right password does the work of a wrong one.
            Ok(found) => self.verify(found.filter(|_| !attempt.is_locked()), password).await,
            Err(error) => Err(error.into()),
        };
        attempt.settle(user_id, checked).await
    }

    /// Checks a password against an account's; without an account it costs the same and is never right.
    pub(super) async fn verify(
        &self,
        credentials: Option<Credentials>,
        password: Zeroizing<String>,
    ) -> Result<Account, Error> {
        if password.len() > MAX_BYTES {
            return Err(Error::InvalidCredentials);
        }
        let stored = credentials.as_ref().map(|credentials| credentials.password.clone());
        let verdict = self.hasher.verify(password, stored).await?;
        let (credentials, verdict) = match (credentials, verdict) {
            (Some(credentials), verdict @ (Verdict::Right | Verdict::RightUpgrade(_))) => (credentials, verdict),
            (credentials, _) => {
                let user_id = credentials.map(|credentials| credentials.account.id.to_string());
                tracing::info!(user.id = user_id, "password refused");
                return Err(Error::InvalidCredentials);
            }
        };
        if let Verdict::RightUpgrade(new) = verdict {
            self.store.upgrade_password(credentials.account.id, &credentials.password, &new).await?;
            tracing::info!(user.id = %credentials.account.id, "password hash upgraded");
        }
        Ok(credentials.account)
    }

    /// Changes the password of the caller's account, ends its other sessions, and counts as a step-up of this one.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] when `current` is not the password, [`Error::WeakPassword`], [`Error::Busy`], or
    /// the store's.
    pub async fn change_password(
        &self,
        caller: &Claims,
        current: Zeroizing<String>,
        new: Zeroizing<String>,
        client: ClientInfo,
    ) -> Result<(), Error> {
        let credentials = self.store.credentials_of(caller.user_id).await?.ok_or(AccessTokenError::Revoked)?;
        if current.len() > MAX_BYTES {
            return Err(Error::InvalidCredentials);
        }
        if self.hasher.verify(current, Some(credentials.password.clone())).await? == Verdict::Wrong {
            tracing::info!(user.id = %caller.user_id, "password refused");
            return Err(Error::InvalidCredentials);
        }
        let new = self.parse_password(&new, &credentials.account.email)?;
        let hash = self.hasher.hash(Zeroizing::new(new.expose().to_owned())).await?;
        let event = SecurityEvent {
            session_id: Some(caller.session_id),
            client,
            ..SecurityEvent::of(caller.user_id, EventKind::PasswordChanged, self.clock.now())
        };
        let ending = self.revocation.ending(EndReason::PasswordChanged, event);
        let changed = self
            .store
            .change_password(caller.user_id, &credentials.password, &hash, caller.session_id, &ending)
            .await?;
        // Nothing when another change came first: then `current` is not the password any more.
        let denials = changed.ok_or(Error::InvalidCredentials)?;
        self.revocation.enforce(&denials, ending.event.at);
        tracing::info!(user.id = %caller.user_id, sessions.ended = denials.len(), "password changed");
        Ok(())
    }

    fn parse_password(&self, password: &str, email: &Email) -> Result<NewPassword, Error> {
        let weak = |flaw| Error::WeakPassword { flaw, min_chars: self.password_min_chars };
        let parsed = NewPassword::parse(password, email.as_str(), self.password_min_chars).map_err(weak)?;
        if common_passwords::contains(parsed.expose()) { Err(weak(PasswordFlaw::Common)) } else { Ok(parsed) }
    }
}
