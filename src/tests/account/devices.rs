//! The list of sessions, and how their owner ends them.

use super::{kinds, sessions, step_up};
use crate::support::{PASSWORD, START, TestApp, User, days, minutes};
use counterfoil::shared::Code;
use serde_json::json;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

#[tokio::test]
async fn the_session_that_asks_comes_first_and_says_so() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(1));
    let elsewhere = user.elsewhere(&app).await;
    for (asking, other) in [(&user, &elsewhere), (&elsewhere, &user)] {
        let list = sessions(&app, asking).await;
        assert_eq!(list.len(), 2);
        assert_eq!((&list[0]["id"], &list[0]["current"]), (&json!(asking.session_id()), &json!(true)));
        assert_eq!((&list[1]["id"], &list[1]["current"]), (&json!(other.session_id()), &json!(false)));
    }
}

#[tokio::test]
async fn a_session_has_the_name_of_its_device_and_its_times_but_not_its_headers() {
    let app = TestApp::new().await;
    let body = json!({ "email": "alice@example.com", "password": PASSWORD });
    let answer = app.post("/auth/register").header("user-agent", FIREFOX).json(&body).send().await;
    let mut user = User::stranger("alice@example.com");
    user.token = answer.access_token();
    user.jar.apply(&answer.set_cookies());
    app.advance(minutes(10));
    user.refresh(&app).await;
    let list = user.get(&app, "/api/sessions").send().await;
    let session = &list.json()["sessions"][0];
    assert_eq!(session["name"], "Firefox on Linux");
    assert_eq!(session["signed_in_at"], START.as_secs());
    assert_eq!(session["last_seen_at"], (START + minutes(10)).as_secs());
    assert!(!list.text().contains("Gecko"));
    assert_eq!(list.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn sessions_that_are_over_say_when_and_why() {
    let (app, user) = TestApp::with_user().await;
    let mut out = user.elsewhere(&app).await;
    out.logout(&app).await;
    app.advance(days(8));
    let back = user.elsewhere(&app).await;
    let list = sessions(&app, &back).await;
    let over = |id: String| list.iter().find(|session| session["id"] == id).unwrap();
    assert_eq!(over(user.session_id())["end_reason"], "idle");
    assert_eq!(over(user.session_id())["ended_at"], (START + days(7)).as_secs());
    assert_eq!(over(out.session_id())["end_reason"], "signed_out");
    assert_eq!(over(out.session_id())["ended_at"], START.as_secs());
    assert!(list[0].get("ended_at").is_none() && list[0].get("end_reason").is_none());
}

#[tokio::test]
async fn nobody_sees_or_ends_the_sessions_of_others() {
    let (app, alice) = TestApp::with_user().await;
    let bob = User::register(&app, "bob@example.com").await;
    assert_eq!(sessions(&app, &bob).await.len(), 1);
    for id in [alice.session_id(), "9".repeat(32), "no id".to_owned(), String::new()] {
        let answer = bob.post(&app, "/api/sessions/revoke").json(&json!({ "id": id })).send().await;
        answer.assert_problem(Code::NotFound);
    }
    bob.post(&app, "/api/sessions/revoke-others").send().await.assert_ok();
    step_up(&app, &bob).await.assert_ok();
    bob.post(&app, "/api/sessions/revoke-all").send().await.assert_ok();
    alice.me(&app).await.assert_ok();
}

#[tokio::test]
async fn one_session_is_ended_and_told_why() {
    let (app, user) = TestApp::with_user().await;
    let mut phone = user.elsewhere(&app).await;
    let tablet = user.elsewhere(&app).await;
    let body = json!({ "id": phone.session_id() });
    user.post(&app, "/api/sessions/revoke").json(&body).send().await.assert_ok();
    let problem = phone.try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "revoked");
    tablet.me(&app).await.assert_ok();
    user.me(&app).await.assert_ok();
    assert_eq!(kinds(&app, &user).await[0], "session_revoked");
    user.post(&app, "/api/sessions/revoke").json(&body).send().await.assert_problem(Code::NotFound);
}

#[tokio::test]
async fn all_the_others_are_ended_at_once() {
    let (app, user) = TestApp::with_user().await;
    let others = [user.elsewhere(&app).await, user.elsewhere(&app).await];
    user.post(&app, "/api/sessions/revoke-others").send().await.assert_ok();
    for other in others {
        other.me(&app).await.assert_problem(Code::TokenRevoked);
    }
    user.me(&app).await.assert_ok();
    user.clone().refresh(&app).await;
}

#[tokio::test]
async fn everywhere_is_here_too_and_asks_for_a_fresh_password() {
    let (app, user) = TestApp::with_user().await;
    app.advance(minutes(5));
    let other = user.elsewhere(&app).await;
    let all = || user.post(&app, "/api/sessions/revoke-all").send();
    all().await.assert_problem(Code::InsufficientUserAuthentication);
    other.me(&app).await.assert_ok();
    step_up(&app, &user).await.assert_ok();
    let answer = all().await;
    assert_eq!(answer.assert_ok().removed_cookies(), [user.jar.only().name.clone()]);
    for one in [&user, &other] {
        one.me(&app).await.assert_problem(Code::TokenRevoked);
        one.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    }
}
