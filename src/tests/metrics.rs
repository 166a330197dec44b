//! What an operator can watch, read as Prometheus reads it: from a process of its own, over a socket of its own.

use crate::support::{PASSWORD, Reply, ServerProcess, Socket, free_address, request_text};
use serde_json::json;
use std::net::SocketAddr;

struct Watched {
    server: ServerProcess,
    metrics: SocketAddr,
}

impl Watched {
    fn start() -> Self {
        let metrics = free_address();
        Self { server: ServerProcess::start(&["--metrics-listen", &metrics.to_string()]), metrics }
    }

    async fn post(&self, path: &str, cookie: &str, body: &str) -> Reply {
        let headers = [("Cookie", cookie)];
        let headers = if cookie.is_empty() { &[][..] } else { &headers[..] };
        self.server.send(&request_text("POST", path, headers, body)).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.server.send(&request_text("GET", path, &[], "")).await
    }

    async fn scrape(&self) -> String {
        let reply = Socket::exchange(self.metrics, &request_text("GET", "/metrics", &[], "")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        reply.body
    }
}

/// The cookie that an answer set, as it goes back.
fn cookie(reply: &Reply) -> String {
    reply.headers["set-cookie"].split(';').next().unwrap().to_owned()
}

#[track_caller]
fn assert_has(scraped: &str, line: &str) {
    assert!(scraped.lines().any(|other| other == line), "{line} is not in:\n{scraped}");
}

#[tokio::test]
async fn requests_are_counted_by_the_route_that_matched_and_never_by_what_was_asked_for() {
    let watched = Watched::start();
    for path in ["/healthz", "/healthz", "/secret-of-a-caller", "/another", "/api/me"] {
        watched.get(path).await;
    }
    watched.server.send(&request_text("BREW", "/healthz", &[], "")).await;
    let scraped = watched.scrape().await;
    for line in [
        r#"counterfoil_http_requests_total{method="GET",route="/healthz",status="2xx"} 2"#,
        r#"counterfoil_http_requests_total{method="GET",route="none",status="4xx"} 2"#,
        r#"counterfoil_http_requests_total{method="GET",route="/api/me",status="4xx"} 1"#,
        r#"counterfoil_http_requests_total{method="other",route="/healthz",status="4xx"} 1"#,
        r#"counterfoil_http_request_duration_seconds_count{route="/api/me"} 1"#,
    ] {
        assert_has(&scraped, line);
    }
    assert!(!scraped.contains("secret-of-a-caller") && !scraped.contains("BREW"), "{scraped}");
}

#[tokio::test]
async fn sign_ups_sign_ins_and_refreshes_are_counted_by_their_outcome() {
    let watched = Watched::start();
    let credentials = |password: &str| json!({ "email": "alice@example.com", "password": password }).to_string();
    watched.post("/auth/register", "", &credentials("short")).await;
    let first = cookie(&watched.post("/auth/register", "", &credentials(PASSWORD)).await);
    watched.post("/auth/login", "", &credentials("not the password")).await;
    watched.post("/auth/login", "", &credentials(PASSWORD)).await;
    for _ in 0..2 {
        watched.post("/auth/refresh", &first, "{}").await;
    }
    watched.post("/auth/refresh", "", "{}").await;
    let scraped = watched.scrape().await;
    for line in [
        r#"counterfoil_registrations_total{outcome="weak_password"} 1"#,
        r#"counterfoil_registrations_total{outcome="ok"} 1"#,
        r#"counterfoil_logins_total{outcome="invalid_credentials"} 1"#,
        r#"counterfoil_logins_total{outcome="ok"} 1"#,
        r#"counterfoil_refreshes_total{outcome="rotated"} 1"#,
        r#"counterfoil_refreshes_total{outcome="repeated"} 1"#,
        r#"counterfoil_refreshes_total{outcome="missing_refresh_token"} 1"#,
    ] {
        assert_has(&scraped, line);
    }
}

#[tokio::test]
async fn how_things_stand_is_read_at_the_time_of_asking() {
    let watched = Watched::start();
    let body = json!({ "email": "alice@example.com", "password": PASSWORD }).to_string();
    let session = cookie(&watched.post("/auth/register", "", &body).await);
    let before = watched.scrape().await;
    for line in [
        "counterfoil_denylist_entries 0",
        "counterfoil_hashing_running 0",
        "counterfoil_hashing_waiting 0",
        "counterfoil_hashing_refused_total 0",
        "counterfoil_proofs_of_use_deferred_total 0",
    ] {
        assert_has(&before, line);
    }
    watched.post("/auth/logout", &session, "{}").await;
    assert_has(&watched.scrape().await, "counterfoil_denylist_entries 1");
}

#[tokio::test]
async fn every_series_says_what_it_is_and_in_which_unit() {
    let watched = Watched::start();
    let body = json!({ "email": "alice@example.com", "password": PASSWORD }).to_string();
    watched.post("/auth/register", "", &body).await;
    let scraped = watched.scrape().await;
    let types =
        scraped.lines().filter_map(|line| line.strip_prefix("# TYPE ")).map(|line| line.split_once(' ').unwrap());
    for (name, kind) in types {
        assert!(scraped.contains(&format!("# HELP {name} ")), "{name} has no help");
        assert!(name.starts_with("counterfoil_") || name == "process_resident_memory_bytes", "{name}");
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        assert_eq!(name.ends_with("_seconds"), kind == "histogram", "{name} is a {kind}");
    }
    assert_eq!(cfg!(target_os = "linux"), scraped.contains("\nprocess_resident_memory_bytes "));
}

#[tokio::test]
async fn metrics_are_on_their_own_address_alone_and_nothing_else_is_there() {
    let watched = Watched::start();
    assert_eq!(watched.get("/metrics").await.status, 404);
    for path in ["/", "/healthz", "/api/me"] {
        assert_eq!(Socket::exchange(watched.metrics, &request_text("GET", path, &[], "")).await.status, 404, "{path}");
    }
    let post = Socket::exchange(watched.metrics, &request_text("POST", "/metrics", &[], "")).await;
    assert_eq!(post.status, 405);
}

#[tokio::test]
async fn calls_that_were_too_many_are_counted_by_their_limit() {
    let watched = Watched::start();
    let body = json!({ "email": "alice@example.com", "password": "not the password" }).to_string();
    for _ in 0..12 {
        watched.post("/auth/login", "", &body).await;
    }
    assert_has(&watched.scrape().await, r#"counterfoil_throttled_total{limit="login"} 2"#);
}
