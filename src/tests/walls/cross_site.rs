//! Cross-site request forgery (SECURITY F-01, F-04).

use super::AUTH_CALLS;
use crate::support::{ORIGIN, PASSWORD, TestApp};
use counterfoil::shared::Code;
use serde_json::json;

const FOREIGN_ORIGINS: [&str; 12] = [
    "null",
    "https://evil.example",
    "http://evil.example",
    "https://localhost:3000",
    "http://localhost",
    "http://localhost:3001",
    "http://localhost:30000",
    "http://127.0.0.1:3000",
    "http://localhost:3000.evil.example",
    "http://evil-localhost:3000",
    "http://evil.localhost:3000",
    "http://localhost:3000/",
];

#[tokio::test]
async fn a_foreign_origin_is_refused_and_costs_the_session_nothing() {
    let (app, mut user) = TestApp::with_user().await;
    let body = json!({ "email": user.email, "password": PASSWORD });
    for path in AUTH_CALLS {
        for origin in FOREIGN_ORIGINS {
            let call = app.post(path).json(&body).cookies(&user.jar).without("sec-fetch-site").header("origin", origin);
            let answer = call.send().await;
            answer.assert_problem(Code::CrossSite);
            assert!(answer.set_cookies().is_empty(), "{origin}");
        }
    }
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_browser_that_says_other_site_is_refused_whatever_the_origin() {
    let (app, mut user) = TestApp::with_user().await;
    for path in AUTH_CALLS {
        for site in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none", "other"] {
            let call = || app.post(path).cookies(&user.jar).header("sec-fetch-site", site);
            call().send().await.assert_problem(Code::CrossSite);
            call().without("origin").send().await.assert_problem(Code::CrossSite);
        }
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn one_good_header_does_not_excuse_a_bad_one() {
    let (app, mut user) = TestApp::with_user().await;
    let call = || app.post("/auth/refresh").cookies(&user.jar);
    call().header("origin", "https://evil.example").send().await.assert_problem(Code::CrossSite);
    call().also("origin", "https://evil.example").send().await.assert_problem(Code::CrossSite);
    call().also("sec-fetch-site", "cross-site").send().await.assert_problem(Code::CrossSite);
    user.refresh(&app).await;
}

#[tokio::test]
async fn this_sites_own_pages_and_programs_are_let_in() {
    let (app, mut user) = TestApp::with_user().await;
    let headers: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", ORIGIN)],
        &[("sec-fetch-site", "none")],
        &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")],
    ];
    for set in headers {
        let mut call = app.post("/auth/refresh").without("origin").without("sec-fetch-site").cookies(&user.jar);
        for (name, value) in set {
            call = call.header(name, value);
        }
        let answer = call.send().await;
        answer.assert_ok();
        user.jar.apply(&answer.set_cookies());
    }
}

#[tokio::test]
async fn reading_needs_no_origin() {
    let (app, user) = TestApp::with_user().await;
    let call =
        user.get(&app, "/api/me").header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    let answer = call.send().await;
    answer.assert_ok();
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn no_origin_is_granted_anything() {
    let app = TestApp::new().await;
    for origin in ["https://evil.example", "null", ORIGIN] {
        for path in AUTH_CALLS.into_iter().chain(["/api/me", "/"]) {
            let preflight = app.get(path).method("OPTIONS").header("origin", origin);
            let answer = preflight.header("access-control-request-method", "POST").send().await;
            assert!(!(200..300).contains(&answer.status), "{path}: {}", answer.status);
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{path}");
        }
    }
}
