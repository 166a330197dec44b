//! Looks at a deployment and says what to do about it.

use super::{
    bootstrap,
    clock::Timestamp,
    cluster::roll_call::roll_call,
    config::{Mode, Settings},
    entropy::SystemEntropy,
};
use crate::shared::wire::KeyState;
use serde::Serialize;
use std::{collections::HashSet, fs, net::SocketAddr, os::unix::fs::PermissionsExt, process::Command, time::Duration};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It does not work, or is not safe.
    Fail,
}

/// What one check found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, and what to do about it.
    pub says: String,
}

/// Clocks of several machines differ by less.
const CLOCK_MARGIN: Duration = Duration::from_mins(1);

/// Makes every check.
pub async fn examine(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let (database, clock) = database(settings, now).await;
    let mut findings = vec![
        ("settings", setting(settings, now)),
        ("mode", mode(settings)),
        ("keys", keys(settings, now)),
        ("file modes", file_modes(settings)),
        ("database", database),
        ("clock", clock),
        ("site", site(settings)),
        ("listeners", listeners(settings)),
        ("proxies", proxies(settings)),
        ("public origin", public_origin(settings)),
    ];
    if let Ok(Some(redis)) = settings.redis_server() {
        findings.push(("other nodes", nodes(&redis, settings).await));
    }
    findings.into_iter().map(|(check, (verdict, says))| Finding { check, verdict, says }).collect()
}

type Found = (Verdict, String);

fn ok(says: impl Into<String>) -> Found {
    (Verdict::Ok, says.into())
}

fn warn(says: impl Into<String>) -> Found {
    (Verdict::Warn, says.into())
}

fn fail(says: impl Into<String>) -> Found {
    (Verdict::Fail, says.into())
}

fn setting(settings: &Settings, now: Timestamp) -> Found {
    if let Err(error) = settings.check() {
        return fail(error.to_string());
    }
    if settings.mode == Mode::Development && !settings.keys_folder().is_dir() {
        return warn("fit each other; there are no secrets yet, and `counterfoil serve` makes them");
    }
    match bootstrap::secrets(settings, &SystemEntropy, now) {
        Ok(_) => ok("fit each other, and every secret is there"),
        Err(error) => fail(error.to_string()),
    }
}

fn mode(settings: &Settings) -> Found {
    if settings.insecure_cookies {
        return warn("COUNTERFOIL_INSECURE_COOKIES drops Secure from the cookies; for this machine alone");
    }
    match settings.mode {
        Mode::Development => warn("development: demo accounts and secrets of its own; set COUNTERFOIL_MODE=production"),
        Mode::Production => ok("production"),
    }
}

fn keys(settings: &Settings, now: Timestamp) -> Found {
    let keys = match settings.key_file().load() {
        Ok(set) => set.describe(now),
        Err(error) => return fail(error.to_string()),
    };
    match keys.iter().find(|key| key.state == KeyState::Current) {
        Some(key) => ok(format!("{} {} signs; {} in all", key.algorithm, key.kid, keys.len())),
        None => fail("no key signs; `counterfoil keys rotate --now` makes one"),
    }
}

/// Redis, and whether every node has the signing keys that are here.
async fn nodes(redis: &redis::Client, settings: &Settings) -> Found {
    let nodes = match roll_call(redis, &settings.redis_prefix).await {
        Ok(nodes) => nodes,
        Err(error) => return fail(format!("Redis cannot be used: {error}")),
    };
    if nodes.is_empty() {
        return warn("Redis answers, but no node is heard; is COUNTERFOIL_REDIS_PREFIX theirs?");
    }
    let Ok(own) = settings.key_file().load().map(|set| set.ids()) else {
        return warn(format!("nodes heard: {}; their signing keys cannot be compared", nodes.len()));
    };
    let differs = |keys: &Vec<String>| keys.iter().cloned().collect::<HashSet<_>>() != own;
    match nodes.values().filter(|keys| differs(keys)).count() {
        0 if settings.redis_url.as_ref().is_some_and(|url| !url.is_private()) => warn(
            "Redis is on another machine, and nothing says that it is the right one; use rediss:// in \
             COUNTERFOIL_REDIS_URL",
        ),
        0 => ok(format!("nodes heard: {}, with the signing keys that are here", nodes.len())),
        count => fail(format!(
            "{count} of {} have other signing keys; give every node the same COUNTERFOIL_ACCESS_TOKEN_KEY_FILE",
            nodes.len()
        )),
    }
}

fn file_modes(settings: &Settings) -> Found {
    let database = settings.database_file();
    let files = [settings.data_dir.clone(), settings.keys_folder(), database.with_extension("db-wal"), database];
    let open = files.into_iter().find_map(|path| {
        let mode = fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then(|| format!("{} is open to others (mode {mode:o}); chmod go= it", path.display()))
    });
    open.map_or_else(|| ok("what is secret is this user's alone"), fail)
}

/// The database, and the clock by its newest event.
async fn database(settings: &Settings, now: Timestamp) -> (Found, Found) {
    let name = settings.database_name();
    let inspection = match bootstrap::inspect(settings).await {
        Ok(Some(inspection)) => inspection,
        Ok(None) => return (warn(format!("{name} is not there yet; the first start makes it")), ok(now.to_string())),
        Err(error) => return (fail(format!("{name}: {error}")), ok(now.to_string())),
    };
    let database = match inspection.pending_migrations {
        0 if !settings.database_is_private() => warn(format!(
            "{name} is on another machine, and nothing says that it is the right one; add sslmode=verify-full to \
             COUNTERFOIL_DATABASE_URL"
        )),
        0 => ok("can be read, and its schema is up to date"),
        count => warn(format!("{count} changes of its schema are due; the next start makes them")),
    };
    let clock = match inspection.newest {
        Some(newest) if newest > now + CLOCK_MARGIN => {
            fail(format!("it is {now} here, but an event was written at {newest}; set the clock"))
        }
        _ => ok(now.to_string()),
    };
    (database, clock)
}

fn site(settings: &Settings) -> Found {
    let wasm = settings.site_root.join("pkg/counterfoil.wasm");
    if wasm.is_file() {
        ok(format!("the browser half is in {}", settings.site_root.display()))
    } else {
        fail(format!("{} is missing; `make build` makes it, COUNTERFOIL_SITE_ROOT says where it is", wasm.display()))
    }
}

fn listeners(settings: &Settings) -> Found {
    let open = |address: &SocketAddr| !address.ip().is_loopback();
    if settings.lab.is_on(settings.mode)
        && let Some(address) = settings.lab.bind.filter(|address| !address.is_loopback())
    {
        return warn(format!(
            "the lab, vulnerable on purpose, can be reached from other machines at {address}; set COUNTERFOIL_LAB=off, \
             or COUNTERFOIL_LAB_BIND to an address of this machine alone"
        ));
    }
    match settings.addresses().into_iter().chain(settings.metrics_listen).find(open) {
        Some(address) => warn(format!(
            "{address} can be reached from other machines and speaks plain HTTP; let nobody but the TLS proxy reach it"
        )),
        None => ok("reachable from this machine alone"),
    }
}

fn proxies(settings: &Settings) -> Found {
    if settings.hides_clients() {
        return warn(
            "every client looks like the proxy on this machine, so that they share their limits; name it in \
             COUNTERFOIL_TRUSTED_PROXIES",
        );
    }
    ok("the addresses of clients can be known")
}

/// Asks the site as its users would, through whatever stands in front of it. curl, for it brings TLS along.
fn public_origin(settings: &Settings) -> Found {
    let url = format!("{}/healthz", settings.origin());
    let output =
        match Command::new("curl").args(["--silent", "--show-error", "--include", "--max-time", "5", &url]).output() {
            Ok(output) => output,
            Err(error) => return warn(format!("not asked, since curl cannot be run: {error}")),
        };
    if !output.status.success() {
        return warn(format!("{url} does not answer: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    judge(&String::from_utf8_lossy(&output.stdout).to_ascii_lowercase(), &url, settings.is_https())
}

/// What an answer in lower case says about what stands between the site and its users.
fn judge(answer: &str, url: &str, is_https: bool) -> Found {
    let has = |header: &str| answer.lines().any(|line| line.starts_with(header));
    if !answer.lines().next().is_some_and(|status| status.contains(" 200")) {
        return fail(format!("{url} answers {}; is another program there?", answer.lines().next().unwrap_or_default()));
    }
    if !has("content-security-policy:") {
        return fail(format!("{url} comes without Content-Security-Policy; the proxy must pass headers on"));
    }
    if is_https && !has("strict-transport-security:") {
        return fail(format!("{url} comes without Strict-Transport-Security; the proxy must pass headers on"));
    }
    ok(format!("{url} answers, with its security headers"))
}

#[cfg(test)]
mod tests {
    use super::{Verdict, judge};

    #[test]
    fn an_answer_without_its_headers_is_no_good_answer() {
        let csp = "content-security-policy: default-src 'none'\r\n";
        let hsts = "strict-transport-security: max-age=1\r\n";
        for (answer, is_https, verdict) in [
            (format!("http/1.1 200 ok\r\n{csp}\r\nok"), false, Verdict::Ok),
            (format!("http/2 200\r\n{csp}{hsts}\r\nok"), true, Verdict::Ok),
            (format!("http/2 200\r\n{csp}\r\nok"), true, Verdict::Fail),
            (format!("http/2 200\r\n{hsts}\r\nok"), true, Verdict::Fail),
            (format!("http/1.1 404 not found\r\n{csp}\r\n"), false, Verdict::Fail),
            (String::new(), false, Verdict::Fail),
        ] {
            assert_eq!(judge(&answer, "u", is_https).0, verdict, "{answer}");
        }
    }
}
