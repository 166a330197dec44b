//! What a refresh does, and what may be repeated without harm.

use crate::support::{TestApp, hours, minutes, secs, segments};
use counterfoil::shared::Code;

#[tokio::test]
async fn a_refresh_gives_a_new_pair() {
    let (app, mut user) = TestApp::with_user().await;
    let before = user.clone();
    let answer = user.refresh(&app).await;
    assert_ne!(user.token, before.token);
    assert_ne!(user.refresh_token(), before.refresh_token());
    assert_eq!(user.jar.only().name, before.jar.only().name);
    assert_eq!(answer.cookies().len(), 1);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_plain_rotation_does_not_fail_requests_in_flight() {
    let (app, mut user) = TestApp::with_user().await;
    let earlier = user.token.clone();
    user.refresh(&app).await;
    app.get("/api/me").bearer(&earlier).send().await.assert_ok();
}

#[tokio::test]
async fn each_rotation_is_one_generation() {
    let (app, mut user) = TestApp::with_user().await;
    for generation in 0..4 {
        assert_eq!(segments(&user.token).1["gen"], generation);
        user.refresh(&app).await;
    }
}

#[tokio::test]
async fn a_second_tab_gets_the_same_successor_for_ten_seconds() {
    let (app, mut user) = TestApp::with_user().await;
    let mut tab = user.clone();
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
    app.advance(secs(10));
    tab.refresh(&app).await;
    assert_eq!(tab.refresh_token(), user.refresh_token());
    assert_ne!(tab.token, user.token);
    assert_eq!(segments(&tab.token).1["gen"], 1);
    tab.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_slow_tab_that_is_generations_behind_catches_up_within_ten_seconds() {
    let (app, mut user) = TestApp::with_user().await;
    let mut tab = user.clone();
    for _ in 0..3 {
        app.advance(secs(3));
        user.refresh(&app).await;
        user.me(&app).await.assert_ok();
    }
    tab.refresh(&app).await;
    assert_eq!(tab.refresh_token(), user.refresh_token());
}

#[tokio::test]
async fn a_lost_reply_costs_nothing_however_late_the_repeat_comes() {
    let (app, user) = TestApp::with_user().await;
    app.advance(hours(1));
    let mut lost = user.clone();
    lost.refresh(&app).await;
    let mut later = user;
    for _ in 0..3 {
        app.advance(hours(40));
        let mut repeat = later.clone();
        repeat.refresh(&app).await;
        assert_eq!(repeat.refresh_token(), lost.refresh_token());
    }
    later.refresh(&app).await;
    later.me(&app).await.assert_ok();
    later.refresh(&app).await;
}

#[tokio::test]
async fn a_lost_reply_costs_nothing_after_a_restart_either() {
    let (mut app, user) = TestApp::with_user().await;
    user.me(&app).await.assert_ok();
    user.clone().refresh(&app).await;
    app.restart().await;
    app.advance(hours(9));
    user.clone().refresh(&app).await;
}

#[tokio::test]
async fn an_old_access_token_is_no_proof_that_the_new_pair_arrived() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(10));
    user.clone().refresh(&app).await;
    user.me(&app).await.assert_ok();
    app.advance(minutes(1));
    user.clone().refresh(&app).await;
}

#[tokio::test]
async fn a_restored_backup_is_adopted() {
    let (mut app, mut user) = TestApp::with_user().await;
    user.refresh(&app).await;
    let backup = app.backup().await;
    for _ in 0..3 {
        app.advance(minutes(14));
        user.refresh(&app).await;
        user.me(&app).await.assert_ok();
    }
    let before = user.clone();
    app.restore(&backup).await;
    app.advance(minutes(14));
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
    assert_eq!(segments(&user.token).1["gen"], 5);
    before.clone().refresh(&app).await;
    app.advance(secs(11));
    before.clone().try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
}

#[tokio::test]
async fn a_clock_that_is_set_back_signs_nobody_out() {
    let (mut app, mut user) = TestApp::with_user().await;
    let mut tab = user.clone();
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
    app.clock = std::sync::Arc::new(crate::support::ManualClock::new());
    app.restart().await;
    tab.refresh(&app).await;
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_storm_of_rotations_is_slowed_and_not_punished() {
    let (app, mut user) = TestApp::with_user().await;
    for _ in 0..128 {
        user.refresh(&app).await;
    }
    let answer = user.try_refresh(&app).await;
    answer.assert_problem(Code::TooManyAttempts);
    assert_eq!(answer.header("retry-after"), Some("10"));
    assert!(answer.set_cookies().is_empty());
    app.advance(secs(11));
    user.refresh(&app).await;
}
