//! What no single setting can say: how they fit together, and what the mode allows.

use super::{Mode, Settings};
use url::Host;

/// A setting that may not be as it is. The message names it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct SettingError {
    /// Its environment variable.
    pub setting: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Settings {
    /// Checks what no single flag can.
    ///
    /// # Errors
    /// The first setting that does not fit.
    pub fn check(&self) -> Result<(), SettingError> {
        let refuse = |setting, problem: &str| Err(SettingError { setting, problem: problem.to_owned() });
        if !matches!(self.public_origin.scheme(), "http" | "https")
            || self.public_origin.host().is_none()
            || self.public_origin.path() != "/"
            || self.public_origin.query().is_some()
            || self.public_origin.fragment().is_some()
            || !self.public_origin.username().is_empty()
        {
            return refuse("COUNTERFOIL_PUBLIC_ORIGIN", "is not an origin; give scheme, host and port only");
        }
        self.database_server()?;
        if self.metrics_listen.is_some_and(|address| self.addresses().contains(&address)) {
            return refuse("COUNTERFOIL_METRICS_LISTEN", "must be another address than those of COUNTERFOIL_LISTEN");
        }
        if self.insecure_cookies && self.is_https() {
            return refuse("COUNTERFOIL_INSECURE_COOKIES", "must be off when the public origin is https");
        }
        if self.session_idle_life <= self.access_token_life {
            return refuse("COUNTERFOIL_SESSION_IDLE_LIFE", "must be longer than COUNTERFOIL_ACCESS_TOKEN_LIFE");
        }
        if self.session_absolute_life < self.session_idle_life {
            return refuse(
                "COUNTERFOIL_SESSION_ABSOLUTE_LIFE",
                "must not be shorter than COUNTERFOIL_SESSION_IDLE_LIFE",
            );
        }
        if self.unproven_cap().is_some_and(|cap| cap <= self.refresh_grace) {
            return refuse(
                "COUNTERFOIL_ACCESS_TOKEN_LIFE",
                "must be longer than one and a half times COUNTERFOIL_REFRESH_GRACE where other services verify too: \
                 else a thief's refresh may go unnoticed at the owner's next",
            );
        }
        self.redis_server()?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if self.redis_prefix.is_empty() || !self.redis_prefix.chars().all(is_plain) {
            return refuse("COUNTERFOIL_REDIS_PREFIX", "must be letters, digits and -_.:");
        }
        if self.mode == Mode::Production {
            if !self.is_https() {
                return refuse("COUNTERFOIL_PUBLIC_ORIGIN", "must be https in production");
            }
            if self.insecure_cookies {
                return refuse("COUNTERFOIL_INSECURE_COOKIES", "must be off in production");
            }
            if self.bcrypt_cost < 12 {
                return refuse("COUNTERFOIL_BCRYPT_COST", "must be 12 or more in production");
            }
        } else if !self.is_https() && !self.is_loopback_origin() {
            return refuse("COUNTERFOIL_PUBLIC_ORIGIN", "must be https, or http on this machine (localhost)");
        }
        self.lab.check(self.mode, &self.public_origin)
    }

    fn is_loopback_origin(&self) -> bool {
        match self.public_origin.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }
}
