//! Administration: who may, what it does, and what it never does (SECURITY table K).

use super::events;
use crate::support::{Call, PASSWORD, START, TestApp, User, minutes, secs};
use counterfoil::shared::{Code, Role};
use serde_json::{Value, json};

/// Everything under `/api/admin`, aimed at an account.
fn calls(app: &TestApp, by: &User, id: &str) -> Vec<Call> {
    let body = json!({ "id": id });
    vec![
        by.get(app, "/api/admin/users"),
        by.get(app, &format!("/api/admin/user?id={id}")),
        by.get(app, "/api/admin/events"),
        by.delete(app, &format!("/api/admin/users?id={id}")),
        by.post(app, "/api/admin/users/role").json(&json!({ "id": id, "role": "user" })),
        by.post(app, "/api/admin/users/revoke").json(&body),
        by.post(app, "/api/admin/users/unlock").json(&body),
    ]
}

async fn list(app: &TestApp, admin: &User, query: &str) -> Value {
    admin.get(app, &format!("/api/admin/users{query}")).send().await.assert_ok().json()
}

fn emails(page: &Value) -> Vec<&str> {
    page["users"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn without_a_token_it_is_401_and_without_the_role_403_whatever_is_asked() {
    let (app, alice) = TestApp::with_user().await;
    let nobody = User::stranger("nobody@example.com");
    for id in [alice.id().to_string(), "9".repeat(32), "no-id".to_owned()] {
        for call in calls(&app, &nobody, &id) {
            call.without("authorization").send().await.assert_problem(Code::MissingToken);
        }
        for call in calls(&app, &alice, &id) {
            call.send().await.assert_problem(Code::Forbidden);
        }
    }
    for call in calls(&app, &alice, "x") {
        call.body("{not json").send().await.assert_problem(Code::Forbidden);
    }
    alice.me(&app).await.assert_ok();
}

#[tokio::test]
async fn the_role_in_a_token_is_not_enough() {
    let (app, alice) = TestApp::with_user().await;
    let mut forged = alice.clone();
    forged.token = TestApp::forger().with_claim(&alice.token, "role", json!("admin"));
    for call in calls(&app, &forged, &alice.id().to_string()) {
        call.send().await.assert_problem(Code::Forbidden);
    }
}

#[tokio::test]
async fn an_administrator_with_a_token_of_another_role_is_none() {
    let (app, alice) = TestApp::with_user().await;
    let mut admin = User::admin(&app, "admin@example.com").await;
    admin.token = TestApp::forger().with_claim(&admin.token, "role", json!("user"));
    for call in calls(&app, &admin, &alice.id().to_string()) {
        call.send().await.assert_problem(Code::Forbidden);
    }
}

#[tokio::test]
async fn a_demoted_administrator_is_out_at_once() {
    let app = TestApp::new().await;
    let boss = User::admin(&app, "boss@example.com").await;
    let former = User::admin(&app, "former@example.com").await;
    let body = json!({ "id": former.id().to_string(), "role": "user" });
    boss.post(&app, "/api/admin/users/role").json(&body).send().await.assert_ok();
    former.get(&app, "/api/admin/users").send().await.assert_problem(Code::TokenRevoked);
    let back = former.elsewhere(&app).await;
    back.get(&app, "/api/admin/users").send().await.assert_problem(Code::Forbidden);
    let told = &events(&app, &back).await[1];
    assert_eq!(
        (&told["kind"], &told["detail"], &told["by_admin"]),
        (&json!("role_changed"), &json!("user"), &json!(true))
    );
}

#[tokio::test]
async fn every_change_asks_for_a_fresh_password() {
    let (app, alice) = TestApp::with_user().await;
    let admin = User::admin(&app, "admin@example.com").await;
    app.advance(minutes(5));
    for (index, call) in calls(&app, &admin, &alice.id().to_string()).into_iter().enumerate() {
        let answer = call.send().await;
        if index < 3 {
            answer.assert_ok();
        } else {
            answer.assert_problem(Code::InsufficientUserAuthentication);
        }
    }
    alice.me(&app).await.assert_ok();
}

#[tokio::test]
async fn accounts_are_found_by_address_and_role() {
    let (app, _) = TestApp::with_user().await;
    app.advance(secs(1));
    let admin = User::admin(&app, "boss@example.com").await;
    app.advance(secs(1));
    User::register(&app, "al_ce@example.org").await;
    let found = |query: &'static str| {
        let (app, admin) = (&app, &admin);
        async move { emails(&list(app, admin, query).await).into_iter().map(str::to_owned).collect::<Vec<_>>() }
    };
    assert_eq!(found("").await, ["alice@example.com", "boss@example.com", "al_ce@example.org"]);
    assert_eq!(found("?search=ALICE").await, ["alice@example.com"]);
    assert_eq!(found("?search=al_").await, ["al_ce@example.org"]);
    assert_eq!(found("?search=%25").await, [""; 0]);
    assert_eq!(found("?search=%27%20OR%201%3D1--").await, [""; 0]);
    assert_eq!(found("?role=admin").await, ["boss@example.com"]);
    assert_eq!(found("?role=user&search=example.com").await, ["alice@example.com"]);
    assert_eq!(found("?offset=2").await, ["al_ce@example.org"]);
    admin.get(&app, "/api/admin/users?role=root").send().await.assert_problem(Code::MalformedRequest);
}

#[tokio::test]
async fn a_page_says_how_many_there_are_and_holds_fifty() {
    let app = TestApp::new().await;
    let admin = User::admin(&app, "boss@example.com").await;
    for number in 0..52 {
        let email = format!("user-{number:02}@example.com");
        app.state.accounts.create(&email, PASSWORD, Role::User).await.unwrap();
    }
    let first = list(&app, &admin, "?search=user-").await;
    assert_eq!((first["total"].as_u64(), first["page_size"].as_u64()), (Some(52), Some(50)));
    assert_eq!(first["users"].as_array().unwrap().len(), 50);
    let second = list(&app, &admin, "?search=user-&offset=50").await;
    assert_eq!((second["total"].as_u64(), second["users"].as_array().unwrap().len()), (Some(52), 2));
}

#[tokio::test]
async fn a_user_is_shown_with_sessions_and_events() {
    let (app, alice) = TestApp::with_user().await;
    alice.elsewhere(&app).await.logout(&app).await;
    let admin = User::admin(&app, "boss@example.com").await;
    let answer = admin.get(&app, &format!("/api/admin/user?id={}", alice.id())).send().await;
    let details = answer.assert_ok().json();
    assert_eq!(details["user"]["email"], "alice@example.com");
    assert_eq!(details["user"]["sessions"], 1);
    assert_eq!(details["sessions"].as_array().unwrap().len(), 2);
    assert!(details["sessions"].as_array().unwrap().iter().all(|session| session["current"] == false));
    assert_eq!(details["events"].as_array().unwrap().len(), 3);
    for secret in ["password", "hash", "$2b$", &alice.refresh_token()] {
        assert!(!answer.text().contains(secret), "{secret}");
    }
    for nobody in ["9".repeat(32), "x".to_owned(), String::new()] {
        admin.get(&app, &format!("/api/admin/user?id={nobody}")).send().await.assert_problem(Code::NotFound);
    }
}

#[tokio::test]
async fn an_account_is_signed_out_everywhere_and_told_who_did_it() {
    let (app, alice) = TestApp::with_user().await;
    let admin = User::admin(&app, "boss@example.com").await;
    let body = json!({ "id": alice.id().to_string() });
    admin.post(&app, "/api/admin/users/revoke").json(&body).send().await.assert_ok();
    let problem = alice.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "revoked_by_admin");
    let back = alice.elsewhere(&app).await;
    let told = &events(&app, &back).await[1];
    assert_eq!((&told["kind"], &told["by_admin"]), (&json!("sessions_revoked"), &json!(true)));
    assert!(told.get("account_id").is_none());
    let own = &events(&app, &admin).await[0];
    assert_eq!((&own["kind"], &own["account_id"]), (&json!("sessions_revoked"), &json!(alice.id().to_string())));
}

#[tokio::test]
async fn a_lock_is_seen_and_lifted_and_the_owner_told() {
    let (app, alice) = TestApp::with_user().await;
    let admin = User::admin(&app, "boss@example.com").await;
    let lock = || async {
        let users = list(&app, &admin, "?search=alice").await;
        users["users"][0].get("locked_until").and_then(Value::as_i64)
    };
    assert_eq!(lock().await, None);
    for _ in 0..5 {
        let wrong = json!({ "email": alice.email, "password": "wrong" });
        app.post("/auth/login").json(&wrong).send().await.assert_problem(Code::InvalidCredentials);
    }
    assert_eq!(lock().await, Some((START + minutes(30)).as_secs()));
    let right = json!({ "email": alice.email, "password": PASSWORD });
    app.post("/auth/login").json(&right).send().await.assert_problem(Code::InvalidCredentials);
    let body = json!({ "id": alice.id().to_string() });
    admin.post(&app, "/api/admin/users/unlock").json(&body).send().await.assert_ok();
    assert_eq!(lock().await, None);
    app.post("/auth/login").json(&right).send().await.assert_ok();
    let told = events(&app, &alice).await;
    assert!(told.iter().any(|event| event["kind"] == "unlocked" && event["by_admin"] == true), "{told:?}");
}

#[tokio::test]
async fn an_account_is_deleted_and_the_site_remembers_that_alone() {
    let (app, alice) = TestApp::with_user().await;
    let admin = User::admin(&app, "boss@example.com").await;
    let path = format!("/api/admin/users?id={}", alice.id());
    admin.delete(&app, &path).send().await.assert_ok();
    admin.delete(&app, &path).send().await.assert_problem(Code::NotFound);
    assert_eq!(emails(&list(&app, &admin, "").await), ["boss@example.com"]);
    let answer = admin.get(&app, "/api/admin/events").send().await;
    let told = &answer.assert_ok().json()["events"][0];
    assert_eq!((&told["kind"], &told["detail"]), (&json!("account_deleted"), &json!(alice.id().to_string())));
    assert!(!answer.text().contains("alice"));
}

#[tokio::test]
async fn the_last_administrator_can_neither_step_down_nor_be_deleted() {
    let app = TestApp::new().await;
    let admin = User::admin(&app, "boss@example.com").await;
    let id = admin.id().to_string();
    let demote = json!({ "id": id, "role": "user" });
    admin.post(&app, "/api/admin/users/role").json(&demote).send().await.assert_problem(Code::LastAdmin);
    admin.delete(&app, &format!("/api/admin/users?id={id}")).send().await.assert_problem(Code::LastAdmin);
    admin.get(&app, "/api/admin/users").send().await.assert_ok();
    let second = User::admin(&app, "second@example.com").await;
    second.post(&app, "/api/admin/users/role").json(&demote).send().await.assert_ok();
}

#[tokio::test]
async fn of_two_administrators_who_delete_each_other_at_once_one_stays() {
    let app = TestApp::new().await;
    let one = User::admin(&app, "one@example.com").await;
    let two = User::admin(&app, "two@example.com").await;
    let path = |user: &User| format!("/api/admin/users?id={}", user.id());
    let (first, second) = tokio::join!(one.delete(&app, &path(&two)).send(), two.delete(&app, &path(&one)).send());
    assert!([first.status, second.status].contains(&200));
    assert_ne!(first.status, second.status);
    let left = app.state.administration.users("", Some(Role::Admin), 0).await.unwrap();
    assert_eq!(left.total, 1);
}
