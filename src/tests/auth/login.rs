//! Sign-in.

use crate::support::{Answer, Mood, PASSWORD, TestApp, User, minutes};
use counterfoil::shared::Code;
use serde_json::{Value, json};

async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    app.post("/auth/login").json(&json!({ "email": email, "password": password })).send().await
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn the_answer_has_an_access_token_and_nothing_that_the_client_need_not_know() {
    let (app, user) = TestApp::with_user().await;
    let answer = login(&app, &user.email, PASSWORD).await;
    let json = answer.assert_ok().json();
    assert_eq!(keys(&json), ["access_token", "expires_in", "token_type", "user"]);
    assert_eq!(keys(&json["user"]), ["email", "id", "role"]);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["user"]["role"], "user");
    let expires_in = json["expires_in"].as_u64().unwrap();
    assert!((855..=900).contains(&expires_in), "{expires_in}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn every_way_to_be_wrong_has_one_answer() {
    let (app, user) = TestApp::with_user().await;
    let attempt = |number: usize, email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        app.post("/auth/login").peer(&format!("192.0.2.{number}")).json(&body).send()
    };
    let wrong = attempt(99, &user.email, "not the right password").await;
    wrong.assert_problem(Code::InvalidCredentials);
    let too_long = "x".repeat(1025);
    let others = [
        ("nobody@example.com", "not the right password"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("", ""),
        (&user.email, ""),
        (&user.email, too_long.as_str()),
        ("alice\0@example.com", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ];
    for (number, (email, password)) in others.into_iter().enumerate() {
        assert_eq!(attempt(number, email, password).await.likeness(), wrong.likeness(), "{email}");
    }
}

#[tokio::test]
async fn spellings_of_the_address_are_one_account() {
    let (app, _) = TestApp::with_user().await;
    for spelling in ["ALICE@example.com", " alice@example.com ", "Alice@Example.COM"] {
        login(&app, spelling, PASSWORD).await.assert_ok();
    }
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_that_this_browser_had() {
    let (app, mut user) = TestApp::with_user().await;
    let before = user.clone();
    let answer = user.login(&app).await;
    assert_eq!(answer.removed_cookies(), before.jar.names());
    assert_eq!(user.jar.names().len(), 1);
    before.me(&app).await.assert_problem(Code::TokenRevoked);
    let problem = before.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "replaced");
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_failed_sign_in_leaves_the_session_that_this_browser_had() {
    let (app, mut user) = TestApp::with_user().await;
    let wrong = json!({ "email": user.email, "password": "not the right password" });
    let answer = app.post("/auth/login").cookies(&user.jar).json(&wrong).send().await;
    answer.assert_problem(Code::InvalidCredentials);
    assert!(answer.set_cookies().is_empty());
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn sessions_of_other_browsers_go_on() {
    let (app, mut user) = TestApp::with_user().await;
    let elsewhere = user.elsewhere(&app).await;
    assert_eq!(elsewhere.jar.names().len(), 1);
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_cookie_that_the_client_chose_is_not_adopted() {
    let (app, user) = TestApp::with_user().await;
    let mut victim = User::stranger(&user.email);
    victim.jar.plant("__Http-refresh-aaaaaaaa", "AAAA");
    let answer = victim.login(&app).await;
    let cookie = &answer.cookies()[0];
    assert_ne!(cookie.name, "__Http-refresh-aaaaaaaa");
    assert_ne!(cookie.value, "AAAA");
}

#[tokio::test]
async fn every_sign_in_is_a_session_of_its_own() {
    let (app, user) = TestApp::with_user().await;
    let (one, two) = (user.elsewhere(&app).await, user.elsewhere(&app).await);
    assert_ne!(one.jar.only().name, two.jar.only().name);
    assert_ne!(one.me(&app).await.json()["session_id"], two.me(&app).await.json()["session_id"]);
}

#[tokio::test]
async fn members_that_are_not_asked_for_do_nothing() {
    let (app, user) = TestApp::with_user().await;
    let body =
        json!({ "email": user.email, "password": PASSWORD, "role": "admin", "id": "1", "user": { "role": "admin" } });
    let answer = app.post("/auth/login").json(&body).send().await;
    assert_eq!(answer.assert_ok().json()["user"]["role"], "user");
}

#[tokio::test]
async fn a_full_hashing_queue_is_busy_and_says_when_to_come_back() {
    let app = TestApp::with(&["--bcrypt-cost", "10", "--hash-threads", "1", "--hash-queue", "0"]).await;
    let attempt = || login(&app, "nobody@example.com", PASSWORD);
    let answers = futures::future::join_all((0..8).map(|_| attempt())).await;
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty() && busy.len() < answers.len(), "{}", busy.len());
    for answer in busy {
        answer.assert_problem(Code::Busy);
        assert_eq!(answer.header("retry-after"), Some("2"));
    }
    app.advance(minutes(16));
    attempt().await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn a_store_that_is_gone_is_503_and_never_a_wrong_password() {
    let (app, user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Gone);
    let answer = login(&app, &user.email, PASSWORD).await;
    let problem = answer.assert_problem(Code::Unavailable).to_string();
    assert!(answer.set_cookies().is_empty());
    assert!(!problem.to_lowercase().contains("pool"), "{problem}");
    app.store.set_mood(Mood::Well);
    login(&app, &user.email, PASSWORD).await.assert_ok();
}
