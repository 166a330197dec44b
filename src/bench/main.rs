//! `make bench`: how fast, how much, and whether a flood of sign-ins or the answer's time gives anything away.
//!
//! Server and load share this machine, so absolute figures say little elsewhere; the ratios are of one run.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it is a program for one person at a terminal")]

mod client;
mod growth;
mod measure;
mod server;

use client::{Client, PASSWORD};
use measure::{Sample, connections, load};
use serde_json::json;
use server::Server;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

const NO_PAUSE: Duration = Duration::ZERO;
const SHORT: Duration = Duration::from_secs(5);
const FLOOD: Duration = Duration::from_secs(30);
/// Many times what the hashing pool and its queue hold.
const FLOODERS: usize = 64;
/// Connections at once where throughput is measured.
const BUSY: usize = 8;
/// Enough that no session rotates faster than the protocol allows.
const SESSIONS: usize = 256;
/// Sign-ins of each kind whose times are compared.
const COMPARED: usize = 25;
/// Failures after which an account is locked (DESIGN section 5).
const LOCKING_FAILURES: usize = 6;

/// One machine cannot be many networks, so the limits a network has are out of the way.
const RAISED: [(&str, &str); 3] = [
    ("COUNTERFOIL_LOGIN_LIMIT", "1000000/1m"),
    ("COUNTERFOIL_REGISTER_LIMIT", "1000000/1m"),
    ("COUNTERFOIL_REFRESH_LIMIT", "1000000/1m"),
];

#[tokio::main]
async fn main() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} cores, server and load together; release build; SQLite with synchronous=FULL");
    let raised = RAISED.map(|(name, value)| format!("{name}={value}"));
    println!("raised for this run, since one machine is one network: {}", raised.join(" "));
    throughput().await;
    let server = Server::start(&RAISED);
    sign_ins(&server, cores).await;
    compare(&server).await;
    flood(&server).await;
    drop(server);
    growth::measure().await;
}

/// The calls that hash nothing, on a server whose hashes are cheap so that its sessions are quickly made.
async fn throughput() {
    println!("\n== calls per second, {BUSY} connections, {} s each", SHORT.as_secs());
    let server = Server::start(&[&RAISED[..], &[("COUNTERFOIL_BCRYPT_COST", "4")]].concat());
    let token = server.connect().await.sign("/auth/register", "alice@example.com", PASSWORD).await.expect(200).token();
    let open = async |client: &mut Client| client.get("/healthz", "").await.expect(200);
    let closed = async |client: &mut Client| client.get("/api/me", &token).await.expect(200);
    let busy = || connections(BUSY, async || server.connect().await);
    let open = load(busy().await, SHORT, NO_PAUSE, open).await;
    let closed = load(busy().await, SHORT, NO_PAUSE, closed).await;
    let (open_rate, closed_rate) = (open.per_second(SHORT), closed.per_second(SHORT));
    println!("GET /healthz (no access token)  {open_rate:9.0}/s   {open}");
    println!("GET /api/me                     {closed_rate:9.0}/s   {closed}");
    println!("  ratio {:.2}", closed_rate / open_rate);

    let mut groups = Vec::new();
    for _ in 0..BUSY {
        let mut client = server.connect().await;
        let mut cookies = Vec::new();
        for _ in 0..SESSIONS / BUSY {
            cookies.push(client.sign("/auth/login", "alice@example.com", PASSWORD).await.expect(200).cookie());
        }
        groups.push((client, cookies, 0));
    }
    let refreshes = load(groups, SHORT, NO_PAUSE, async |(client, cookies, next)| {
        *next = (*next + 1) % cookies.len();
        let answer = client.post("/auth/refresh", &cookies[*next], &json!({})).await.expect(200);
        cookies[*next] = answer.cookie();
        answer
    });
    let refreshes = refreshes.await;
    println!("POST /auth/refresh (rotations)  {:9.0}/s   {refreshes}", refreshes.per_second(SHORT));
}

/// Sign-ins against what the cores could hash if they did nothing else.
async fn sign_ins(server: &Server, cores: usize) {
    println!("\n== sign-ins, bcrypt cost 12, {} connections, {} s", cores + 1, 2 * SHORT.as_secs());
    let mut hashes: Vec<_> = (0..5)
        .map(|_| {
            let started = Instant::now();
            bcrypt::hash(PASSWORD, 12).unwrap();
            started.elapsed()
        })
        .collect();
    hashes.sort_unstable();
    let one = hashes[2].as_secs_f64();
    server.connect().await.sign("/auth/register", "alice@example.com", PASSWORD).await.expect(200);
    let clients = connections(cores + 1, async || server.connect().await).await;
    let length = 2 * SHORT;
    let sample = load(clients, length, NO_PAUSE, async |client| {
        client.sign("/auth/login", "alice@example.com", PASSWORD).await.expect(200)
    });
    let sample = sample.await;
    #[expect(clippy::cast_precision_loss, reason = "cores")]
    let possible = cores as f64 / one;
    let rate = sample.per_second(length);
    println!("one hash {:.0} ms, so {cores} cores make {possible:.2}/s", one * 1000.0);
    println!("POST /auth/login {rate:.2}/s, {:.0} % of that   {sample}", 100.0 * rate / possible);
}

/// Whether the time of a refusal tells an account that exists from one that does not.
async fn compare(server: &Server) {
    println!("\n== the time of a refused sign-in, {COMPARED} of each kind in turn on one connection");
    let mut client = server.connect().await;
    client.sign("/auth/register", "known@example.com", PASSWORD).await.expect(200);
    client.sign("/auth/register", "locked@example.com", PASSWORD).await.expect(200);
    for _ in 0..LOCKING_FAILURES {
        client.sign("/auth/login", "locked@example.com", "not the password").await.expect(401);
    }
    let kinds = ["known", "unknown", "locked"];
    let mut samples = kinds.map(|_| Sample::default());
    for round in 0..COMPARED {
        for (kind, sample) in kinds.iter().zip(&mut samples) {
            // A right password in between, so that the known one is never locked.
            if *kind == "known" && round % 3 == 0 {
                client.sign("/auth/login", "known@example.com", PASSWORD).await.expect(200);
            }
            // Another unknown one each time: unknown names are locked alike.
            let email =
                if *kind == "unknown" { format!("unknown{round}@example.com") } else { format!("{kind}@example.com") };
            sample.add(&client.sign("/auth/login", &email, "not the password").await.expect(401));
        }
    }
    let known = samples[0].percentile(50);
    for (kind, sample) in kinds.iter().zip(&samples) {
        println!("{kind:<8} {sample}   p50 differs from known by {:+.2} ms", sample.percentile(50) - known);
    }
}

/// What a signed-in user feels while others flood the sign-in.
async fn flood(server: &Server) {
    println!("\n== GET /api/me of one signed-in user, one call every 5 ms");
    let token = server.connect().await.sign("/auth/register", "bob@example.com", PASSWORD).await.expect(200).token();
    let pause = Duration::from_millis(5);
    let me = async |client: &mut Client| client.get("/api/me", &token).await.expect(200);
    let calm = load(vec![server.connect().await], 2 * SHORT, pause, me).await;
    println!("calm         {calm}");

    let before = server.memory();
    let highest = AtomicU64::new(0);
    let names = AtomicU64::new(0);
    let attack = async |client: &mut Client| {
        let email = format!("flood{}@example.com", names.fetch_add(1, Ordering::Relaxed));
        let answer = client.sign("/auth/login", &email, "not the password").await;
        highest.fetch_max(server.memory().unwrap_or(0), Ordering::Relaxed);
        answer
    };
    // A refused one comes back at once: without a pause the load would take the server's cores.
    let flooders = connections(FLOODERS, async || server.connect().await).await;
    let attacks = load(flooders, FLOOD, Duration::from_millis(20), attack);
    let (attacks, flooded) = tokio::join!(attacks, load(vec![server.connect().await], FLOOD, pause, me));
    println!("in the flood {flooded}");
    println!(
        "  p50 {:.1} times, p99 {:.1} times",
        flooded.percentile(50) / calm.percentile(50),
        flooded.percentile(99) / calm.percentile(99)
    );
    println!("\n== the flood: {FLOODERS} connections for {} s, {:.0}/s", FLOOD.as_secs(), attacks.per_second(FLOOD));
    for (status, count) in &attacks.statuses {
        println!("{status}  {count}");
        assert!([200, 401, 429, 503].contains(status), "a flood may only be answered with 200, 401, 429 or 503");
    }
    tokio::time::sleep(SHORT).await;
    let mebibytes = |memory: Option<u64>| memory.map_or("unknown".to_owned(), |mebibytes| format!("{mebibytes} MiB"));
    println!(
        "memory before {}, at most {}, after {}",
        mebibytes(before),
        mebibytes(Some(highest.into_inner())),
        mebibytes(server.memory())
    );
}
