//! The OpenAPI document tells the truth: every call, every code, and the answers as they are.

use crate::support::{Answer, PASSWORD, TestApp, User};
use counterfoil::{
    server::router::ANY_HOST,
    shared::{Code, paths},
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
        for (status, response) in call["responses"].as_object().unwrap().iter().filter(|(status, _)| *status != "200") {
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
