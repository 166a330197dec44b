//! Methods and paths (SECURITY C-13, K-07).

use super::AUTH_CALLS;
use crate::support::TestApp;
use counterfoil::shared::Code;

#[tokio::test]
async fn only_post_changes_anything() {
    let (app, mut user) = TestApp::with_user().await;
    for path in AUTH_CALLS {
        for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"] {
            let answer = app.post(path).method(method).cookies(&user.jar).bearer(&user.token).send().await;
            answer.assert_status(405);
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {path}");
            assert!(answer.set_cookies().is_empty());
            if method != "HEAD" {
                answer.assert_problem(Code::MethodNotAllowed);
            }
        }
    }
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}

#[tokio::test]
async fn the_caller_is_read_with_get_alone() {
    let (app, user) = TestApp::with_user().await;
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = app.post("/api/me").method(method).bearer(&user.token).send().await;
        answer.assert_problem(Code::MethodNotAllowed);
        assert_eq!(answer.header("allow"), Some("GET,HEAD"));
    }
}

#[tokio::test]
async fn method_override_headers_are_not_listened_to() {
    let (app, mut user) = TestApp::with_user().await;
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let answer = app.get("/auth/logout").cookies(&user.jar).header(name, "POST").send().await;
        answer.assert_problem(Code::MethodNotAllowed);
        let rotated = app.post("/auth/refresh").cookies(&user.jar).header(name, "DELETE").send().await;
        rotated.assert_ok();
        user.jar.apply(&rotated.set_cookies());
    }
    app.get("/auth/logout?_method=POST").cookies(&user.jar).send().await.assert_problem(Code::MethodNotAllowed);
    user.refresh(&app).await;
}

#[tokio::test]
async fn other_spellings_of_a_path_reach_no_handler() {
    let (app, mut user) = TestApp::with_user().await;
    for path in [
        "/auth/logout/",
        "//auth/logout",
        "/auth//logout",
        "/auth/./logout",
        "/x/../auth/logout",
        "/AUTH/logout",
        "/auth/Logout",
        "/auth/logout;x",
        "/auth%2flogout",
        "/auth/%6cogout",
        "/auth/logout%00",
        "/auth",
        "/auth/",
        "/auth/nothing",
        "/api/nothing",
    ] {
        let answer = app.post(path).cookies(&user.jar).send().await;
        assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
        answer.assert_problem(if answer.status == 404 { Code::NotFound } else { Code::MethodNotAllowed });
    }
    for path in ["/api/me/", "//api/me", "/api/./me", "/API/me", "/api/me;x", "/api%2fme", "/api/m%65"] {
        let answer = app.get(path).bearer(&user.token).send().await;
        answer.assert_problem(Code::NotFound);
    }
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_refusal_of_access_comes_before_anything_else_about_a_closed_call() {
    let (app, user) = TestApp::with_user().await;
    let bad = "x".repeat(32);
    app.get("/api/me?x=1").body("garbage").send().await.assert_problem(Code::MissingToken);
    app.get("/api/me").body("garbage").bearer(&bad).send().await.assert_problem(Code::InvalidToken);
    user.get(&app, "/api/me").body("garbage").send().await.assert_ok();
}
