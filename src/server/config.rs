//! Settings: by flag and by environment variable, checked as a whole before anything starts.

use super::{
    auth::{
        key_file::KeyFile,
        key_set::KeyPolicy,
        revocation::WhenBlind,
        rotation::RotationPolicy,
        signing_key::SigningAlgorithm,
        throttle::limit::{Limit, Limits},
    },
    cluster::address::RedisUrl,
    middleware::client_address::parse_network,
    pruning::Retention,
};
use clap::{Args, ValueEnum, builder::RangedU64ValueParser};
use ipnet::IpNet;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use url::Url;

mod check;
mod database_url;
pub mod lab;
mod servers;

pub use check::SettingError;
pub use database_url::DatabaseUrl;

/// The longest that the parent of an unproven refresh token is good for where other services verify too.
const MAX_UNPROVEN_CAP: Duration = Duration::from_mins(10);

/// How strict the start is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Makes missing secrets, creates demo accounts, logs text.
    Development,
    /// Refuses to start on anything weak, logs JSON.
    Production,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Every setting.
#[derive(Args, Clone, Debug)]
#[expect(clippy::doc_markdown, reason = "these are help texts for the terminal too")]
#[command(next_help_heading = "Settings (each also as the environment variable shown)")]
pub struct Settings {
    /// How strict the start is: development makes missing secrets and demo accounts, production refuses anything weak
    #[arg(long, env = "COUNTERFOIL_MODE", default_value = "development", global = true)]
    pub mode: Mode,

    /// The origin that people and tokens know this site by: scheme, host, port; https in production
    #[arg(long, env = "COUNTERFOIL_PUBLIC_ORIGIN", default_value = "http://localhost:3000", global = true)]
    pub public_origin: Url,

    /// Addresses to listen on, separated by commas [default in development: 127.0.0.1 and [::1] at the origin's port; in production: 127.0.0.1:3000]
    #[arg(long, env = "COUNTERFOIL_LISTEN", value_delimiter = ',', global = true)]
    pub listen: Vec<SocketAddr>,

    /// Address of a listener for metrics alone (GET /metrics); off unless set, and never open to the public
    #[arg(long, env = "COUNTERFOIL_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,

    /// Folder of the database and, unless set otherwise, of the secrets; made with mode 0700
    #[arg(long, env = "COUNTERFOIL_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,

    /// PostgreSQL database for several nodes, as postgres://user@host/name?sslmode=verify-full; a password belongs into the variable or a .pgpass file, for every user of the machine sees a flag [default: SQLite in the data folder]
    #[arg(long, env = "COUNTERFOIL_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<DatabaseUrl>,

    /// Connections to PostgreSQL at once, of this node (1 to 1000)
    #[arg(long, env = "COUNTERFOIL_DATABASE_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000), global = true)]
    pub database_connections: u32,

    /// Folder of the built browser half
    #[arg(long, env = "COUNTERFOIL_SITE_ROOT", default_value = "target/site", global = true)]
    pub site_root: PathBuf,

    /// How new keys sign access tokens; a key keeps its own way, and `hs256` never stands in one file with another
    #[arg(long, env = "COUNTERFOIL_ACCESS_TOKEN_ALGORITHM", default_value = "hs256", global = true)]
    pub access_token_algorithm: SigningAlgorithm,

    /// File of the keys that sign access tokens, as `counterfoil keys rotate` writes it; or HS256 keys, base64 of 32 random bytes or more a line, the first signs, all verify [default: keys/access-token.key in the data folder]
    #[arg(long, env = "COUNTERFOIL_ACCESS_TOKEN_KEY_FILE", global = true)]
    pub access_token_key_file: Option<PathBuf>,

    /// File of the secret behind refresh tokens, in the same form; a new one ends every session [default: keys/refresh-token.key in the data folder]
    #[arg(long, env = "COUNTERFOIL_REFRESH_TOKEN_KEY_FILE", global = true)]
    pub refresh_token_key_file: Option<PathBuf>,

    /// File of the peppers of password hashes, in the same form; old ones are upgraded at sign-in [default: keys/pepper.key in the data folder]
    #[arg(long, env = "COUNTERFOIL_PEPPER_FILE", global = true)]
    pub pepper_file: Option<PathBuf>,

    /// `iss` of access tokens [default: the public origin]
    #[arg(long, env = "COUNTERFOIL_ISSUER", global = true)]
    pub issuer: Option<String>,

    /// `aud` of access tokens [default: the public origin]
    #[arg(long, env = "COUNTERFOIL_AUDIENCE", global = true)]
    pub audience: Option<String>,

    /// Life of an access token, less up to 5 % of jitter (1s to 1h)
    #[arg(long, env = "COUNTERFOIL_ACCESS_TOKEN_LIFE", default_value = "15m", value_parser = duration(1, 3600), global = true)]
    pub access_token_life: Duration,

    /// Time without a refresh after which a session ends (1s to 90days)
    #[arg(long, env = "COUNTERFOIL_SESSION_IDLE_LIFE", default_value = "7days", value_parser = duration(1, 90 * 86400), global = true)]
    pub session_idle_life: Duration,

    /// Time from sign-in after which a session ends in any case (1s to 365days)
    #[arg(long, env = "COUNTERFOIL_SESSION_ABSOLUTE_LIFE", default_value = "30days", value_parser = duration(1, 365 * 86400), global = true)]
    pub session_absolute_life: Duration,

    /// Time in which a replaced refresh token gets its successor again (1s to 60s)
    #[arg(long, env = "COUNTERFOIL_REFRESH_GRACE", default_value = "10s", value_parser = duration(1, 60), global = true)]
    pub refresh_grace: Duration,

    /// Time for which a password counts as given a short time ago, before what asks for a fresh one (1s to 1h)
    #[arg(long, env = "COUNTERFOIL_STEP_UP_LIFE", default_value = "5m", value_parser = duration(1, 3600), global = true)]
    pub step_up_life: Duration,

    /// Fewest characters of a new password (8 to 64)
    #[arg(long, env = "COUNTERFOIL_PASSWORD_MIN_CHARS", default_value_t = 15, value_parser = RangedU64ValueParser::<usize>::new().range(8..=64), global = true)]
    pub password_min_chars: usize,

    /// Cost of password hashes, as the power of two of bcrypt's rounds (4 to 16; 12 or more in production)
    #[arg(long, env = "COUNTERFOIL_BCRYPT_COST", default_value_t = 12, value_parser = clap::value_parser!(u32).range(4..=16), global = true)]
    pub bcrypt_cost: u32,

    /// Passwords hashed at once (1 to 256) [default: the number of cores]
    #[arg(long, env = "COUNTERFOIL_HASH_THREADS", value_parser = RangedU64ValueParser::<usize>::new().range(1..=256), global = true)]
    pub hash_threads: Option<usize>,

    /// Passwords that may wait to be hashed, before the answer is 503 (0 to 1024)
    #[arg(long, env = "COUNTERFOIL_HASH_QUEUE", default_value_t = 16, value_parser = RangedU64ValueParser::<usize>::new().range(0..=1024), global = true)]
    pub hash_queue: usize,

    /// Tries to sign in, as number/time, of a client network (an IPv4 address or 64 bits of IPv6), or of a device and an account that it knows
    #[arg(long, env = "COUNTERFOIL_LOGIN_LIMIT", default_value = "10/15m", global = true)]
    pub login_limit: Limit,

    /// New accounts of a client network, as number/time
    #[arg(long, env = "COUNTERFOIL_REGISTER_LIMIT", default_value = "100/1h", global = true)]
    pub register_limit: Limit,

    /// Refreshes of a client network, as number/time; generous, since many people may share an address
    #[arg(long, env = "COUNTERFOIL_REFRESH_LIMIT", default_value = "3000/15m", global = true)]
    pub refresh_limit: Limit,

    /// Confirmations of the password by people who are signed in, as number/time, of an account; ten times as many of a client network
    #[arg(long, env = "COUNTERFOIL_PASSWORD_LIMIT", default_value = "10/15m", global = true)]
    pub password_limit: Limit,

    /// Consecutive failures to sign in that lock an account, and for how long, as number/time
    #[arg(long, env = "COUNTERFOIL_LOCKOUT", default_value = "5/30m", global = true)]
    pub lockout: Limit,

    /// Proxies in front of this server whose X-Forwarded-For is believed: addresses and networks such as 10.0.0.0/8, separated by commas [default: none]
    #[arg(long, env = "COUNTERFOIL_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network, global = true)]
    pub trusted_proxies: Vec<IpNet>,

    /// Connections open at once (16 to 65536)
    #[arg(long, env = "COUNTERFOIL_MAX_CONNECTIONS", default_value_t = 1024, value_parser = RangedU64ValueParser::<usize>::new().range(16..=65536), global = true)]
    pub max_connections: usize,

    /// Time in which the head of a request must arrive, and for which an idle connection is kept (1s to 2m)
    #[arg(long, env = "COUNTERFOIL_HEADER_TIMEOUT", default_value = "15s", value_parser = duration(1, 120), global = true)]
    pub header_timeout: Duration,

    /// Time in which the body of a request must arrive (1s to 2m)
    #[arg(long, env = "COUNTERFOIL_BODY_TIMEOUT", default_value = "10s", value_parser = duration(1, 120), global = true)]
    pub body_timeout: Duration,

    /// Time that requests in flight get to finish when the server is asked to stop (1s to 10m)
    #[arg(long, env = "COUNTERFOIL_SHUTDOWN_TIMEOUT", default_value = "20s", value_parser = duration(1, 600), global = true)]
    pub shutdown_timeout: Duration,

    /// Time for which the server goes on when it is asked to stop, while /readyz says so: what sends requests here needs as long to notice (0s to 2m)
    #[arg(long, env = "COUNTERFOIL_DRAIN_TIME", default_value = "0s", value_parser = duration(0, 120), global = true)]
    pub drain_time: Duration,

    /// Redis, for several nodes: redis://[user:password@]host[:port][/database], or rediss:// for TLS; set it by the environment, since others can read a command line [default: none, one node]
    #[arg(long, env = "COUNTERFOIL_REDIS_URL", hide_env_values = true, global = true)]
    pub redis_url: Option<RedisUrl>,

    /// Certificates (PEM) of the authorities that rediss:// believes [default: those of the operating system]
    #[arg(long, env = "COUNTERFOIL_REDIS_CA_FILE", global = true)]
    pub redis_ca_file: Option<PathBuf>,

    /// What the names of this site's keys and of its channel in Redis begin with
    #[arg(long, env = "COUNTERFOIL_REDIS_PREFIX", default_value = "counterfoil", global = true)]
    pub redis_prefix: String,

    /// What becomes of access tokens while nothing is heard of the other nodes: `refuse` answers 503, `allow` accepts them, be they revoked elsewhere
    #[arg(long, env = "COUNTERFOIL_DENYLIST_BLIND", default_value = "refuse", global = true)]
    pub denylist_blind: WhenBlind,

    /// Time without a sign of the other nodes after which that holds (2s to 1m)
    #[arg(long, env = "COUNTERFOIL_DENYLIST_BLIND_AFTER", default_value = "5s", value_parser = duration(2, 60), global = true)]
    pub denylist_blind_after: Duration,

    /// Development only, for browsers that keep no Secure cookie on http://localhost (Safari): drops Secure and the name's prefix
    #[arg(long, env = "COUNTERFOIL_INSECURE_COOKIES", global = true)]
    pub insecure_cookies: bool,

    /// Time for which sessions are kept once they are over; until their absolute end in any case (1day to 3650days)
    #[arg(long, env = "COUNTERFOIL_SESSION_RETENTION", default_value = "30days", value_parser = duration(86400, 3650 * 86400), global = true)]
    pub session_retention: Duration,

    /// Time for which security events are kept (1day to 3650days)
    #[arg(long, env = "COUNTERFOIL_EVENT_RETENTION", default_value = "90days", value_parser = duration(86400, 3650 * 86400), global = true)]
    pub event_retention: Duration,

    /// What to log: error, warn, info, debug, or per module as in `info,counterfoil=debug`
    #[arg(long, env = "COUNTERFOIL_LOG", default_value = "info", global = true)]
    pub log: String,

    /// The form of log lines [default: text in development, json in production]
    #[arg(long, env = "COUNTERFOIL_LOG_FORMAT", global = true)]
    pub log_format: Option<LogFormat>,

    /// The lab.
    #[command(flatten)]
    pub lab: lab::LabSettings,
}

impl Settings {
    /// Whether the public origin is https.
    pub fn is_https(&self) -> bool {
        self.public_origin.scheme() == "https"
    }

    /// The public origin as browsers write it, without a slash at its end.
    pub fn origin(&self) -> String {
        self.public_origin.origin().ascii_serialization()
    }

    /// The `Host` that this server answers for.
    pub fn host(&self) -> String {
        let origin = self.origin();
        origin.split_once("://").map_or(origin.clone(), |(_, host)| host.to_owned())
    }

    /// Where to listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let port = self.public_origin.port_or_known_default().unwrap_or(3000);
        match (self.listen.as_slice(), self.mode) {
            ([], Mode::Development) => vec![([127, 0, 0, 1], port).into(), ([0, 0, 0, 0, 0, 0, 0, 1], port).into()],
            ([], Mode::Production) => vec![([127, 0, 0, 1], 3000).into()],
            (listen, _) => listen.to_vec(),
        }
    }

    /// `iss` of access tokens.
    pub fn issuer(&self) -> String {
        self.issuer.clone().unwrap_or_else(|| self.origin())
    }

    /// `aud` of access tokens.
    pub fn audience(&self) -> String {
        self.audience.clone().unwrap_or_else(|| self.origin())
    }

    /// The file of the keys that sign access tokens.
    pub fn key_file(&self) -> KeyFile {
        let path = self.access_token_key_file.clone();
        KeyFile::new(path.unwrap_or_else(|| self.keys_folder().join("access-token.key")), self.key_policy())
    }

    /// Where secrets are, unless set otherwise.
    pub fn keys_folder(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// What there is to know about signing keys.
    pub const fn key_policy(&self) -> KeyPolicy {
        KeyPolicy { algorithm: self.access_token_algorithm, token_life: self.access_token_life }
    }

    /// The times that the rotation protocol turns on.
    pub fn rotation_policy(&self) -> RotationPolicy {
        RotationPolicy { grace: self.refresh_grace, unproven_cap: self.unproven_cap(), idle: self.session_idle_life }
    }

    /// HS256: this server sees every use of every access token, so an unproven successor has no cap of its own.
    /// Otherwise a thief who rotates may use the access token elsewhere, and the cap has to pass before the owner
    /// refreshes: at 75 % of an access token's life, which may be 5 % shorter than the setting.
    fn unproven_cap(&self) -> Option<Duration> {
        let cap = MAX_UNPROVEN_CAP.min(self.access_token_life * 2 / 3);
        self.access_token_algorithm.is_asymmetric().then_some(cap)
    }

    /// How long things are kept that are over.
    pub const fn retention(&self) -> Retention {
        Retention { sessions: self.session_retention, events: self.event_retention }
    }

    /// What is throttled.
    pub const fn limits(&self) -> Limits {
        Limits {
            login: self.login_limit,
            register: self.register_limit,
            refresh: self.refresh_limit,
            password: self.password_limit,
            lockout: self.lockout,
        }
    }

    /// Whether every client looks like one: a proxy on this machine has to be the only way in, and is not trusted.
    pub fn hides_clients(&self) -> bool {
        self.mode == Mode::Production
            && self.trusted_proxies.is_empty()
            && self.addresses().iter().all(|address| address.ip().is_loopback())
    }

    /// The form of log lines.
    pub fn log_format(&self) -> LogFormat {
        self.log_format.unwrap_or(match self.mode {
            Mode::Development => LogFormat::Text,
            Mode::Production => LogFormat::Json,
        })
    }
}

/// Parses `90s`, `15m`, `7days` and checks the bounds, in seconds.
fn duration(min: u64, max: u64) -> impl Fn(&str) -> Result<Duration, String> + Clone {
    move |text| {
        let duration = humantime::parse_duration(text).map_err(|error| error.to_string())?;
        let bounds = Duration::from_secs(min)..=Duration::from_secs(max);
        if bounds.contains(&duration) {
            Ok(duration)
        } else {
            Err(format!(
                "not between {} and {}",
                humantime::format_duration(*bounds.start()),
                humantime::format_duration(*bounds.end())
            ))
        }
    }
}

#[cfg(test)]
mod tests;
