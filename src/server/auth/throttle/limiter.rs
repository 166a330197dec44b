//! Counting, as a service that several nodes can share.

use crate::server::clock::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// What is counted. Each kind is kept apart, so that a flood of one cannot push out the counts of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counter {
    /// Tries to sign in, of a network.
    Login,
    /// Tries to sign in to an account, of a device that knows it.
    DeviceLogin,
    /// New accounts, of a network.
    Register,
    /// Refreshes, of a network.
    Refresh,
    /// Confirmations of a password, of a network.
    Password,
    /// Confirmations of a password, of an account.
    AccountPassword,
    /// Consecutive failures to sign in to an account.
    Failures,
    /// Consecutive failures to sign in to an account, of a device that knows it.
    DeviceFailures,
    /// Devices that are locked out of an account that they know.
    DeviceLocks,
    /// How often an account was unlocked.
    Unlocks,
    /// What the lab ran, for a network.
    Lab,
}

/// Names one count. What it is of is hashed, so that a shared limiter learns no address of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What is counted.
    pub counter: Counter,
    /// Of whom.
    pub of: [u8; 16],
}

/// How far a count goes and when it ends.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The count that is not passed.
    pub quota: u32,
    /// The time after which it ends.
    pub window: Duration,
    /// When this time begins.
    pub runs: Runs,
}

/// When the time of a count begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// When the first was counted: a fixed window.
    FromFirst,
    /// When the last was counted: those that belong together follow each other within the window.
    FromLast,
}

/// A count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many were counted.
    pub hits: u32,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// What became of one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whether it was counted; not when the quota had been reached.
    pub counted: bool,
    /// The count, with this one if it was counted.
    pub tally: Tally,
}

/// The limiter could not be reached.
#[derive(Debug, thiserror::Error)]
#[error("the limiter failed: {0}")]
pub struct LimiterError(pub String);

/// Keeps counts. Every method is one atomic step on one key, whoever else is counting: check and count are not two.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Counts one more, unless the quota has been reached.
    ///
    /// # Errors
    /// [`LimiterError`], as with the others.
    async fn hit(&self, key: Key, policy: Policy, now: Timestamp) -> Result<Hit, LimiterError>;

    /// The count, if it has begun and not ended.
    async fn tally(&self, key: Key, now: Timestamp) -> Result<Option<Tally>, LimiterError>;

    /// Takes one back that was counted.
    async fn give_back(&self, key: Key) -> Result<(), LimiterError>;

    /// Ends the count.
    async fn clear(&self, key: Key) -> Result<(), LimiterError>;
}
