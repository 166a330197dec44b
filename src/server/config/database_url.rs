//! The setting that may hold a password.

use sqlx::postgres::PgConnectOptions;
use std::{convert::Infallible, fmt, str::FromStr};
use url::Url;

/// The URL of a PostgreSQL database as it was given, which may hold a password: it never prints more than host, port
/// and name. Any text, so that whoever reads the settings never prints it in an error either.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// How to connect.
    ///
    /// # Errors
    /// What is wrong with the URL, without a part of it.
    pub fn options(&self) -> Result<PgConnectOptions, &'static str> {
        if !self.0.starts_with("postgres://") && !self.0.starts_with("postgresql://") {
            return Err("begins with postgres://, or is not set at all for SQLite in the data folder");
        }
        self.0.parse().map_err(|_| "is no URL of a PostgreSQL database, such as postgres://user@host:5432/name")
    }
}

impl FromStr for DatabaseUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(url) = Url::parse(&self.0) else {
            return f.write_str("(not a URL)");
        };
        write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or_default())?;
        url.port().map_or(Ok(()), |port| write!(f, ":{port}"))?;
        f.write_str(url.path())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
