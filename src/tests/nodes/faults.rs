//! The faults, one after the other, and what the people who are signed in notice of each.

use super::{
    browser::{Browser, Outcome},
    load::{BY_TOKEN, Ended, Load, Seen},
    node::{Node, Surroundings, command, is_ready},
    now,
    postgres::{self, PostgresServer},
    relay::Relay,
    say, until,
};
use crate::support::RedisServer;
use counterfoil::server::{auth::denial_feed, clock::Timestamp};
use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::sleep;

/// What `config check` says of the default settings.
const EXPOSURE: Duration = Duration::from_secs(5);
/// How long a fault lasts: longer than the exposure.
const FAULT: Duration = Duration::from_secs(7);
/// How long everything works between two faults.
const QUIET: Duration = Duration::from_secs(3);
/// Sign-outs whose way to the other nodes is measured.
const MEASURED: usize = 60;

struct Site {
    postgres: PostgresServer,
    redis: RedisServer,
    /// The last node's ways to both.
    relays: [Relay; 2],
    nodes: Vec<Node>,
    surroundings: Surroundings,
    clock: PathBuf,
    _folder: TempDir,
}

impl Site {
    async fn start() -> Option<Self> {
        let (postgres, redis) = (PostgresServer::start()?, RedisServer::start()?);
        let folder = tempfile::tempdir().unwrap();
        let clock = folder.path().join("clock");
        fs::write(&clock, "+0").unwrap();
        let relays = [Relay::to(postgres.address).await, Relay::to(redis.address).await];
        let surroundings = Surroundings {
            database_url: postgres::url_at(postgres.address),
            redis_url: redis.url(),
            folder: folder.path().to_owned(),
            more: Vec::new(),
        };
        let own_clock = Surroundings { more: of_a_clock(&clock), ..surroundings.clone() };
        let own_ways = Surroundings {
            database_url: postgres::url_at(relays[0].address),
            redis_url: format!("redis://{}", relays[1].address),
            ..surroundings.clone()
        };
        // The first makes the keys that the others find.
        let mut nodes = vec![Node::start(surroundings.clone())];
        nodes[0].until_ready().await;
        nodes.extend([own_clock, own_ways].map(Node::start));
        for node in &nodes {
            node.until_ready().await;
        }
        Some(Self { postgres, redis, relays, nodes, surroundings, clock, _folder: folder })
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        self.nodes.iter().map(|node| node.address).collect()
    }
}

/// What gives a process a clock that this file sets ahead or back; the monotonic one stays.
fn of_a_clock(file: &Path) -> Vec<(String, String)> {
    let Some(library) = faketime() else {
        assert!(env::var_os("COUNTERFOIL_TEST_SERVICES").is_none(), "libfaketime is not installed");
        say("not run: the step of a clock, since libfaketime is not installed");
        return Vec::new();
    };
    let variables = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// Debian keeps it in a folder of the architecture.
fn faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists())
}

/// One fault, and when it began, ended and was healed.
struct Row {
    fault: &'static str,
    began: Timestamp,
    ended: Timestamp,
    healed: Timestamp,
}

struct Trial {
    load: Load,
    probe: Browser,
    rows: Vec<Row>,
}

impl Trial {
    /// Makes a fault and waits until every node serves again.
    async fn endure(&mut self, site: &mut Site, fault: &'static str, make: impl AsyncFnOnce(&mut Site)) {
        let began = now();
        make(site).await;
        let ended = now();
        let probe = self.probe.clone();
        for node in site.addresses() {
            let serves = async || is_ready(node).await && matches!(probe.get(node, "/api/me").await, Outcome::Served);
            until(fault, serves).await;
        }
        self.rows.push(Row { fault, began, ended, healed: now() });
        sleep(QUIET).await;
    }
}

impl Row {
    fn holds(&self, moment: Timestamp) -> bool {
        (self.began..=self.healed).contains(&moment)
    }
}

/// What was noticed at some moments.
struct Count {
    unanswered: usize,
    failed: usize,
    lost: usize,
    late: usize,
}

impl Count {
    fn of(seen: &Seen, holds: impl Fn(Timestamp) -> bool) -> Self {
        Self {
            unanswered: seen.unanswered.lock().unwrap().iter().filter(|at| holds(**at)).count(),
            failed: seen.failed.lock().unwrap().iter().filter(|(at, _)| holds(*at)).count(),
            lost: seen.lost.lock().unwrap().iter().filter(|(at, _)| holds(*at)).count(),
            late: seen.late.lock().unwrap().iter().filter(|(at, _)| holds(*at)).count(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_lose_no_session_and_accept_no_revoked_token_whatever_fails() {
    let Some(mut site) = Site::start().await else { return };
    let nodes = site.addresses();
    let probe = Browser::sign_up(&nodes, "probe@example.com").await;
    let load = Load::begin(&nodes, EXPOSURE).await;
    let mut trial = Trial { load, probe, rows: Vec::new() };
    sleep(QUIET).await;

    trial
        .endure(&mut site, "a node is killed and comes back", async |site| {
            site.nodes[0].kill();
            sleep(FAULT).await;
            site.nodes[0].start_again();
        })
        .await;
    trial.endure(&mut site, "PostgreSQL crashes and is started", async |site| site.postgres.restart()).await;
    trial.endure(&mut site, "Redis crashes and is started empty", async |site| site.redis.restart()).await;
    trial
        .endure(&mut site, "Redis does not answer", async |site| {
            site.redis.pause();
            sleep(FAULT).await;
            site.redis.resume();
        })
        .await;
    trial
        .endure(&mut site, "a node is cut off from PostgreSQL and Redis", async |site| {
            site.relays.iter().for_each(Relay::cut);
            sleep(FAULT).await;
            site.relays.iter().for_each(Relay::mend);
        })
        .await;
    trial
        .endure(&mut site, "the signing key is replaced at once", async |site| {
            command(&site.surroundings, &["keys", "rotate", "--now"]);
            sleep(FAULT).await;
        })
        .await;
    if faketime().is_some() {
        trial
            .endure(&mut site, "a node's clock is stepped ahead by a minute", async |site| {
                fs::write(&site.clock, "+60").unwrap();
                until("it is seen", async || site.nodes[1].has_logged("clock of this machine or of Redis's is off"))
                    .await;
                sleep(FAULT).await;
            })
            .await;
        trial
            .endure(&mut site, "that clock is stepped back", async |site| {
                fs::write(&site.clock, "+0").unwrap();
                until("it is seen", async || site.nodes[1].has_logged("the clock agrees with Redis's")).await;
                sleep(FAULT).await;
            })
            .await;
    }

    let Trial { load, rows, .. } = trial;
    let Ended { seen, mut signed_in, signed_out } = load.end().await;
    let outside = Count::of(&seen, |moment| !rows.iter().any(|row| row.holds(moment)));
    report(&rows, &seen, &outside);
    say(&format!("{} calls served, {} sign-outs", seen.served.load(Ordering::Relaxed), signed_out.len()));
    assert!(seen.lost.lock().unwrap().is_empty(), "{:?}", seen.lost);
    assert!(seen.late.lock().unwrap().is_empty(), "{:?}", seen.late);
    assert_eq!((outside.unanswered, outside.failed), (0, 0), "outside of the faults");
    for node in nodes {
        for browser in &mut signed_in {
            assert!(matches!(browser.refresh(node).await, Outcome::Served), "everybody is still signed in");
        }
        for browser in &signed_out {
            assert!(matches!(browser.get(node, BY_TOKEN).await, Outcome::Refused(_)), "a sign-out is for ever");
        }
    }
}

/// The table in the README.
fn report(rows: &[Row], seen: &Seen, outside: &Count) {
    let line = |fault: &str, lasted: &str, count: &Count, healed: &str| {
        let Count { unanswered, failed, lost, late } = count;
        say(&format!("| {fault} | {lasted} | {unanswered} | {failed} | {lost} | {late} | {healed} |"));
    };
    let secs = |from: Timestamp, to: Timestamp| format!("{:.1} s", to.since(from).as_secs_f64());
    say("| fault | lasted | no answer | 5xx | sessions lost | revoked tokens accepted late | healed after |");
    say("|---|---|---|---|---|---|---|");
    for row in rows {
        let count = Count::of(seen, |moment| row.holds(moment));
        line(row.fault, &secs(row.began, row.ended), &count, &secs(row.ended, row.healed));
    }
    line("none: before, between and after them", "", outside, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_on_one_node_is_refused_on_the_others_in_no_time() {
    let Some(site) = Site::start().await else { return };
    let nodes = site.addresses();
    Browser::sign_up(&nodes, "alice@example.com").await;
    let mut delays = Vec::new();
    for turn in 0..MEASURED {
        let browser = Browser::sign_in(nodes[0], "alice@example.com").await.unwrap();
        let from = nodes[turn % nodes.len()];
        assert!(matches!(browser.sign_out(from).await, Outcome::Served));
        let over = now();
        for node in nodes.iter().filter(|node| **node != from) {
            while !matches!(browser.get(*node, BY_TOKEN).await, Outcome::Refused(_)) {
                assert!(now() < over + EXPOSURE, "it is accepted for too long");
            }
        }
        delays.push(now().since(over));
    }
    delays.sort_unstable();
    let median = delays[MEASURED / 2];
    assert!(median < denial_feed::INTERVAL / 4, "{median:?}: they read it in the store");
    say(&format!(
        "refused on two other nodes within {median:?} of the answer to the sign-out (median of {MEASURED}; longest {:?})",
        delays[MEASURED - 1]
    ));
}
