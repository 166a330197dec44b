//! The refresh cookie itself: attributes, life, and what is not a refresh cookie.

use crate::support::{TestApp, User, days, minutes};
use counterfoil::shared::Code;
use serde_json::json;

#[tokio::test]
async fn every_attribute_is_there_at_sign_up_at_sign_in_and_at_each_rotation() {
    let (app, mut user) = TestApp::with_user().await;
    let register = json!({ "email": "bob@example.com", "password": crate::support::PASSWORD });
    let registered = app.post("/auth/register").json(&register).send().await;
    let signed_in = user.login(&app).await;
    let refreshed = user.refresh(&app).await;
    for answer in [registered, signed_in, refreshed] {
        let cookie = answer.cookies().pop().unwrap();
        let me = app.get("/api/me").bearer(&answer.access_token()).send().await.json();
        let name = format!("__Http-refresh-{}", &me["session_id"].as_str().unwrap()[..8]);
        let line = format!("{name}={}; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=604800", cookie.value);
        assert!(answer.set_cookies().contains(&line), "{:?}", answer.set_cookies());
    }
}

#[tokio::test]
async fn the_token_is_opaque_and_of_one_length() {
    let (app, mut user) = TestApp::with_user().await;
    for _ in 0..3 {
        let token = user.refresh_token();
        assert!(token.starts_with("cf1_") && token.len() == 95 && !token.contains('.'), "{token}");
        user.refresh(&app).await;
    }
}

#[tokio::test]
async fn the_token_stands_nowhere_but_in_the_cookie() {
    let (app, mut user) = TestApp::with_user().await;
    let answer = user.refresh(&app).await;
    let token = user.refresh_token();
    assert!(!answer.text().contains(&token));
    let places = answer.headers.iter().filter(|(_, value)| value.to_str().unwrap().contains(&token));
    assert_eq!(places.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["set-cookie"]);
}

#[tokio::test]
async fn its_life_reaches_a_minute_past_the_absolute_end_so_that_an_open_page_is_told_of_it() {
    let (app, mut user) = TestApp::with_user().await;
    let mut lives = Vec::new();
    for _ in 0..6 {
        app.advance(minutes(5 * 24 * 60 - 1));
        user.refresh(&app).await;
        lives.push(user.jar.only().max_age.unwrap());
    }
    let week = 7 * 86_400;
    assert_eq!(lives, [week, week, week, week, 5 * 86_400 + 300 + 60, 360 + 60]);
    app.advance(minutes(6));
    let problem = user.try_refresh(&app).await.assert_problem(Code::SessionExpired);
    assert_eq!(problem["reason"], "absolute");
    assert!(user.jar.names().is_empty());
}

#[tokio::test]
async fn a_session_that_rests_for_a_week_ends() {
    let (app, mut user) = TestApp::with_user().await;
    let mut kept = user.clone();
    app.advance(minutes(7 * 24 * 60 - 1));
    user.refresh(&app).await;
    app.advance(days(7));
    let problem = user.try_refresh(&app).await.assert_problem(Code::SessionExpired);
    assert_eq!(problem["reason"], "idle");
    kept.try_refresh(&app).await.assert_problem(Code::SessionExpired);
}

#[tokio::test]
async fn other_spellings_of_the_name_are_not_the_cookie() {
    let (app, user) = TestApp::with_user().await;
    let cookie = user.jar.only();
    let encoded = cookie.name.replace('-', "%2D");
    let lower = cookie.name.to_lowercase();
    let quoted = format!("\"{}\"", cookie.name);
    let bare = cookie.name.replace("__Http-", "");
    for name in [encoded, lower, quoted, bare] {
        let answer = app.post("/auth/refresh").header("cookie", format!("{name}={}", cookie.value)).send().await;
        answer.assert_problem(Code::MissingRefreshToken);
    }
}

#[tokio::test]
async fn twins_are_refused_in_one_header_and_in_two_and_cost_the_session_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    let cookie = user.jar.only();
    let (good, bad) = (format!("{}={}", cookie.name, cookie.value), format!("{}=cf1_bad", cookie.name));
    for path in ["/auth/refresh", "/auth/login", "/auth/logout", "/auth/register"] {
        let body = json!({ "email": "carol@example.com", "password": crate::support::PASSWORD });
        let call = || app.post(path).json(&body);
        for cookies in [format!("{good}; {bad}"), format!("{bad}; {good}"), format!("{good}; {good}")] {
            call().header("cookie", cookies).send().await.assert_problem(Code::MalformedRequest);
        }
        call().header("cookie", &bad).also("cookie", &good).send().await.assert_problem(Code::MalformedRequest);
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_development_switch_drops_secure_and_the_prefix_and_nothing_else() {
    let app = TestApp::with(&["--insecure-cookies"]).await;
    let mut user = User::register(&app, "alice@example.com").await;
    let answer = user.refresh(&app).await;
    let line = answer.set_cookies().pop().unwrap();
    assert!(line.starts_with("refresh-"), "{line}");
    assert!(line.ends_with("; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=604800"), "{line}");
}
