//! How many calls a client may make, and how it is told (SECURITY I-01, I-02, I-05, I-10).

use super::{WRONG, attempt};
use crate::support::{Answer, HOST, Mood, PASSWORD, TestApp, User, minutes, secs};
use counterfoil::shared::Code;
use futures::future::join_all;
use serde_json::json;

const NOTHING: [&str; 0] = [];

/// The number in a `RateLimit` field after this name.
#[track_caller]
fn number(answer: &Answer, field: &str, name: &str) -> u64 {
    let field = answer.header(field).unwrap_or_else(|| panic!("no {field}: {answer:?}"));
    let parameter = field.split(';').find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='));
    parameter.unwrap_or_else(|| panic!("no {name} in {field}")).parse().unwrap()
}

#[tokio::test]
async fn the_eleventh_try_of_a_network_is_refused_before_anything_is_looked_up_be_it_right_or_wrong() {
    let (app, user) = TestApp::with_user().await;
    for number in 0..10 {
        attempt(&app, &format!("user{number}@example.com"), WRONG).send().await.assert_status(401);
    }
    app.store.forget();
    for (email, password) in [(&*user.email, PASSWORD), (&*user.email, WRONG), ("nobody@example.com", WRONG)] {
        let answer = attempt(&app, email, password).send().await;
        let problem = answer.assert_problem(Code::TooManyAttempts);
        assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
        assert_eq!(problem["retry_after"], 900);
    }
    assert_eq!(app.store.take(), NOTHING);
    attempt(&app, &user.email, PASSWORD).peer("192.0.2.1").send().await.assert_ok();
}

#[tokio::test]
async fn the_window_ends_and_the_quota_is_whole_again() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..10 {
        attempt(&app, &user.email, PASSWORD).send().await.assert_ok();
        app.advance(minutes(1));
    }
    app.advance(secs(5 * 60 - 1));
    attempt(&app, &user.email, PASSWORD).send().await.assert_problem(Code::TooManyAttempts);
    app.advance(secs(1));
    let answer = attempt(&app, &user.email, PASSWORD).send().await;
    assert_eq!(answer.assert_ok().header("ratelimit"), Some(r#""login";r=9;t=900"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_tries_at_once_ten_get_through() {
    let (app, user) = TestApp::with_user().await;
    let tries = (0..30).map(|_| tokio::spawn(attempt(&app, &user.email, WRONG).send()));
    let answers: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 20);
    let mut left: Vec<_> =
        answers.iter().filter(|a| a.status != 429).map(|answer| number(answer, "ratelimit", "r")).collect();
    left.sort_unstable();
    assert_eq!(left, (0..10).collect::<Vec<_>>(), "each was counted by itself");
}

#[tokio::test]
async fn the_fields_count_down_to_zero_and_say_when_to_come_back() {
    let (app, user) = TestApp::with_user().await;
    for left in (0..10).rev() {
        let password = if left % 2 == 0 { WRONG } else { PASSWORD };
        let answer = attempt(&app, &user.email, password).send().await;
        assert_eq!(answer.header("ratelimit-policy"), Some(r#""login";q=10;w=900"#));
        assert_eq!(answer.header("ratelimit"), Some(&*format!(r#""login";r={left};t={}"#, 891 + left)));
        assert_eq!(answer.header("retry-after"), None);
        app.advance(secs(1));
    }
    let answer = attempt(&app, &user.email, PASSWORD).send().await;
    answer.assert_problem(Code::TooManyAttempts);
    assert_eq!(answer.header("ratelimit-policy"), Some(r#""login";q=10;w=900"#));
    assert_eq!(answer.header("ratelimit"), Some(r#""login";r=0;t=890"#));
    assert_eq!(answer.header("retry-after"), Some("890"));
}

#[tokio::test]
async fn every_answer_of_a_limited_call_has_the_fields_whatever_made_it() {
    let (app, user) = TestApp::with_user().await;
    let login = || attempt(&app, &user.email, PASSWORD);
    let calls = [
        (login(), 200),
        (login().body("{"), 400),
        (attempt(&app, &user.email, WRONG), 401),
        (login().header("origin", "https://evil.example"), 403),
        (login().method("GET"), 405),
        (login().body("x".repeat(20_000)), 413),
        (login().header("content-type", "text/plain"), 415),
        (login().header("host", "evil.example"), 421),
    ];
    for (call, status) in calls {
        let answer = call.send().await;
        answer.assert_status(status);
        assert_eq!(answer.header("ratelimit-policy"), Some(r#""login";q=10;w=900"#), "{status}");
        assert!((6..=9).contains(&number(&answer, "ratelimit", "r")), "{status}");
    }
    for (mood, code) in [(Mood::Gone, Code::Unavailable), (Mood::Mad, Code::InternalError)] {
        app.store.set_mood(mood);
        let answer = login().send().await;
        answer.assert_problem(code);
        assert!(answer.header("ratelimit").is_some());
    }
    app.store.set_mood(Mood::Well);
    for path in ["/", "/healthz", "/api/me"] {
        assert_eq!(app.get(path).bearer(&user.token).send().await.assert_ok().header("ratelimit"), None, "{path}");
    }
}

#[tokio::test]
async fn what_another_site_can_make_a_browser_send_is_not_counted() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..12 {
        app.get("/auth/login").send().await.assert_status(405);
        let call = attempt(&app, &user.email, WRONG).header("sec-fetch-site", "cross-site");
        call.send().await.assert_problem(Code::CrossSite);
    }
    let answer = attempt(&app, &user.email, PASSWORD).send().await;
    assert_eq!(number(answer.assert_ok(), "ratelimit", "r"), 9);
}

#[tokio::test]
async fn the_fields_tell_a_client_of_its_own_calls_alone() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..3 {
        attempt(&app, &user.email, WRONG).peer("192.0.2.1").send().await;
    }
    let other = attempt(&app, &user.email, WRONG).peer("192.0.2.2").send().await;
    assert_eq!(other.header("ratelimit"), Some(r#""login";r=9;t=900"#));
}

#[tokio::test]
async fn sign_up_has_a_limit_of_its_own() {
    let app = TestApp::with(&["--register-limit", "3/1h"]).await;
    let register = |number: usize| {
        let body = json!({ "email": format!("user{number}@example.com"), "password": PASSWORD });
        app.post("/auth/register").json(&body).send()
    };
    for number in 0..3 {
        register(number).await.assert_ok();
    }
    let answer = register(3).await;
    answer.assert_problem(Code::TooManyAttempts);
    assert_eq!(answer.header("ratelimit-policy"), Some(r#""register";q=3;w=3600"#));
    attempt(&app, "user0@example.com", PASSWORD).send().await.assert_ok();
}

#[tokio::test]
async fn a_network_that_may_not_sign_in_any_more_still_refreshes() {
    let (app, mut user) = TestApp::with_user().await;
    for _ in 0..12 {
        attempt(&app, "nobody@example.com", WRONG).send().await;
    }
    let answer = user.refresh(&app).await;
    assert_eq!(answer.header("ratelimit-policy"), Some(r#""refresh";q=3000;w=900"#));
    assert_eq!(answer.header("ratelimit"), Some(r#""refresh";r=2999;t=900"#));
}

#[tokio::test]
async fn refresh_has_a_limit_of_its_own_which_ends_no_session() {
    let app = TestApp::with(&["--refresh-limit", "3/1m"]).await;
    let mut user = User::register(&app, "alice@example.com").await;
    for _ in 0..3 {
        user.refresh(&app).await;
    }
    let refused = user.try_refresh(&app).await;
    refused.assert_problem(Code::TooManyAttempts);
    assert!(refused.set_cookies().is_empty());
    user.me(&app).await.assert_ok();
    app.advance(minutes(1));
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_password_of_a_session_is_asked_for_ten_times_by_whatever_call_and_network() {
    let (app, alice) = TestApp::with_user().await;
    let bob = User::register(&app, "bob@example.com").await;
    let try_once = |user: &User, number: usize| {
        let wrong = json!({ "password": WRONG, "current": WRONG, "new": WRONG });
        let path = ["/api/step-up", "/api/password"][number % 2];
        user.post(&app, path).json(&wrong).peer(&format!("192.0.2.{number}")).send()
    };
    for number in 0..10 {
        let answer = try_once(&alice, number).await;
        answer.assert_problem(Code::InvalidCredentials);
        assert_eq!(answer.header("ratelimit-policy"), Some(r#""password";q=10;w=900"#));
    }
    try_once(&alice, 11).await.assert_problem(Code::TooManyAttempts);
    try_once(&bob, 11).await.assert_problem(Code::InvalidCredentials);
    app.advance(minutes(15));
    alice.clone().refresh(&app).await;
}

#[tokio::test]
async fn a_network_is_asked_for_passwords_ten_times_as_often() {
    let app = TestApp::with(&["--password-limit", "2/15m"]).await;
    let mut left = Vec::new();
    for number in 0..11 {
        let user = User::register(&app, &format!("user{number}@example.com")).await;
        for _ in 0..2 {
            let body = json!({ "password": WRONG });
            left.push(user.post(&app, "/api/step-up").json(&body).peer("192.0.2.1").send().await.status);
        }
    }
    assert_eq!(left, [vec![401; 20], vec![429; 2]].concat());
}

#[tokio::test]
async fn a_refused_call_is_logged_without_saying_who_was_asked_for() {
    let (app, user) = TestApp::with_user().await;
    let work = async {
        for _ in 0..11 {
            attempt(&app, &user.email, WRONG).peer("192.0.2.1").header("host", HOST).send().await;
        }
    };
    let ((), log) = crate::never_log::logged("throttled", work).await;
    let own: Vec<_> = log.lines().filter(|line| line.contains("name=\"throttled\"")).collect();
    let refused: Vec<_> = own.iter().filter(|line| line.contains("too many attempts")).collect();
    assert_eq!(refused.len(), 1);
    for field in ["INFO", "limit=\"login\"", "client.address=192.0.2.1", "request.id="] {
        assert!(refused[0].contains(field), "{field}: {refused:?}");
    }
    assert!(!own.iter().any(|line| line.contains(&user.email)));
}
