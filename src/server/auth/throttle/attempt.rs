//! One try to sign in, counted as a failure before anything is known about it.

use super::{
    Throttle,
    limiter::{Hit, Key},
};
use crate::{
    server::{
        error::Error,
        id::UserId,
        store::model::{Account, ClientInfo, SecurityEvent},
    },
    shared::EventKind,
};
use tracing::Instrument;

/// The number of consecutive failures that the owner is told of.
const BURST: u32 = 3;

/// A try to sign in. One that is dropped, because the client hung up for instance, stays a failure.
pub struct Attempt<'a> {
    pub(super) throttle: &'a Throttle,
    /// The count of failures: the account's, or that of a device that knows the account.
    pub(super) key: Key,
    /// Where to note that such a device is locked out.
    pub(super) device_locks: Option<Key>,
    pub(super) hit: Hit,
    pub(super) client: ClientInfo,
}

impl Attempt<'_> {
    /// Whether no password is right: there were too many failures.
    pub const fn is_locked(&self) -> bool {
        !self.hit.counted
    }

    /// Makes the count what it has to be after the password was checked, and passes the outcome on. `user_id` is the
    /// account's, if there is one.
    ///
    /// A success ends the count that it was on and no other. Were a device's to end the account's too, whoever guesses
    /// elsewhere could go on for as long as the owner signs in now and then.
    ///
    /// # Errors
    /// Those of the check, or [`Error::Limiter`].
    pub async fn settle(self, user_id: Option<UserId>, checked: Result<Account, Error>) -> Result<Account, Error> {
        let limiter = &*self.throttle.limiter;
        match &checked {
            _ if self.is_locked() => tracing::info!(user.id = user_id.map(tracing::field::display), "locked"),
            Ok(_) => limiter.clear(self.key).await?,
            Err(Error::InvalidCredentials) => self.failed(user_id).await?,
            // Nothing was judged: a busy server must not lock anybody out.
            Err(_) => limiter.give_back(self.key).await?,
        }
        checked
    }

    async fn failed(&self, user_id: Option<UserId>) -> Result<(), Error> {
        let failures = self.hit.tally.hits;
        if failures == self.throttle.limits.lockout.quota {
            if let Some(key) = self.device_locks {
                self.throttle.limiter.hit(key, self.throttle.lockout(), self.throttle.clock.now()).await?;
            }
            tracing::warn!(
                user.id = user_id.map(tracing::field::display),
                "account locked after too many failures to sign in"
            );
            self.tell(EventKind::Locked, user_id);
        } else if failures == BURST {
            self.tell(EventKind::FailedSignIns, user_id);
        }
        Ok(())
    }

    /// Writes an event off the request's path, since there is none for an account that does not exist.
    fn tell(&self, kind: EventKind, user_id: Option<UserId>) {
        let Some(user_id) = user_id else { return };
        let Self { throttle, client, .. } = self;
        let event = SecurityEvent { client: client.clone(), ..SecurityEvent::of(user_id, kind, throttle.clock.now()) };
        let store = throttle.store.clone();
        let write = async move {
            if let Err(error) = store.record(&event).await {
                tracing::error!(user.id = %user_id, %error, "a security event was not written");
            }
        };
        tokio::spawn(write.in_current_span());
    }
}
