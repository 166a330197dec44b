//! `counterfoil config check`.

use super::Failure;
use crate::server::{
    auth::{denial_feed, revocation::WhenBlind},
    bootstrap,
    clock::{Clock, SystemClock},
    config::Settings,
    entropy::SystemEntropy,
    secret::{Secret, SecretFile},
};
use std::io::{self, Write};

/// Checks the settings and the secrets, and prints the settings in force.
///
/// # Errors
/// The setting that is wrong.
pub fn run(settings: &Settings) -> Result<(), Failure> {
    let now = SystemClock.now();
    let secrets = bootstrap::secrets(settings, &SystemEntropy, now)?;
    let keys = secrets.access_token.describe(now);
    let keys = keys.iter().map(|key| format!("{} {} ({})", key.algorithm, key.kid, key.state.as_str()));
    let ids = |file: &SecretFile| file.all().iter().map(Secret::id).collect::<Vec<_>>();
    let policy = settings.rotation_policy();
    let for_people = |duration| humantime::format_duration(duration).to_string();
    let lines = [
        ("mode", format!("{:?}", settings.mode).to_lowercase()),
        ("public origin", settings.origin()),
        ("host", settings.host()),
        ("listen", settings.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("database", settings.database_name()),
        ("issuer", settings.issuer()),
        ("audience", settings.audience()),
        ("access token life", for_people(settings.access_token_life)),
        ("algorithm of new keys", settings.access_token_algorithm.to_string()),
        ("access token keys", keys.collect::<Vec<_>>().join(", ")),
        ("refresh token keys", ids(&secrets.refresh_token).join(", ")),
        ("peppers", ids(&secrets.pepper).join(", ")),
        ("session idle life", for_people(policy.idle)),
        ("session absolute life", for_people(settings.session_absolute_life)),
        ("refresh grace", for_people(policy.grace)),
        (
            "password",
            format!("{} characters or more, bcrypt cost {}", settings.password_min_chars, settings.bcrypt_cost),
        ),
        (
            "limits",
            format!(
                "login {}, register {}, refresh {}, password {}",
                settings.login_limit, settings.register_limit, settings.refresh_limit, settings.password_limit
            ),
        ),
        ("lock-out", settings.lockout.to_string()),
        ("trusted proxies", settings.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("redis", settings.redis_name()),
        ("longest exposure", exposure(settings)),
        ("lab", if settings.lab.is_on(settings.mode) { "on, vulnerable on purpose" } else { "off" }.to_owned()),
        ("cookies", if settings.insecure_cookies { "INSECURE (development switch)" } else { "Secure" }.to_owned()),
    ];
    let mut out = io::stdout().lock();
    for (name, value) in lines {
        writeln!(out, "{name:<26} {value}")?;
    }
    writeln!(out, "\nThe settings are good.")?;
    Ok(())
}

/// For how long a token that another node has revoked may be accepted here, at worst.
fn exposure(settings: &Settings) -> String {
    let for_people = humantime::format_duration;
    let (by_store, life) = (for_people(denial_feed::INTERVAL), for_people(settings.access_token_life));
    match (&settings.redis_url, settings.denylist_blind) {
        (None, _) => format!("{by_store}, the store's"),
        (Some(_), WhenBlind::Refuse) => {
            format!("{}; then access tokens are refused", for_people(settings.denylist_blind_after))
        }
        (Some(_), WhenBlind::Allow) => {
            format!("without Redis {by_store}, the store's; without both {life}, the life of an access token")
        }
    }
}
