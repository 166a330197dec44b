//! Every error has one shape, whatever made it (SECURITY L-01 to L-03).

use crate::support::{MAD, Mood, TestApp, secs};
use counterfoil::shared::{Code, Problem};

#[tokio::test]
async fn what_does_not_exist_is_a_problem_for_programs_and_a_page_for_people() {
    let app = TestApp::new().await;
    for accept in ["application/json", "*/*"] {
        app.get("/nowhere").header("accept", accept).send().await.assert_problem(Code::NotFound);
    }
    let page = app.get("/nowhere").header("accept", "text/html,*/*;q=0.8").send().await;
    page.assert_status(404);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.text().contains("</html>"));
}

#[tokio::test]
async fn a_call_that_does_not_exist_is_never_a_page() {
    let app = TestApp::new().await;
    for path in ["/auth/nowhere", "/api/nowhere", "/api/", "/auth/"] {
        app.get(path).header("accept", "text/html").send().await.assert_problem(Code::NotFound);
    }
}

#[tokio::test]
async fn files_outside_the_site_are_not_served() {
    let app = TestApp::new().await;
    for path in ["/../counterfoil.db", "/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/keys/../keys", "/.git/config"]
    {
        app.get(path).send().await.assert_problem(Code::NotFound);
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let app = TestApp::new().await;
    let mut ids = std::collections::HashSet::new();
    for path in ["/", "/healthz", "/nowhere", "/auth/login", "/api/me", "/api/me"] {
        let answer = app.get(path).header("x-request-id", "chosen-by-the-client").send().await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert!(id.len() == 16 && id != "chosen-by-the-client");
        assert!(ids.insert(id));
    }
}

#[tokio::test]
async fn a_store_that_never_answers_is_not_waited_for() {
    let app = TestApp::new().await;
    app.store.set_mood(Mood::Stuck);
    // The clock of the runtime jumps to the next timer as soon as nothing else can happen.
    tokio::time::pause();
    let answer = tokio::time::timeout(secs(3), app.get("/readyz").send()).await.expect("an answer");
    answer.assert_problem(Code::Unavailable);
}

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing_and_the_server_lives() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.set_mood(Mood::Mad);
    for answer in [user.me(&app).await, app.post("/auth/refresh").cookies(&user.jar).send().await] {
        let problem = answer.assert_problem(Code::InternalError);
        assert_eq!(problem, serde_json::to_value(Problem::new(Code::InternalError)).unwrap());
        assert!(answer.header("content-security-policy").is_some() && answer.header("x-request-id").is_some());
        assert!(!answer.text().contains(MAD));
    }
    app.store.set_mood(Mood::Well);
    user.me(&app).await.assert_ok();
    user.refresh(&app).await;
}
