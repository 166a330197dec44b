//! Rotation while the server is in use: no call is refused, and no other service meets a key it does not know.

use crate::support::{TestApp, TestServer, User, minutes, request_text, secs, segments};
use counterfoil::{
    server::{auth::signing_key::SigningAlgorithm, clock::Clock},
    shared::Code,
};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

const CLIENTS: usize = 4;
/// How far the clock is moved between two rounds of all clients.
const STEP: u64 = 20;

/// Another service: it has the JWKS alone, and asks for it no more often than it is allowed to be cached.
struct Service {
    jwks: JwkSet,
    fetched_at: i64,
}

impl Service {
    async fn fetch(server: &TestServer, now: i64) -> Self {
        let reply = server.send(&request_text("GET", "/.well-known/jwks.json", &[("Connection", "close")], "")).await;
        Self { jwks: serde_json::from_str(&reply.body).unwrap(), fetched_at: now }
    }

    /// Verifies with keys that are as old as they may be.
    async fn verify(&mut self, server: &TestServer, token: &str, now: i64) {
        if now - self.fetched_at >= 300 {
            *self = Self::fetch(server, now).await;
        }
        let header = jsonwebtoken::decode_header(token).unwrap();
        let jwk = self.jwks.find(&header.kid.unwrap()).expect("a key that was published before it signed");
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.set_audience(&[crate::support::ORIGIN]);
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation).unwrap();
    }
}

/// A browser's jar and access token, kept fresh as the page does: after three quarters of the token's life.
struct Client {
    user: User,
    refreshed_at: i64,
    service: Service,
}

impl Client {
    async fn round(&mut self, app: &TestApp, server: &TestServer) {
        let now = app.clock.now().as_secs();
        if now - self.refreshed_at > 640 {
            let cookie = self.user.jar.header("/auth/refresh").unwrap();
            let reply = server.send(&request_text("POST", "/auth/refresh", &[("Cookie", &cookie)], "{}")).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            let body: Value = serde_json::from_str(&reply.body).unwrap();
            body["access_token"].as_str().unwrap().clone_into(&mut self.user.token);
            self.user.jar.apply(&[reply.headers["set-cookie"].clone()]);
            self.refreshed_at = now;
        }
        let bearer = format!("Bearer {}", self.user.token);
        let reply = server.send(&request_text("GET", "/api/me", &[("Authorization", &bearer)], "")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        if app.state.settings.access_token_algorithm.is_asymmetric() {
            self.service.verify(server, &self.user.token, now).await;
        }
    }
}

/// Rotates through these algorithms under load, and gives the keys that signed.
async fn rotate_under_load(algorithms: &[SigningAlgorithm]) -> HashSet<String> {
    let app = Arc::new(TestApp::signing(algorithms[0]).await);
    let server = Arc::new(TestServer::start(&app).await);
    let rounds: Arc<[AtomicUsize; CLIENTS]> = Arc::default();
    let is_over = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    for index in 0..CLIENTS {
        let user = User::register(&app, &format!("client{index}@example.com")).await;
        // Each begins at another moment, so that some refresh while others do not.
        app.advance(secs(97));
        let now = app.clock.now().as_secs();
        let mut client = Client { user, refreshed_at: now - 97, service: Service::fetch(&server, now).await };
        let (app, server, rounds, is_over) = (app.clone(), server.clone(), rounds.clone(), is_over.clone());
        clients.push(tokio::spawn(async move {
            let mut kids = HashSet::new();
            while !is_over.load(Ordering::SeqCst) {
                client.round(&app, &server).await;
                kids.insert(segments(&client.user.token).0["kid"].as_str().unwrap().to_owned());
                rounds[index].fetch_add(1, Ordering::SeqCst);
            }
            kids
        }));
    }
    for algorithm in &algorithms[1..] {
        app.rotate_key(*algorithm, false);
        for _ in 0..minutes(24).as_secs() / STEP {
            app.advance(secs(STEP));
            let before: Vec<_> = rounds.iter().map(|rounds| rounds.load(Ordering::SeqCst)).collect();
            let is_slow = |index: usize| rounds[index].load(Ordering::SeqCst) < before[index] + 2;
            while (0..CLIENTS).any(|index| is_slow(index) && !clients[index].is_finished()) {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(app.keys().get().describe(app.clock.now()).len(), 1, "the old key is gone");
    }
    is_over.store(true, Ordering::SeqCst);
    let mut kids = HashSet::new();
    for client in clients {
        kids.extend(client.await.unwrap());
    }
    kids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_under_load_refuses_nobody() {
    let hs256 = SigningAlgorithm::Hs256;
    assert_eq!(rotate_under_load(&[hs256, hs256, hs256]).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_services_follow_a_rotation_by_their_cached_jwks_even_to_another_algorithm() {
    let algorithms = [SigningAlgorithm::Es256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];
    assert_eq!(rotate_under_load(&algorithms).await.len(), 3);
}

#[tokio::test]
async fn a_key_signs_from_its_time_and_verifies_until_its_last_token_has_ended() {
    let app = TestApp::signing(SigningAlgorithm::EdDsa).await;
    let mut user = User::register(&app, "alice@example.com").await;
    let kid = |user: &User| segments(&user.token).0["kid"].clone();
    let old = kid(&user);
    app.rotate_key(SigningAlgorithm::EdDsa, false);
    app.advance(secs(6 * 60 - 1));
    user.refresh(&app).await;
    assert_eq!(kid(&user), old, "the new key is only published");
    let last = user.clone();
    app.advance(secs(1));
    user.refresh(&app).await;
    assert_ne!(kid(&user), old, "the new key signs");
    last.me(&app).await.assert_ok();
    app.advance(minutes(14));
    last.me(&app).await.assert_ok();
    app.advance(secs(2 * 60 - 1));
    last.me(&app).await.assert_problem(Code::TokenExpired);
    app.advance(secs(1));
    last.me(&app).await.assert_problem(Code::InvalidToken);
}

#[tokio::test]
async fn a_key_that_is_taken_out_is_refused_at_once_and_a_refresh_helps() {
    let app = TestApp::signing(SigningAlgorithm::Es256).await;
    let mut user = User::register(&app, "alice@example.com").await;
    let old = segments(&user.token).0["kid"].as_str().unwrap().to_owned();
    app.rotate_key(SigningAlgorithm::Es256, true);
    user.me(&app).await.assert_ok();
    let file = app.state.settings.key_file();
    let set = file.load().unwrap().retire(&old, app.clock.now()).unwrap();
    app.keys().replace(set);
    user.me(&app).await.assert_problem(Code::InvalidToken);
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
}
