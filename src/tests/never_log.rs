//! What the log says, and what it never does (SECURITY L-05, L-06), at the most talkative level.

use crate::support::{MAD, Mood, PASSWORD, TestApp, User, minutes, secs};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    future::Future,
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex},
};
use tracing::Instrument;
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

/// Every line that anything in this process has logged since the first test here began.
static LINES: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::default();
    let format = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
    tracing::subscriber::set_global_default(format.with_writer(lines.clone()).finish()).unwrap();
    lines
});

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Runs this under a span of its name, by which its own lines are told from those of other tests.
pub async fn logged<T>(name: &'static str, future: impl Future<Output = T>) -> (T, String) {
    LazyLock::force(&LINES);
    let result = future.instrument(tracing::info_span!("test", name)).await;
    let log = String::from_utf8_lossy(&LINES.0.lock().unwrap()).into_owned();
    (result, log)
}

/// Does everything that there is to do once, well and badly, and gives every secret that took part.
async fn live(app: &TestApp) -> Vec<String> {
    let mut owner = User::register(app, "alice@example.com").await;
    let thief = owner.clone();
    let wrong = "not the password of anybody";
    let body = json!({ "email": owner.email, "password": wrong });
    app.post("/auth/login").json(&body).send().await;
    app.post("/auth/register").json(&json!({ "email": "bob@example.com", "password": "password1234567" })).send().await;
    app.post("/auth/login").body(format!("{{\"password\":\"{wrong}\"")).send().await;
    owner.refresh(app).await;
    owner.me(app).await;
    app.get(&format!("/api/me?access_token={}", owner.token)).send().await;
    app.get("/api/me").bearer(&format!("{}x", owner.token)).send().await;
    app.store.set_mood(Mood::Gone);
    owner.try_refresh(app).await;
    app.post("/auth/login").json(&body).send().await;
    app.store.set_mood(Mood::Mad);
    owner.me(app).await;
    app.store.set_mood(Mood::Well);
    app.advance(secs(30));
    thief.clone().try_refresh(app).await;
    let mut again = owner.elsewhere(app).await;
    app.advance(minutes(20));
    again.me(app).await;
    let last = again.clone();
    again.logout(app).await;
    let mut secrets: Vec<_> = [PASSWORD, wrong, "password1234567", MAD].map(str::to_owned).into();
    secrets.extend(secrets_of(&[thief, owner, last]));
    secrets.extend([0xa1, 0xb2, 0xc3].map(|byte| STANDARD.encode([byte; 32])));
    secrets.extend([0xa1_u8, 0xb2, 0xc3].map(|byte| format!("{byte:02x}").repeat(32)));
    secrets
}

fn secrets_of(users: &[User]) -> Vec<String> {
    let mut secrets: Vec<_> = users.iter().map(|user| user.token.clone()).collect();
    secrets.extend(users.iter().map(|user| user.token.rsplit('.').next().unwrap().to_owned()));
    secrets.extend(users.iter().flat_map(|user| user.jar.values().map(str::to_owned)));
    secrets
}

/// Does everything that owners and administrators can do to accounts, well and badly, and gives every secret of it.
async fn administer(app: &TestApp) -> Vec<String> {
    let (wrong, next) = ("not the password of anybody", "a password that was chosen later");
    let owner = User::register(app, "carol@example.com").await;
    let elsewhere = owner.elsewhere(app).await;
    let admin = User::admin(app, "admin@example.com").await;
    let id = owner.id().to_string();
    let as_owner = |path: &str, body: Value| owner.post(app, path).json(&body).send();
    let as_admin = |path: &str, body: Value| admin.post(app, path).json(&body).send();
    as_owner("/api/step-up", json!({ "password": wrong })).await;
    as_owner("/api/step-up", json!({ "password": PASSWORD })).await;
    as_owner("/api/password", json!({ "current": wrong, "new": next })).await;
    as_owner("/api/password", json!({ "current": PASSWORD, "new": next })).await;
    as_owner("/api/sessions/revoke", json!({ "id": elsewhere.session_id() })).await;
    as_owner("/api/sessions/revoke-others", json!({})).await;
    for path in ["/api/sessions", "/api/events", "/api/admin/users"] {
        owner.get(app, path).send().await;
    }
    for path in ["/api/admin/users", "/api/admin/events", &format!("/api/admin/user?id={id}")] {
        admin.get(app, path).send().await.assert_ok();
    }
    as_admin("/api/admin/users/role", json!({ "id": id, "role": "admin" })).await.assert_ok();
    as_admin("/api/admin/users/revoke", json!({ "id": id })).await.assert_ok();
    as_admin("/api/admin/users/unlock", json!({ "id": id })).await.assert_ok();
    admin.delete(app, &format!("/api/admin/users?id={id}")).send().await.assert_ok();
    admin.post(app, "/api/sessions/revoke-all").send().await.assert_ok();
    admin.elsewhere(app).await.post(app, "/api/account/delete").send().await;
    let mut secrets = secrets_of(&[owner, elsewhere, admin]);
    secrets.push(next.to_owned());
    secrets
}

#[tokio::test]
async fn no_password_no_token_no_cookie_and_no_key_is_logged() {
    let app = TestApp::new().await;
    let everything = async { [live(&app).await, administer(&app).await].concat() };
    let (secrets, log) = logged("secrets", everything).await;
    for captured in ["signed in", "DEBUG", "INSERT INTO sessions"] {
        assert!(log.contains(captured), "{captured} is not captured");
    }
    assert!(secrets.len() >= 24, "{}", secrets.len());
    for secret in secrets {
        // A part is as bad as the whole.
        for part in [&secret[..], &secret[..secret.len() * 2 / 3], &secret[secret.len() / 3..]] {
            if let Some(line) = log.lines().find(|line| line.contains(part)) {
                panic!("{part} is in: {line}");
            }
        }
    }
    for never in ["Bearer ey", "cf1_", "cfd1_", "$2b$", "access_token="] {
        assert!(!log.contains(never), "{never}");
    }
}

#[tokio::test]
async fn what_an_operator_must_learn_is_logged_once_with_the_id_of_the_request() {
    let app = TestApp::new().await;
    let work = async {
        live(&app).await;
        app.get("/healthz").send().await.header("x-request-id").unwrap().to_owned()
    };
    let (id, log) = logged("operator", work).await;
    let own = || log.lines().filter(|line| line.contains("name=\"operator\""));
    for (message, count) in [
        ("account created", 1),
        ("refreshed", 1),
        ("password refused", 1),
        ("refresh token reused, session ended", 1),
        ("session ended", 2),
        ("the store failed", 2),
    ] {
        assert_eq!(own().filter(|line| line.contains(message)).count(), count, "{message}");
    }
    let reuse = own().find(|line| line.contains("refresh token reused")).unwrap();
    for field in ["WARN", "user.id=", "session.id=", "request.id="] {
        assert!(reuse.contains(field), "{field}: {reuse}");
    }
    assert!(own().any(|line| line.contains(&id) && line.contains("http.status=200")), "{id}");
}

#[tokio::test]
async fn nobody_can_write_lines_of_their_own() {
    let app = TestApp::new().await;
    let forged = "x\r\n2027-01-01T00:00:00Z  INFO forged line\u{1b}[31m";
    let body = json!({ "email": forged, "password": PASSWORD });
    let work = async {
        app.post("/auth/login").json(&body).send().await;
        app.post("/auth/register").json(&body).send().await;
        app.get("/%0d%0a2027%20INFO%20forged%20line").send().await;
        app.get("/healthz").header("user-agent", "forged line \u{9b}31m").send().await;
    };
    let ((), log) = logged("forger", work).await;
    assert!(log.contains("name=\"forger\""));
    for line in log.lines() {
        assert!(!line.contains("forged line") && !line.contains('\u{1b}'), "{line}");
    }
}
