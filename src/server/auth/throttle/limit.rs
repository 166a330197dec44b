//! The limits: how much in how long, and of what.

use crate::server::clock::Timestamp;
use std::{fmt, str::FromStr, time::Duration};

/// The longest time that a limit may count over.
const MAX_WINDOW: Duration = Duration::from_hours(24);

/// So many in so long; as text, `10/15m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub quota: u32,
    /// In how long.
    pub window: Duration,
}

/// Every limit that there is.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Tries to sign in, of a client network or of a device that knows the account.
    pub login: Limit,
    /// New accounts, of a client network.
    pub register: Limit,
    /// Refreshes, of a client network.
    pub refresh: Limit,
    /// Confirmations of the password of a session that is signed in, of an account.
    pub password: Limit,
    /// Consecutive failures to sign in to an account before it is locked, and for how long.
    pub lockout: Limit,
}

/// The calls that are limited. Calls of one kind share a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitedCall {
    /// Sign-in.
    Login,
    /// Sign-up.
    Register,
    /// Refresh.
    Refresh,
    /// Whatever asks somebody who is signed in for the password again.
    Password,
    /// What the lab runs for its visitors.
    Lab,
}

impl LimitedCall {
    /// Its name in the `RateLimit` fields and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Register => "register",
            Self::Refresh => "refresh",
            Self::Password => "password",
            Self::Lab => "lab",
        }
    }
}

/// How many times as often as an account its network may be asked for a password: many people may share an address.
const PEOPLE: u32 = 10;

/// Enough to run every experiment many times.
const LAB: Limit = Limit { quota: 1000, window: Duration::from_mins(15) };

impl Limits {
    /// The limit of a call, for an account or for those who are behind one address.
    pub fn of(&self, call: LimitedCall, is_account: bool) -> Limit {
        match call {
            LimitedCall::Login => self.login,
            LimitedCall::Register => self.register,
            LimitedCall::Refresh => self.refresh,
            LimitedCall::Lab => LAB,
            LimitedCall::Password if is_account => self.password,
            LimitedCall::Password => Limit { quota: self.password.quota.saturating_mul(PEOPLE), ..self.password },
        }
    }
}

/// What is left of a limit to the caller, as the `RateLimit` fields say it (draft-ietf-httpapi-ratelimit-headers-11).
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// The limited call.
    pub call: LimitedCall,
    /// Its limit.
    pub limit: Limit,
    /// How many are left.
    pub left: u32,
    /// In how long there are all of them again.
    pub resets_in: Duration,
    /// Whether this call is one too many.
    pub is_exceeded: bool,
}

impl Quota {
    /// The value of `RateLimit-Policy`.
    pub fn policy(&self) -> String {
        format!("\"{}\";q={};w={}", self.call.name(), self.limit.quota, self.limit.window.as_secs())
    }

    /// The value of `RateLimit`.
    pub fn state(&self) -> String {
        format!("\"{}\";r={};t={}", self.call.name(), self.left, self.wait().as_secs())
    }

    /// In how long there are all of them again, in whole seconds: a client that waits for less comes too early.
    pub fn wait(&self) -> Duration {
        whole_seconds(self.resets_in)
    }
}

/// The time until a moment, rounded up to whole seconds.
pub fn seconds_until(moment: Timestamp, now: Timestamp) -> Duration {
    whole_seconds(moment.since(now))
}

fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs(u64::try_from(duration.as_millis().div_ceil(1000)).unwrap_or(u64::MAX))
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (quota, window) = text.split_once('/').ok_or("not of the form 10/15m")?;
        let quota = quota.parse().map_err(|_| "the number before the slash is none")?;
        let window = humantime::parse_duration(window).map_err(|error| error.to_string())?;
        if quota == 0 || !(Duration::from_secs(1)..=MAX_WINDOW).contains(&window) {
            return Err("not one or more in 1s to 1day".to_owned());
        }
        // The fields have seconds.
        Ok(Self { quota, window: Duration::from_secs(window.as_secs()) })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.quota, humantime::format_duration(self.window))
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, LimitedCall, Quota};
    use std::time::Duration;

    #[test]
    fn a_limit_is_a_number_and_a_time() {
        let limit: Limit = "10/15m".parse().unwrap();
        assert_eq!(limit, Limit { quota: 10, window: Duration::from_mins(15) });
        assert_eq!(limit.to_string(), "10/15m");
        for bad in ["", "10", "/15m", "10/", "0/15m", "-1/15m", "10/0s", "10/2days", "10/15", "5000000000/1m"] {
            assert!(bad.parse::<Limit>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_fields_are_those_of_the_draft_and_round_the_time_up() {
        let limit = Limit { quota: 10, window: Duration::from_mins(15) };
        let resets_in = Duration::from_millis(872_001);
        let quota = Quota { call: LimitedCall::Login, limit, left: 9, resets_in, is_exceeded: false };
        assert_eq!(quota.policy(), r#""login";q=10;w=900"#);
        assert_eq!(quota.state(), r#""login";r=9;t=873"#);
    }
}
