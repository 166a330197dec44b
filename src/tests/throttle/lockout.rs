//! Accounts that are locked after failures (SECURITY I-06 to I-08, J-01).

use super::{WRONG, attempt, events, guess, sign_in_afresh};
use crate::{
    never_log::logged,
    support::{Mood, PASSWORD, TestApp, User, minutes, secs},
};
use counterfoil::{
    server::{clock::Clock, store::AccountStore},
    shared::{Code, Email, EventKind},
};
use futures::{FutureExt, future::join_all};
use std::cmp::Reverse;
use zeroize::Zeroizing;

#[tokio::test]
async fn five_failures_lock_the_account_for_half_an_hour_wherever_they_came_from() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 5).await;
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
    app.advance(secs(30 * 60 - 1));
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
    app.advance(secs(1));
    sign_in_afresh(&app, &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_success_ends_the_count() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..3 {
        guess(&app, &user.email, 4).await;
        sign_in_afresh(&app, &user.email).await.assert_ok();
    }
}

#[tokio::test]
async fn spellings_of_the_address_are_counted_together() {
    let (app, user) = TestApp::with_user().await;
    for spelling in ["ALICE@example.com", " alice@example.com", "alice@Example.COM ", "Alice@example.com"] {
        guess(&app, spelling, 1).await;
    }
    guess(&app, &user.email, 1).await;
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn fifty_guesses_at_once_are_fifty_guesses() {
    let app = TestApp::with(&["--hash-queue", "64"]).await;
    User::register(&app, "alice@example.com").await;
    let guesses = (0..50).map(|number| {
        // The right one is the sixth, while the first five are still being checked.
        let password = if number == 5 { PASSWORD } else { WRONG };
        attempt(&app, "alice@example.com", password).peer(&format!("198.51.100.{number}")).send()
    });
    for answer in join_all(guesses).await {
        answer.assert_problem(Code::InvalidCredentials);
    }
    sign_in_afresh(&app, "alice@example.com").await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn who_hangs_up_has_guessed_all_the_same() {
    let app = TestApp::with(&["--bcrypt-cost", "10"]).await;
    let user = User::register(&app, "alice@example.com").await;
    for number in 0..5 {
        let call = attempt(&app, &user.email, WRONG).peer(&format!("198.51.100.{number}")).send();
        // Begun and dropped, while the password waits to be checked.
        drop(call.now_or_never());
    }
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn locked_unlocked_unknown_and_impossible_accounts_answer_alike_to_every_try() {
    let (app, user) = TestApp::with_user().await;
    let expected = attempt(&app, "somebody@example.com", WRONG).peer("192.0.2.1").send().await.likeness();
    for email in [&*user.email, "nobody@example.com", "not an address", ""] {
        for number in 0..8 {
            for password in [WRONG, PASSWORD] {
                if number < 5 && password == PASSWORD {
                    continue;
                }
                // A network of its own, since the fields count its calls.
                let peer = format!("2001:db8:{}:{number}{}::1", email.len(), password.len());
                let answer = attempt(&app, email, password).peer(&peer).send().await;
                assert_eq!(answer.likeness(), expected, "{email}, try {number}");
            }
        }
    }
}

#[tokio::test]
async fn a_locked_account_costs_the_store_what_an_open_one_does() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 1).await;
    app.store.forget();
    guess(&app, &user.email, 1).await;
    let open = app.store.take();
    guess(&app, &user.email, 3).await;
    events(&app, &user, 2).await;
    for password in [WRONG, PASSWORD] {
        app.store.forget();
        attempt(&app, &user.email, password).peer("192.0.2.1").send().await.assert_status(401);
        assert_eq!(app.store.take(), open);
    }
}

#[tokio::test]
async fn a_locked_account_costs_a_hash() {
    let app = TestApp::with(&["--bcrypt-cost", "10", "--hash-threads", "1", "--hash-queue", "0"]).await;
    let user = User::register(&app, "alice@example.com").await;
    guess(&app, &user.email, 5).await;
    for password in [WRONG, PASSWORD] {
        let tries = (0..3).map(|number| attempt(&app, &user.email, password).peer(&format!("192.0.2.{number}")).send());
        let answers = join_all(tries).await;
        assert!(answers.iter().any(|answer| answer.status == 503), "nothing was hashed");
        assert!(answers.iter().all(|answer| [401, 503].contains(&answer.status)));
    }
}

#[tokio::test]
async fn the_right_password_is_compared_with_no_hash_of_a_locked_account() {
    let (weaker, app) = (TestApp::new().await, TestApp::with(&["--bcrypt-cost", "5"]).await);
    let user = User::register(&app, "alice@example.com").await;
    let known = app.store.credentials(&Email::parse(&user.email).unwrap()).await.unwrap().unwrap();
    let weak = weaker.state.accounts.hasher.hash(Zeroizing::new(PASSWORD.to_owned())).await.unwrap();
    app.store.upgrade_password(known.account.id, &known.password, &weak).await.unwrap();
    let upgrades = async || {
        app.store.forget();
        let status = sign_in_afresh(&app, &user.email).await.status;
        (status, app.store.take().contains(&"upgrade_password"))
    };
    guess(&app, &user.email, 5).await;
    assert_eq!(upgrades().await, (401, false));
    app.advance(minutes(30));
    assert_eq!(upgrades().await, (200, true));
}

#[tokio::test]
async fn a_lock_ends_no_session_and_stops_no_refresh() {
    let (app, mut user) = TestApp::with_user().await;
    guess(&app, &user.email, 6).await;
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn tries_while_it_is_locked_do_not_lengthen_the_lock() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 5).await;
    app.advance(minutes(29));
    guess(&app, &user.email, 3).await;
    app.advance(minutes(1));
    sign_in_afresh(&app, &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_lock_that_has_ended_leaves_no_failures_behind() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 5).await;
    app.advance(minutes(30));
    guess(&app, &user.email, 4).await;
    sign_in_afresh(&app, &user.email).await.assert_ok();
}

#[tokio::test]
async fn failures_that_follow_each_other_slowly_count_too() {
    let (app, user) = TestApp::with_user().await;
    for _ in 0..5 {
        app.advance(minutes(29));
        guess(&app, &user.email, 1).await;
    }
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn what_the_server_could_not_judge_is_no_failure() {
    let (app, user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Gone);
    for number in 0..8 {
        let answer = attempt(&app, &user.email, WRONG).peer(&format!("198.51.100.{number}")).send().await;
        answer.assert_problem(Code::Unavailable);
    }
    app.store.set_mood(Mood::Well);
    sign_in_afresh(&app, &user.email).await.assert_ok();
}

#[tokio::test]
async fn a_password_that_is_too_long_is_a_failure_too() {
    let (app, user) = TestApp::with_user().await;
    let long = "x".repeat(1025);
    for number in 0..5 {
        let answer = attempt(&app, &user.email, &long).peer(&format!("198.51.100.{number}")).send().await;
        answer.assert_problem(Code::InvalidCredentials);
    }
    sign_in_afresh(&app, &user.email).await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn an_administrator_sees_the_lock_and_can_end_it() {
    let (app, user) = TestApp::with_user().await;
    let email = Email::parse(&user.email).unwrap();
    let throttle = &app.state.throttle;
    let now = app.clock.now();
    guess(&app, &user.email, 4).await;
    assert_eq!(throttle.lock_of(&email, now).await.unwrap(), None);
    guess(&app, &user.email, 1).await;
    assert_eq!(throttle.lock_of(&email, now).await.unwrap(), Some(now + minutes(30)));
    throttle.unlock(&email).await.unwrap();
    assert_eq!(throttle.lock_of(&email, now).await.unwrap(), None);
    guess(&app, &user.email, 4).await;
    sign_in_afresh(&app, &user.email).await.assert_ok();
}

#[tokio::test]
async fn the_owner_is_told_of_a_burst_of_failures_and_of_a_lock_and_of_each_once() {
    let (app, user) = TestApp::with_user().await;
    guess(&app, &user.email, 8).await;
    // Each is written beside the answers, so either may be first.
    let mut told = events(&app, &user, 2).await;
    told.sort_by_key(|event| Reverse(event.client.ip.clone()));
    assert_eq!(told.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Locked, EventKind::FailedSignIns]);
    let addresses = told.iter().map(|event| &*event.client.ip).collect::<Vec<_>>();
    assert_eq!(addresses, ["198.51.100.4", "198.51.100.2"]);
}

#[tokio::test]
async fn a_lock_is_logged_with_the_account_and_the_address_but_not_the_email() {
    let (app, user) = TestApp::with_user().await;
    let id = user.me(&app).await.json()["id"].as_str().unwrap().to_owned();
    let ((), log) = logged("locked", guess(&app, &user.email, 7)).await;
    let own = || log.lines().filter(|line| line.contains("name=\"locked\""));
    let locks: Vec<_> = own().filter(|line| line.contains("account locked")).collect();
    assert_eq!(locks.len(), 1);
    for field in ["WARN", &format!("user.id={id}"), "client.address=198.51.100.4", "request.id="] {
        assert!(locks[0].contains(field), "{field}: {locks:?}");
    }
    assert!(!own().any(|line| line.contains(&user.email)));
}
