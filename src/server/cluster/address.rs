//! Where Redis is. The URL may carry a password, so it is never shown.

use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisError, TlsCertificates};
use std::{convert::Infallible, fmt, str::FromStr};

/// `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// A client, which connects when it is used. Messages come on the connection of the commands, which takes RESP3.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn client(&self) -> Result<Client, RedisError> {
        let info = self.info()?;
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        Client::open(info.set_redis_settings(settings))
    }

    /// The same, which believes these authorities (PEM) and none of the operating system's.
    ///
    /// # Errors
    /// When the URL is none, or one without TLS, or the authorities cannot be read.
    pub fn client_trusting(&self, authorities: Vec<u8>) -> Result<Client, RedisError> {
        let info = self.client()?.get_connection_info().clone();
        Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert: Some(authorities) })
    }

    /// Host and port, without what nobody may see.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn host(&self) -> Result<String, RedisError> {
        Ok(self.info()?.addr().to_string())
    }

    /// Whether nobody on the network can stand between this machine and it.
    pub fn is_private(&self) -> bool {
        self.info().is_ok_and(|info| match info.addr() {
            ConnectionAddr::Tcp(host, _) => matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1"),
            _ => true,
        })
    }

    fn info(&self) -> Result<ConnectionInfo, RedisError> {
        self.0.as_str().into_connection_info()
    }
}

impl FromStr for RedisUrl {
    type Err = Infallible;

    /// Takes any text: the command line would repeat one that it refused.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisUrl(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::RedisUrl;

    #[test]
    fn a_url_shows_its_host_and_never_its_password() {
        let url: RedisUrl = "redis://app:hush-hush@cache.example:6380/2".parse().unwrap();
        assert_eq!(url.host().unwrap(), "cache.example:6380");
        let client = url.client().unwrap();
        assert!(!format!("{url:?} {client:?}").contains("hush-hush"));
    }

    #[test]
    fn a_redis_across_a_network_has_to_prove_its_name() {
        for (url, is_private) in [
            ("redis://cache.example", false),
            ("rediss://cache.example", true),
            ("redis://localhost", true),
            ("redis://[::1]:6380", true),
            ("redis+unix:///run/redis/redis.sock", true),
        ] {
            assert_eq!(url.parse::<RedisUrl>().unwrap().is_private(), is_private, "{url}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused_without_being_repeated() {
        for bad in ["", "hush-hush", "http://:hush-hush@localhost", "redis://:hush-hush@localhost:port"] {
            let url: RedisUrl = bad.parse().unwrap();
            let error = url.client().err().unwrap_or_else(|| panic!("{bad}")).to_string();
            assert!(!error.contains("hush-hush"), "{error}");
        }
    }
}
