//! Which address a call comes from (SECURITY I-03, I-04).

use super::{WRONG, attempt};
use crate::{
    never_log::logged,
    support::{Call, PASSWORD, TestApp, User, hours},
};
use counterfoil::shared::Code;

/// An application behind these proxies.
async fn behind(proxies: &str) -> TestApp {
    TestApp::with(&["--trusted-proxies", proxies]).await
}

/// The address that is kept of a sign-in.
async fn kept(app: &TestApp, user: &User, dress: impl FnOnce(Call) -> Call) -> String {
    dress(attempt(app, &user.email, PASSWORD)).send().await.assert_ok();
    let id = user.me(app).await.json()["id"].as_str().unwrap().parse().unwrap();
    app.state.sessions.store.events(Some(id), 1).await.unwrap().remove(0).client.ip
}

#[tokio::test]
async fn nothing_that_a_client_says_of_its_address_counts() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..10 {
        attempt(&app, "nobody@example.com", WRONG).peer("192.0.2.1").send().await;
    }
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-for", "203.0.113.7, 192.0.2.99"),
        ("x-real-ip", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("cf-connecting-ip", "203.0.113.7"),
        ("true-client-ip", "203.0.113.7"),
        ("x-client-ip", "203.0.113.7"),
        ("x-cluster-client-ip", "203.0.113.7"),
        ("via", "1.1 203.0.113.7"),
    ] {
        let call = attempt(&app, &user.email, PASSWORD).peer("192.0.2.1").header(name, value);
        call.send().await.assert_problem(Code::TooManyAttempts);
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_whom_it_was_called_by() {
    let app = behind("10.0.0.0/8,127.0.0.1").await;
    let user = User::register(&app, "alice@example.com").await;
    for (peer, forwarded, expected) in [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.1.2.3", "198.51.100.1,203.0.113.7 ,10.9.9.9,  127.0.0.1", "203.0.113.7"),
        ("::ffff:10.1.2.3", "::ffff:203.0.113.7", "203.0.113.7"),
        ("10.1.2.3", "2001:db8::7", "2001:db8::7"),
        ("10.1.2.3", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
    ] {
        let address = kept(&app, &user, |call| call.peer(peer).header("x-forwarded-for", forwarded)).await;
        assert_eq!(address, expected, "{forwarded}");
    }
}

#[tokio::test]
async fn a_peer_that_is_not_trusted_is_the_client_whatever_it_says() {
    let app = behind("10.0.0.0/8").await;
    let user = User::register(&app, "alice@example.com").await;
    let spoofed = |call: Call| call.peer("11.0.0.1").header("x-forwarded-for", "203.0.113.7");
    assert_eq!(kept(&app, &user, spoofed).await, "11.0.0.1");
}

#[tokio::test]
async fn several_headers_are_one_list() {
    let app = behind("10.0.0.0/8").await;
    let user = User::register(&app, "alice@example.com").await;
    let dress = |call: Call| {
        let call = call.peer("10.0.0.1").header("x-forwarded-for", "198.51.100.1, 203.0.113.7");
        call.also("x-forwarded-for", "10.0.0.3").also("x-forwarded-for", "10.0.0.2")
    };
    assert_eq!(kept(&app, &user, dress).await, "203.0.113.7");
}

#[tokio::test]
async fn what_is_no_address_ends_the_list_at_the_last_trusted_proxy() {
    let app = behind("10.0.0.0/8").await;
    let user = User::register(&app, "alice@example.com").await;
    for (forwarded, expected) in [
        ("203.0.113.7, unknown", "10.0.0.1"),
        ("203.0.113.7, <script>, 10.0.0.9", "10.0.0.9"),
        ("203.0.113.7:4711", "10.0.0.1"),
        ("203.0.113.7, ", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("203.0.113.7\u{e9}", "10.0.0.1"),
    ] {
        let address = kept(&app, &user, |call| call.peer("10.0.0.1").header("x-forwarded-for", forwarded)).await;
        assert_eq!(address, expected, "{forwarded}");
    }
}

#[tokio::test]
async fn clients_behind_a_trusted_proxy_are_counted_apart() {
    let app = behind("10.0.0.1").await;
    let from = |client: &str| {
        attempt(&app, "nobody@example.com", WRONG).peer("10.0.0.1").header("x-forwarded-for", client).send()
    };
    for number in 0..11 {
        let answer = from(&format!("198.51.100.{number}, 203.0.113.7")).await;
        assert_eq!(answer.status, if number < 10 { 401 } else { 429 });
    }
    from("203.0.113.8").await.assert_status(401);
}

#[tokio::test]
async fn a_64_of_ipv6_is_one_client() {
    let app = TestApp::new().await;
    let from = |peer: String| attempt(&app, "nobody@example.com", WRONG).peer(&peer).send();
    for number in 0..11 {
        let answer = from(format!("2001:db8:1:2:{number}::{number}")).await;
        assert_eq!(answer.status, if number < 10 { 401 } else { 429 });
    }
    from("2001:db8:1:3::1".to_owned()).await.assert_status(401);
}

#[tokio::test]
async fn an_unknown_proxy_is_warned_of_once_an_hour_and_never_quoted() {
    let app = TestApp::new().await;
    let call = || app.get("/healthz").peer("192.0.2.1").header("x-forwarded-for", "forged text").send();
    let work = async {
        for _ in 0..5 {
            call().await;
        }
        app.advance(hours(1));
        call().await;
        app.get("/healthz").peer("192.0.2.1").send().await;
    };
    let ((), log) = logged("proxy", work).await;
    let warnings = log.lines().filter(|line| line.contains("name=\"proxy\"") && line.contains("no trusted proxy"));
    assert_eq!(warnings.count(), 2);
    assert!(!log.contains("forged text"));
}

#[tokio::test]
async fn a_trusted_proxy_is_not_warned_of() {
    let app = behind("192.0.2.1").await;
    let work = app.get("/healthz").peer("192.0.2.1").header("x-forwarded-for", "203.0.113.7").send();
    let (_, log) = logged("trusted", work).await;
    let own = || log.lines().filter(|line| line.contains("name=\"trusted\""));
    assert!(own().any(|line| line.contains("client.address=203.0.113.7")));
    assert!(!own().any(|line| line.contains("no trusted proxy")));
}
