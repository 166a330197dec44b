//! Security headers, on every kind of answer (SECURITY table G).

use crate::support::{Answer, Mood, TestApp, User};

/// One answer of every kind that there is.
async fn every_kind(app: &TestApp) -> Vec<Answer> {
    let mut user = User::register(app, "alice@example.com").await;
    let mut answers = vec![user.refresh(app).await, user.me(app).await];
    for path in ["/", "/signin", "/healthz", "/readyz", "/.well-known/jwks.json", "/nowhere", "/api/me", "/auth/login"]
    {
        answers.push(app.get(path).send().await);
    }
    answers.push(app.get("/nowhere").header("accept", "text/html").send().await);
    answers.push(app.get("/").header("host", "evil.example").send().await);
    answers.push(app.post("/auth/refresh").header("host", "evil.example").send().await);
    answers.push(app.post("/auth/refresh").header("origin", "https://evil.example").send().await);
    answers.push(app.post("/auth/login").header("content-type", "text/plain").send().await);
    answers.push(app.post("/auth/login").body("[").send().await);
    answers.push(app.post("/auth/login").body("x".repeat(20_000)).send().await);
    answers.push(user.logout(app).await);
    app.store.set_mood(Mood::Gone);
    answers.push(app.get("/readyz").send().await);
    app.store.set_mood(Mood::Well);
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 308, 400, 401, 403, 404, 405, 413, 415, 421, 503]);
    answers
}

fn is_page(answer: &Answer) -> bool {
    answer.header("content-type").is_some_and(|value| value.starts_with("text/html"))
}

#[tokio::test]
async fn every_answer_has_them() {
    let app = TestApp::new().await;
    for answer in every_kind(&app).await {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert!(answer.header("permissions-policy").is_some_and(|value| value.contains("camera=()")));
        assert_eq!(answer.header("strict-transport-security"), None, "the origin is http");
        assert_eq!(answer.header("server"), None);
        let is_jwks = answer.header("content-type").is_some_and(|value| value.contains("jwk-set"));
        let cache = if is_jwks { "public, max-age=300" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), Some(cache), "{}", answer.text());
    }
}

#[tokio::test]
async fn what_is_no_page_loads_nothing_and_a_page_runs_its_own_scripts_alone() {
    let app = TestApp::new().await;
    for answer in every_kind(&app).await {
        let policy = answer.header("content-security-policy").unwrap();
        if is_page(&answer) {
            assert_is_strict(policy);
        } else {
            assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
        }
    }
}

#[track_caller]
fn assert_is_strict(policy: &str) {
    let directives: Vec<(&str, Vec<&str>)> = policy
        .split("; ")
        .map(|directive| directive.split_once(' ').unwrap())
        .map(|(name, values)| (name, values.split(' ').collect()))
        .collect();
    let values = |name: &str| directives.iter().find(|(other, _)| *other == name).unwrap().1.clone();
    for name in ["default-src", "object-src", "base-uri", "frame-ancestors"] {
        assert_eq!(values(name), ["'none'"], "{policy}");
    }
    for name in ["style-src", "font-src", "connect-src", "form-action"] {
        assert_eq!(values(name), ["'self'"], "{policy}");
    }
    let scripts = values("script-src");
    assert!(scripts.iter().any(|value| value.starts_with("'nonce-")), "{policy}");
    for loose in ["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:", "blob:"] {
        assert!(!scripts.contains(&loose), "{policy}");
    }
}

#[tokio::test]
async fn https_origins_demand_https() {
    let app = TestApp::with(&["--public-origin", "https://app.example"]).await;
    for path in ["/healthz", "/readyz", "/.well-known/jwks.json"] {
        let answer = app.get(path).send().await;
        let value = answer.header("strict-transport-security").unwrap();
        assert_eq!(value, "max-age=63072000; includeSubDomains");
    }
    let redirected = app.get("/").header("host", "www.app.example").send().await;
    assert!(redirected.header("strict-transport-security").is_some());
    assert_eq!(redirected.header("location"), Some("https://app.example/"));
}

/// The nonce of a page's policy.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy").unwrap();
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn the_nonce_is_new_and_long_in_every_response_and_stands_on_every_script() {
    let app = TestApp::new().await;
    let mut seen = std::collections::HashSet::new();
    for path in ["/", "/", "/signin", "/signup", "/account", "/signed-out", "/problems"] {
        let page = app.get(path).send().await;
        page.assert_ok();
        let nonce = nonce(&page);
        // base64: six bits a character.
        assert!(nonce.len() * 6 >= 128, "{nonce}");
        let html = page.text();
        let scripts: Vec<_> = html.split("<script").skip(1).collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(seen.insert(nonce), "a nonce came twice");
    }
}
