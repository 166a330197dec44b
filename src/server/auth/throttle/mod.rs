//! Throttling and lock-out (DESIGN section 5): everything is counted before it is looked up or hashed, for accounts
//! that exist and for those that do not alike.

pub mod attempt;
pub mod device;
pub mod limit;
pub mod limiter;
pub mod memory;
pub mod network;

use self::{
    attempt::Attempt,
    device::{Device, DeviceKeys},
    limit::{LimitedCall, Limits, Quota},
    limiter::{Counter, Key, Limiter, Policy, Runs},
    network::Network,
};
use crate::{
    server::{
        clock::{Clock, Timestamp},
        entropy::Entropy,
        error::Error,
        id::UserId,
        secret::Secret,
        store::{Store, model::ClientInfo},
    },
    shared::Email,
};
use aws_lc_rs::hmac;
use std::sync::Arc;

/// Counts calls and failures, and says who has had too many.
pub struct Throttle {
    limits: Limits,
    limiter: Arc<dyn Limiter>,
    /// Hides whose a count is from the limiter.
    key: hmac::Key,
    devices: DeviceKeys,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// Whose count a call goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A client network's.
    Network(Network),
    /// That of a device for an account that it knows.
    Device(KnownAccount),
    /// An account's.
    Account(UserId),
}

/// An account that a device knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAccount([u8; 16]);

impl Throttle {
    /// Counts with `limiter`, whose keys and devices hang on `secret`, and writes events to `store`.
    pub fn new(
        limits: Limits,
        limiter: Arc<dyn Limiter>,
        secret: &Secret,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*secret.derive("counterfoil throttle"));
        Self { limits, limiter, key, devices: DeviceKeys::derive(secret), store, clock, entropy }
    }

    /// Whose count a try to sign in goes to: the network's, or that of a device that knows the account, so that a
    /// stranger behind the same address cannot use up the owner's tries.
    pub fn who_signs_in(&self, network: Network, device: Option<&str>, email: &str) -> Caller {
        self.known(device, &name_of(email)).map_or(Caller::Network(network), Caller::Device)
    }

    /// Counts a call.
    ///
    /// # Errors
    /// [`Error::Limiter`].
    pub async fn count(&self, call: LimitedCall, caller: Caller) -> Result<Quota, Error> {
        let limit = self.limits.of(call, matches!(caller, Caller::Account(_)));
        let now = self.clock.now();
        let policy = Policy { quota: limit.quota, window: limit.window, runs: Runs::FromFirst };
        let hit = self.limiter.hit(self.key_of_call(call, caller), policy, now).await?;
        Ok(Quota {
            call,
            limit,
            left: limit.quota.saturating_sub(hit.tally.hits),
            resets_in: hit.tally.ends_at.since(now),
            is_exceeded: !hit.counted,
        })
    }

    /// What a network has left of a limit, without counting.
    ///
    /// # Errors
    /// [`Error::Limiter`].
    pub async fn quota(&self, call: LimitedCall, network: Network) -> Result<Quota, Error> {
        let limit = self.limits.of(call, false);
        let now = self.clock.now();
        let tally = self.limiter.tally(self.key_of_call(call, Caller::Network(network)), now).await?;
        let (hits, resets_in) = tally.map_or((0, limit.window), |tally| (tally.hits, tally.ends_at.since(now)));
        Ok(Quota { call, limit, left: limit.quota.saturating_sub(hits), resets_in, is_exceeded: false })
    }

    /// Counts a try at the password of an account as a failure until it succeeds.
    ///
    /// # Errors
    /// [`Error::Limiter`].
    pub async fn attempt(&self, email: &str, device: Option<&str>, client: ClientInfo) -> Result<Attempt<'_>, Error> {
        let name = name_of(email);
        let known = self.known(device, &name);
        let now = self.clock.now();
        let key = match known {
            None => self.key(Counter::Failures, &[name.as_bytes()]),
            Some(KnownAccount(mark)) => {
                let unlocks = self.limiter.tally(self.key(Counter::Unlocks, &[name.as_bytes()]), now).await?;
                let unlocks = unlocks.map_or(0, |tally| tally.hits);
                self.key(Counter::DeviceFailures, &[&mark, &unlocks.to_be_bytes()])
            }
        };
        let hit = self.limiter.hit(key, self.lockout(), now).await?;
        let device_locks = known.map(|_| self.key(Counter::DeviceLocks, &[name.as_bytes()]));
        Ok(Attempt { throttle: self, key, device_locks, hit, client })
    }

    /// The device after a sign-in to an account, as its cookie carries it.
    pub fn remember(&self, device: Option<&str>, email: &Email) -> String {
        let device = self.devices.remember(self.device(device), email.as_str(), &*self.entropy);
        self.devices.encode(&device)
    }

    /// Until when an account is locked, for strangers or for a device that knows it.
    ///
    /// # Errors
    /// [`Error::Limiter`].
    pub async fn lock_of(&self, email: &Email, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        let name = email.as_str().as_bytes();
        let failures = self.limiter.tally(self.key(Counter::Failures, &[name]), now).await?;
        let locked = failures.filter(|tally| tally.hits >= self.limits.lockout.quota);
        let devices = self.limiter.tally(self.key(Counter::DeviceLocks, &[name]), now).await?;
        Ok(locked.into_iter().chain(devices).map(|tally| tally.ends_at).max())
    }

    /// Lets an account and the devices that know it start again from nothing.
    ///
    /// # Errors
    /// [`Error::Limiter`].
    pub async fn unlock(&self, email: &Email) -> Result<(), Error> {
        let name = email.as_str().as_bytes();
        // The counts of devices cannot be listed. They hang on this number, which is kept for as long as they are.
        let policy = Policy { quota: u32::MAX, ..self.lockout() };
        self.limiter.hit(self.key(Counter::Unlocks, &[name]), policy, self.clock.now()).await?;
        self.limiter.clear(self.key(Counter::DeviceLocks, &[name])).await?;
        self.limiter.clear(self.key(Counter::Failures, &[name])).await?;
        Ok(())
    }

    /// A count of failures is kept for as long as a lock lasts: who waits for longer between two tries has gained
    /// nothing over who was locked out.
    const fn lockout(&self) -> Policy {
        let limit = self.limits.lockout;
        Policy { quota: limit.quota, window: limit.window, runs: Runs::FromLast }
    }

    fn device(&self, text: Option<&str>) -> Option<Device> {
        self.devices.decode(text?)
    }

    fn known(&self, device: Option<&str>, name: &str) -> Option<KnownAccount> {
        self.devices.known(&self.device(device)?, name).map(KnownAccount)
    }

    fn key_of_call(&self, call: LimitedCall, caller: Caller) -> Key {
        let of_network = match call {
            LimitedCall::Login => Counter::Login,
            LimitedCall::Register => Counter::Register,
            LimitedCall::Refresh => Counter::Refresh,
            LimitedCall::Password => Counter::Password,
            LimitedCall::Lab => Counter::Lab,
        };
        match caller {
            Caller::Network(network) => self.key(of_network, &[&network.bytes()]),
            Caller::Device(KnownAccount(mark)) => self.key(Counter::DeviceLogin, &[&mark]),
            Caller::Account(id) => self.key(Counter::AccountPassword, &[id.as_bytes()]),
        }
    }

    /// Each counter has parts of its own lengths, of which the last alone may vary.
    fn key(&self, counter: Counter, parts: &[&[u8]]) -> Key {
        Key { counter, of: device::first_part(&hmac::sign(&self.key, &parts.concat())) }
    }
}

/// The name that somebody signs in by: the address as accounts are compared by it, and what was typed if it is none.
fn name_of(email: &str) -> String {
    Email::parse(email).map_or_else(|_| email.trim().to_lowercase(), |email| email.as_str().to_owned())
}
