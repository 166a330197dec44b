//! The OpenAPI document tells the truth: every call, every code, and the answers as they are.

use crate::support::{Answer, PASSWORD, TestApp, User, minutes};
use counterfoil::{
    server::{auth::administration::Actor, id::UserId, router::ANY_HOST},
    shared::{Code, Role, paths},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn document(app: &TestApp) -> Value {
    let answer = app.get(paths::OPENAPI).send().await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.assert_ok().json()
}

/// Every call: path, method and what is said of it.
fn calls(document: &Value) -> impl Iterator<Item = (&str, String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, call)| (&**path, method.to_uppercase(), call))
    })
}

/// What a reference points to, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// The codes that a described answer may carry.
fn codes(document: &Value, response: &Value) -> Vec<Code> {
    let schema = &resolved(document, response)["content"]["application/problem+json"]["schema"];
    let words = schema["properties"]["code"]["enum"].as_array().unwrap().iter();
    words.map(|word| Code::parse(word.as_str().unwrap()).unwrap_or_else(|| panic!("{word} is no code"))).collect()
}

/// What a value does against a schema of the document.
fn complaints(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&whole).unwrap();
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

#[tokio::test]
async fn every_call_is_described_and_nothing_else() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let described: BTreeSet<_> = calls(&document).map(|(path, method, _)| (path.to_owned(), method)).collect();
    let machines = ANY_HOST.into_iter().chain([paths::OPENAPI]).map(|path| (path.to_owned(), "GET".to_owned()));
    let server_functions =
        server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_owned(), method.to_string()));
    assert_eq!(described, server_functions.chain(machines).collect());
}

#[tokio::test]
async fn the_codes_are_the_closed_set_and_each_stands_under_its_own_status() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let all: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(document["components"]["schemas"]["Code"]["enum"], json!(all));
    let mut seen = BTreeSet::new();
    for (path, method, call) in calls(&document) {
        for (status, response) in
            call["responses"].as_object().unwrap().iter().filter(|(status, _)| !status.starts_with(['2', '3']))
        {
            for code in codes(&document, response) {
                seen.insert(code.as_str());
                assert!(status == "default" || *status == code.status().to_string(), "{method} {path} {status}");
            }
        }
    }
    assert_eq!(seen, all.into_iter().collect(), "every code can come from somewhere");
}

#[tokio::test]
async fn every_example_is_what_its_schema_says() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let mut examples = 0;
    for (path, method, call) in calls(&document) {
        let responses = call["responses"].as_object().unwrap().values();
        for part in responses.map(|response| resolved(&document, response)).chain([&call["requestBody"]]) {
            for media in part["content"].as_object().into_iter().flat_map(|content| content.values()) {
                if let Some(example) = media.get("example") {
                    assert_eq!(complaints(&document, &media["schema"], example), [""; 0], "{method} {path}");
                    examples += 1;
                }
            }
        }
    }
    assert!(examples > calls(&document).count(), "{examples}");
}

/// Holds an answer against what the document says of its call and its status.
#[track_caller]
fn assert_described(document: &Value, method: &str, path: &str, answer: &Answer) {
    let responses = &document["paths"][path][method]["responses"];
    let response = responses.get(answer.status.to_string()).unwrap_or(&responses["default"]);
    let response = resolved(document, response);
    let media_type = answer.header("content-type").unwrap().split(';').next().unwrap();
    let schema = &response["content"][media_type]["schema"];
    assert!(schema.is_object(), "{method} {path} {media_type}: {}", answer.text());
    let value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| answer.text().into());
    assert_eq!(complaints(document, schema, &value), [""; 0], "{method} {path}: {value}");
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let sent = answer.headers.contains_key(name);
        assert!(sent || resolved(document, header)["required"] != true, "{method} {path} has no {name}");
    }
}

#[tokio::test]
async fn answers_are_as_described_member_by_member() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let credentials = json!({ "email": "alice@example.com", "password": PASSWORD });
    let mut user = User::stranger("alice@example.com");
    let registered = app.post("/auth/register").json(&credentials).send().await;
    assert_described(&document, "post", "/auth/register", registered.assert_ok());
    let again = app.post("/auth/register").json(&credentials).send().await;
    assert_described(&document, "post", "/auth/register", again.assert_status(409));
    assert_described(&document, "post", "/auth/login", user.login(&app).await.assert_ok());
    assert_described(&document, "post", "/auth/refresh", user.refresh(&app).await.assert_ok());
    assert_described(&document, "post", "/auth/refresh", app.post("/auth/refresh").send().await.assert_status(401));
    assert_described(
        &document,
        "post",
        "/auth/login",
        app.post("/auth/login").body("[").send().await.assert_status(400),
    );
    for path in ANY_HOST.into_iter().chain([paths::OPENAPI]) {
        assert_described(&document, "get", path, app.get(path).send().await.assert_ok());
    }
    assert_described(&document, "get", "/api/me", app.get("/api/me").send().await.assert_status(401));
    assert_described(&document, "get", "/api/me", user.me(&app).await.assert_ok());
    assert_described(&document, "post", "/auth/logout", user.logout(&app).await.assert_ok());
}

/// A call with a body and an access token.
async fn post(app: &TestApp, user: &User, path: &str, body: &Value) -> Answer {
    app.post(path).bearer(&user.token).json(body).send().await
}

#[tokio::test]
async fn what_owners_see_and_do_is_as_described() {
    let (app, mut user) = TestApp::with_user().await;
    let document = document(&app).await;
    let other = user.elsewhere(&app).await;
    let wrong = json!({ "password": "not the password" });
    assert_described(
        &document,
        "post",
        "/api/step-up",
        post(&app, &user, "/api/step-up", &wrong).await.assert_status(401),
    );
    for path in ["/api/sessions", "/api/events"] {
        assert_described(&document, "get", path, user.get(&app, path).send().await.assert_ok());
    }
    let id = other.me(&app).await.json()["session_id"].clone();
    let nobody = json!({ "id": "0".repeat(32) });
    let change = json!({ "current": PASSWORD, "new": "another stub for another year" });
    for (path, body, status) in [
        ("/api/step-up", json!({ "password": PASSWORD }), 200),
        ("/api/sessions/revoke", nobody, 404),
        ("/api/sessions/revoke", json!({ "id": id }), 200),
        ("/api/sessions/revoke-others", json!({}), 200),
        ("/api/password", json!({ "current": PASSWORD, "new": "short" }), 400),
        ("/api/password", change, 200),
        ("/api/sessions/revoke-all", json!({}), 200),
    ] {
        assert_described(&document, "post", path, post(&app, &user, path, &body).await.assert_status(status));
    }
    user = User::register(&app, "bob@example.com").await;
    app.advance(minutes(6));
    user.refresh(&app).await;
    let stale = post(&app, &user, "/api/account/delete", &json!({})).await;
    assert_described(&document, "post", "/api/account/delete", stale.assert_status(401));
    post(&app, &user, "/api/step-up", &json!({ "password": PASSWORD })).await.assert_ok();
    let deleted = post(&app, &user, "/api/account/delete", &json!({})).await;
    assert_described(&document, "post", "/api/account/delete", deleted.assert_ok());
}

#[tokio::test]
async fn what_administrators_see_and_do_is_as_described() {
    let (app, mut admin) = TestApp::with_user().await;
    let document = document(&app).await;
    assert_described(
        &document,
        "get",
        "/api/admin/users",
        admin.get(&app, "/api/admin/users").send().await.assert_status(403),
    );
    let id: UserId = admin.me(&app).await.json()["id"].as_str().unwrap().parse().unwrap();
    app.state.administration.set_role(id, Role::Admin, Actor::default()).await.unwrap();
    admin.login(&app).await;
    let bob = User::register(&app, "bob@example.com").await;
    let bob = bob.me(&app).await.json()["id"].as_str().unwrap().to_owned();
    for (path, query) in [
        ("/api/admin/users", "?search=bob&role=user&offset=0".to_owned()),
        ("/api/admin/users", String::new()),
        ("/api/admin/user", format!("?id={bob}")),
        ("/api/admin/events", String::new()),
        ("/api/admin/keys", String::new()),
    ] {
        assert_described(&document, "get", path, admin.get(&app, &format!("{path}{query}")).send().await.assert_ok());
    }
    let last = json!({ "id": id.to_string(), "role": "user" });
    let refused = post(&app, &admin, "/api/admin/users/role", &last).await;
    assert_described(&document, "post", "/api/admin/users/role", refused.assert_status(409));
    for (path, body) in [
        ("/api/admin/users/role", json!({ "id": bob, "role": "user" })),
        ("/api/admin/users/revoke", json!({ "id": bob })),
    ] {
        assert_described(&document, "post", path, post(&app, &admin, path, &body).await.assert_ok());
    }
    for status in [200, 404] {
        let deleted = admin.get(&app, &format!("/api/admin/users?id={bob}")).method("DELETE").send().await;
        assert_described(&document, "delete", "/api/admin/users", deleted.assert_status(status));
    }
}
