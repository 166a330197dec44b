//! Browsers that have signed in before: nobody else locks them out (DESIGN section 5).

use super::{WRONG, attempt, guess, sign_in_afresh, sign_in_from};
use crate::support::{Jar, PASSWORD, TestApp, User, minutes};
use counterfoil::{
    server::clock::Clock,
    shared::{Code, Email},
};
use serde_json::json;

/// Wrong guesses from one browser.
async fn guess_from(app: &TestApp, browser: &Jar, email: &str, count: usize) {
    for _ in 0..count {
        attempt(app, email, WRONG).cookies(browser).send().await.assert_problem(Code::InvalidCredentials);
    }
}

#[tokio::test]
async fn strangers_lock_the_account_but_not_the_owners_own_browser() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 20).await;
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
    sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
    sign_in_from(&app, &user.jar.device_alone(), &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_stranger_behind_the_same_address_cannot_use_up_the_owners_tries() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..15 {
        attempt(&app, &user.email, WRONG).send().await;
    }
    attempt(&app, &user.email, PASSWORD).send().await.assert_problem(Code::TooManyAttempts);
    let answer = attempt(&app, &user.email, PASSWORD).cookies(&user.jar).send().await;
    assert_eq!(answer.assert_ok().header("ratelimit"), Some(r#""login";r=9;t=900"#));
}

#[tokio::test]
async fn a_device_gets_no_more_guesses_than_anybody() {
    let (app, user) = TestApp::with_user().await;
    guess_from(&app, &user.jar, &user.email, 5).await;
    sign_in_from(&app, &user.jar, &user.email).await.assert_problem(Code::InvalidCredentials);
    sign_in_afresh(&app, &user.email).await.assert_ok();
    app.advance(minutes(30));
    sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_device_that_is_locked_out_locks_no_other_out() {
    let (app, user) = TestApp::with_user().await;
    let elsewhere = user.elsewhere(&app).await;
    guess_from(&app, &user.jar, &user.email, 5).await;
    sign_in_from(&app, &user.jar, &user.email).await.assert_problem(Code::InvalidCredentials);
    sign_in_from(&app, &elsewhere.jar, &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_device_gets_no_more_tries_than_anybody() {
    let app = TestApp::with(&["--lockout", "100/30m"]).await;
    let user = User::register(&app, "alice@example.com").await;
    guess_from(&app, &user.jar, &user.email, 10).await;
    let refused = sign_in_from(&app, &user.jar, &user.email).await;
    refused.assert_problem(Code::TooManyAttempts);
    assert_eq!(refused.header("ratelimit"), Some(r#""login";r=0;t=900"#));
}

#[tokio::test]
async fn a_success_on_a_device_ends_its_own_count() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..2 {
        guess_from(&app, &user.jar, &user.email, 4).await;
        sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
    }
}

#[tokio::test]
async fn a_success_on_a_device_gives_nobody_elsewhere_more_guesses() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 4).await;
    sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
    guess(&app, &user.email, 1).await;
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn a_device_of_somebody_else_is_a_stranger() {
    let (app, user) = TestApp::with_user().await;
    let thief = User::register(&app, "mallory@example.com").await;
    guess_from(&app, &thief.jar, &user.email, 5).await;
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
    let answer = attempt(&app, &user.email, WRONG).cookies(&thief.jar).send().await;
    assert_eq!(answer.header("ratelimit"), Some(r#""login";r=4;t=900"#), "the network's count");
}

#[tokio::test]
async fn forged_and_doubled_cookies_are_no_device_and_no_mistake() {
    let (app, user) = TestApp::with_user().await;
    let device = user.jar.device();
    let good = format!("{}={}", device.name, device.value);
    let (half, last) = device.value.split_at(device.value.len() - 1);
    let tampered = format!("{half}{}", if last == "A" { "B" } else { "A" });
    guess(&app, &user.email, 5).await;
    for cookies in [
        format!("{}={tampered}", device.name),
        format!("{}=cfd1_AAAA", device.name),
        format!("{}=", device.name),
        format!("{good}; {good}"),
        good.replace("__Http-", ""),
        good.replace("__Http-device", "__http-device"),
    ] {
        let call = attempt(&app, &user.email, PASSWORD).peer("192.0.2.1").header("cookie", &cookies);
        call.send().await.assert_problem(Code::InvalidCredentials);
    }
    let call = attempt(&app, &user.email, PASSWORD).peer("192.0.2.1").header("cookie", &good);
    call.send().await.assert_ok();
}

#[tokio::test]
async fn sign_up_and_sign_in_set_the_cookie_and_nothing_else_touches_it() {
    let app = TestApp::new().await;
    let is_set = |lines: Vec<String>| lines.iter().any(|line| line.starts_with("__Http-device="));
    let body = json!({ "email": "alice@example.com", "password": PASSWORD });
    let registered = app.post("/auth/register").json(&body).send().await;
    let value = |line: &str| line.split_once(';').unwrap().0.len();
    let line = registered.set_cookies().into_iter().find(|line| line.contains("device")).unwrap();
    assert!(line.starts_with("__Http-device=cfd1_") && value(&line) == 83, "{line}");
    assert!(line.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=15552000"), "{line}");
    assert!(is_set(attempt(&app, "alice@example.com", PASSWORD).send().await.set_cookies()));
    assert!(!is_set(attempt(&app, "alice@example.com", WRONG).send().await.set_cookies()));
    assert!(!is_set(app.post("/auth/register").json(&body).send().await.set_cookies()));
    let mut user = User::stranger("alice@example.com");
    user.login(&app).await;
    let before = user.jar.device().clone();
    assert!(!is_set(user.refresh(&app).await.set_cookies()));
    assert!(!is_set(user.logout(&app).await.set_cookies()));
    assert_eq!(user.jar.device(), &before);
}

#[tokio::test]
async fn a_browser_knows_everybody_who_signed_in_to_it() {
    let (app, mut user) = TestApp::with_user().await;
    let mut bob = User::register(&app, "bob@example.com").await;
    bob.jar = user.jar.clone();
    bob.login(&app).await;
    user.jar = bob.jar.clone();
    for email in [&user.email, &bob.email] {
        guess(&app, email, 5).await;
        sign_in_from(&app, &user.jar, email).await.assert_ok();
    }
}

#[tokio::test]
async fn the_development_switch_drops_secure_and_the_prefix() {
    let app = TestApp::with(&["--insecure-cookies"]).await;
    let user = User::register(&app, "alice@example.com").await;
    assert_eq!(user.jar.device().name, "device");
    guess(&app, &user.email, 5).await;
    sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
}

#[tokio::test]
async fn an_administrator_sees_and_ends_the_lock_of_a_device_too() {
    let app = TestApp::with(&["--login-limit", "100/15m"]).await;
    let user = User::register(&app, "alice@example.com").await;
    let email = Email::parse(&user.email).unwrap();
    let throttle = &app.state.throttle;
    let now = app.clock.now();
    for _ in 0..2 {
        guess_from(&app, &user.jar, &user.email, 5).await;
        sign_in_from(&app, &user.jar, &user.email).await.assert_problem(Code::InvalidCredentials);
        assert_eq!(throttle.lock_of(&email, now).await.unwrap(), Some(now + minutes(30)));
        throttle.unlock(&email).await.unwrap();
        assert_eq!(throttle.lock_of(&email, now).await.unwrap(), None);
    }
    sign_in_from(&app, &user.jar, &user.email).await.assert_ok();
}
