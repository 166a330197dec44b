//! What holds for every server function there is, so that a new one cannot be forgotten (SECURITY K-01, K-02, K-04).

use crate::support::{Call, TestApp, User};
use counterfoil::shared::Code;

/// Every call: method and path.
fn calls() -> Vec<(String, &'static str)> {
    let calls: Vec<_> = server_fn::axum::server_fn_paths().map(|(path, method)| (method.to_string(), path)).collect();
    assert!(calls.len() > 15, "{calls:?}");
    calls
}

fn is_open(path: &str) -> bool {
    path.starts_with("/auth/")
}

fn call(app: &TestApp, method: &str, path: &str) -> Call {
    let call = app.post(path).method(method);
    if method == "POST" { call } else { call.without("content-type").body("") }
}

#[tokio::test]
async fn whatever_is_not_open_is_closed_before_anything_is_read() {
    let app = TestApp::new().await;
    for (method, path) in calls().iter().filter(|(_, path)| !is_open(path)) {
        call(&app, method, path).send().await.assert_problem(Code::MissingToken);
        call(&app, method, path).bearer("x.y.z").send().await.assert_problem(Code::InvalidToken);
        call(&app, method, path).body("{not json").send().await.assert_problem(Code::MissingToken);
    }
}

#[tokio::test]
async fn what_is_open_is_on_this_list() {
    let mut open: Vec<_> = calls().into_iter().filter(|(_, path)| is_open(path)).map(|(_, path)| path).collect();
    open.sort_unstable();
    assert_eq!(open, ["/auth/login", "/auth/logout", "/auth/refresh", "/auth/register"]);
}

#[tokio::test]
async fn administration_is_closed_to_users_before_anything_is_read() {
    let (app, user) = TestApp::with_user().await;
    for (method, path) in calls().iter().filter(|(_, path)| path.starts_with("/api/admin/")) {
        call(&app, method, path).bearer(&user.token).send().await.assert_problem(Code::Forbidden);
        call(&app, method, path).bearer(&user.token).body("{not json").send().await.assert_problem(Code::Forbidden);
    }
}

#[tokio::test]
async fn what_changes_something_refuses_other_sites_other_types_and_large_bodies() {
    let app = TestApp::new().await;
    let admin = User::admin(&app, "boss@example.com").await;
    for (method, path) in calls().iter().filter(|(method, _)| method != "GET") {
        let call = || call(&app, method, path).cookies(&admin.jar).bearer(&admin.token);
        call().header("origin", "http://localhost:3001").send().await.assert_problem(Code::CrossSite);
        call().header("sec-fetch-site", "same-site").send().await.assert_problem(Code::CrossSite);
        let form = call().header("content-type", "application/x-www-form-urlencoded").body("id=1");
        form.send().await.assert_problem(Code::UnsupportedMediaType);
        call().body("x".repeat(16 * 1024 + 1)).send().await.assert_problem(Code::BodyTooLarge);
    }
    admin.me(&app).await.assert_ok();
    admin.clone().refresh(&app).await;
}

#[tokio::test]
async fn another_method_is_not_allowed_and_the_answer_says_which_are() {
    let (app, user) = TestApp::with_user().await;
    for (_, path) in calls() {
        let methods: Vec<_> =
            calls().into_iter().filter(|(_, other)| *other == path).map(|(method, _)| method).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            if !methods.iter().any(|allowed| allowed == method) {
                let answer = app.post(path).method(method).bearer(&user.token).send().await;
                answer.assert_problem(Code::MethodNotAllowed);
                let allow = answer.header("allow").unwrap_or_default();
                assert!(methods.iter().all(|allowed| allow.contains(&**allowed)), "{path}: {allow}");
            }
        }
    }
    user.me(&app).await.assert_ok();
}
