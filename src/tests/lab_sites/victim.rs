//! The victim's tokens are really where the strategy says, and its defences really defend.

use super::support::{TestLab, VICTIM};
use crate::support::{TestApp, secs};
use std::fs;

#[tokio::test]
async fn each_strategy_sets_the_cookie_that_it_names() {
    let lab = TestLab::new().await;
    let cookie = async |strategy: &str, defences: &[&str]| {
        let id = lab.begin(strategy, "xss-reads", defences).await;
        let answer = lab.bank("POST", &format!("/{id}/auth/login"), &[]).await;
        let cookie = answer.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
        let cookie = cookie.unwrap_or_default().replace(&id, "LAB");
        cookie.split_once("; ").map(|(_, attributes)| attributes.to_owned()).unwrap_or_default()
    };
    for (strategy, attributes) in [
        ("local-storage", ""),
        ("readable-cookie", "SameSite=Lax; Path=/LAB"),
        ("http-only-none", "HttpOnly; SameSite=None; Secure; Path=/LAB"),
        ("http-only-unspecified", "HttpOnly; Path=/LAB"),
        ("http-only-lax", "HttpOnly; SameSite=Lax; Path=/LAB"),
        ("http-only-strict", "HttpOnly; SameSite=Strict; Path=/LAB"),
        ("memory-js", "HttpOnly; SameSite=Strict; Path=/LAB/auth"),
        ("memory-wasm", "HttpOnly; SameSite=Strict; Path=/LAB/auth"),
    ] {
        assert_eq!(cookie(strategy, &[]).await, attributes, "{strategy}");
    }
    for strategy in ["http-only-none", "http-only-unspecified"] {
        assert_eq!(cookie(strategy, &["same-site"]).await, "HttpOnly; SameSite=Lax; Path=/LAB", "{strategy}");
    }
}

#[tokio::test]
async fn a_short_life_is_half_a_minute_and_a_normal_one_five() {
    let lab = TestLab::new().await;
    for (defences, life) in [(&["short-life"][..], 30), (&[][..], 300)] {
        let id = lab.begin("local-storage", "xss-reads", defences).await;
        let authorization = format!("Bearer {}", lab.token(&id).await);
        let who = async || {
            lab.bank("GET", &format!("/{id}/api/me"), &[("authorization", &authorization)]).await.status().as_u16()
        };
        lab.clock.advance(secs(life - 1));
        assert_eq!(who().await, 200, "{life}");
        lab.clock.advance(secs(1));
        assert_eq!(who().await, 401, "{life}");
    }
}

#[tokio::test]
async fn the_origin_check_refuses_whatever_another_origin_asks_to_change() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "sibling-port", &["origin-check"]).await;
    let authorization = format!("Bearer {}", lab.token(&id).await);
    let status = async |site: &str, origin: &str| {
        let request = lab.request(VICTIM, "POST", &format!("/{id}/api/transfer"));
        let request = request.header("authorization", &authorization).header("origin", origin);
        request.header("sec-fetch-site", site).send().await.unwrap().status().as_u16()
    };
    let own = lab.sites[VICTIM].0.clone();
    assert_eq!(status("same-origin", &own).await, 200);
    assert_eq!(status("same-site", &own).await, 403);
    assert_eq!(status("cross-site", &own).await, 403);
    assert_eq!(status("same-origin", "null").await, 403);
}

#[tokio::test]
async fn what_is_logged_of_a_request_has_its_bounds_and_no_secret() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let cookies: Vec<_> = (0..20).map(|n| format!("{n:x>80}=secret")).collect();
    let headers = [
        ("origin", &*"o".repeat(1000)),
        ("content-type", &"c".repeat(1000)),
        ("authorization", &format!("{} secret", "s".repeat(1000))),
        ("cookie", &cookies.join("; ")),
    ];
    lab.bank("GET", &format!("/{id}/api/me"), &headers).await;
    lab.bank("GET", &format!("/{id}/api/me"), &[("authorization", "secret")]).await;
    let requests = &lab.standing(&id).await["evidence"]["requests"];
    assert!(!requests.to_string().contains("secret"), "{requests}");
    let length = |name: &str| requests[0][name].as_str().unwrap().len();
    assert_eq!(["origin", "content_type", "authorization"].map(length), [200, 200, 64]);
    let names = requests[0]["cookies"].as_array().unwrap();
    assert_eq!((names.len(), names[0].as_str().unwrap().len()), (16, 64));
}

#[tokio::test]
async fn the_vault_is_served_by_the_victim_and_not_by_the_app() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("lab-victim")).unwrap();
    fs::write(site.path().join("lab-victim/vault.js"), "export {}").unwrap();
    let lab = TestLab::with_site_root(site.path()).await;
    assert_eq!(lab.request(VICTIM, "GET", "/vault/vault.js").send().await.unwrap().status(), 200);
    let app = TestApp::with(&["--site-root", site.path().to_str().unwrap()]).await;
    for path in ["/lab-victim/vault.js", "/lab%2Dvictim/vault.js", "//lab-victim/vault.js", "/./lab-victim/vault.js"] {
        app.get(path).send().await.assert_status(404);
    }
}
