//! A browser that presents the cookies of several sessions at once.

use crate::support::{Jar, TestApp, User, minutes};
use counterfoil::shared::Code;

/// As many sessions of one person, each from a browser of its own, oldest first, a minute apart.
async fn sessions(app: &TestApp, first: &User, count: usize) -> Vec<User> {
    let mut sessions = vec![first.clone()];
    while sessions.len() < count {
        app.advance(minutes(1));
        sessions.push(first.elsewhere(app).await);
    }
    sessions
}

/// One browser with the cookies of all of them.
fn together(sessions: &[User]) -> User {
    let mut browser = User::stranger(&sessions[0].email);
    for session in sessions {
        let cookie = session.jar.only();
        browser.jar.plant(&cookie.name, &cookie.value);
    }
    browser
}

async fn session_of(app: &TestApp, user: &User) -> String {
    let me = user.me(app).await;
    me.assert_ok();
    me.json()["session_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_newest_live_session_is_refreshed_and_the_others_are_left_alone() {
    let (app, user) = TestApp::with_user().await;
    let mut sessions = sessions(&app, &user, 3).await;
    let mut browser = together(&sessions);
    browser.refresh(&app).await;
    assert_eq!(session_of(&app, &browser).await, session_of(&app, &sessions[2]).await);
    assert_eq!(browser.jar.names().len(), 3);
    sessions[0].refresh(&app).await;
    sessions[1].refresh(&app).await;
}

#[tokio::test]
async fn the_order_of_the_cookies_does_not_matter() {
    let (app, user) = TestApp::with_user().await;
    let sessions = sessions(&app, &user, 2).await;
    let pairs: Vec<_> = sessions.iter().map(|s| s.jar.header("/auth/refresh").unwrap()).collect();
    for cookies in [format!("{}; {}", pairs[0], pairs[1]), format!("{}; {}", pairs[1], pairs[0])] {
        let answer = app.post("/auth/refresh").header("cookie", cookies).send().await;
        assert_eq!(answer.cookies()[0].name, sessions[1].jar.only().name);
    }
}

#[tokio::test]
async fn names_of_ended_sessions_are_cleared_and_a_live_one_goes_on() {
    let (app, user) = TestApp::with_user().await;
    let mut sessions = sessions(&app, &user, 3).await;
    let mut browser = together(&sessions);
    sessions[0].logout(&app).await;
    sessions[2].logout(&app).await;
    let answer = browser.refresh(&app).await;
    assert_eq!(session_of(&app, &browser).await, session_of(&app, &sessions[1]).await);
    assert_eq!(answer.removed_cookies().len(), 2);
    assert_eq!(browser.jar.names(), sessions[1].jar.names());
}

#[tokio::test]
async fn when_all_have_ended_the_newest_says_why_and_all_names_are_cleared() {
    let (app, user) = TestApp::with_user().await;
    let mut sessions = sessions(&app, &user, 2).await;
    let mut browser = together(&sessions);
    for session in &mut sessions {
        session.logout(&app).await;
    }
    let problem = browser.try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "signed_out");
    assert!(browser.jar.names().is_empty());
}

#[tokio::test]
async fn garbage_beside_a_live_cookie_does_no_harm() {
    let (app, mut user) = TestApp::with_user().await;
    user.jar.plant("__Http-refresh-00000000", "garbage");
    user.jar.plant("unrelated", "1");
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn a_live_session_is_found_behind_four_ended_ones() {
    let (app, user) = TestApp::with_user().await;
    let mut sessions = sessions(&app, &user, 5).await;
    let live = sessions.pop().unwrap();
    let mut cookies = Vec::new();
    for session in &mut sessions {
        cookies.push(session.jar.header("/auth/refresh").unwrap());
        session.logout(&app).await;
    }
    // A browser sends older cookies first (RFC 6265 section 5.4).
    cookies.push(live.jar.header("/auth/refresh").unwrap());
    let answer = app.post("/auth/refresh").header("cookie", cookies.join("; ")).send().await;
    answer.assert_ok();
}

#[tokio::test]
async fn a_late_answer_of_an_old_session_does_not_touch_the_cookie_of_a_new_one() {
    let (app, mut user) = TestApp::with_user().await;
    let late = app.post("/auth/refresh").cookies(&user.jar).send().await;
    let late_end = app.post("/auth/logout").cookies(&user.jar).send().await;
    user.jar = Jar::default();
    user.login(&app).await;
    user.jar.apply(&late.set_cookies());
    user.jar.apply(&late_end.set_cookies());
    user.refresh(&app).await;
    user.me(&app).await.assert_ok();
}
