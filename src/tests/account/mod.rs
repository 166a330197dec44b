//! The account: its devices, its events, its password, its end, and those who administer it.

mod administration;
mod deletion;
mod devices;
mod events;
mod password;
mod revocation;
mod step_up;

use crate::support::{Answer, PASSWORD, TestApp, User};
use serde_json::{Value, json};

/// Gives the password once more.
async fn step_up(app: &TestApp, user: &User) -> Answer {
    user.post(app, "/api/step-up").json(&json!({ "password": PASSWORD })).send().await
}

/// The kinds of the account's events, newest first.
async fn kinds(app: &TestApp, user: &User) -> Vec<String> {
    events(app, user).await.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn events(app: &TestApp, user: &User) -> Vec<Value> {
    let answer = user.get(app, "/api/events").send().await;
    answer.assert_ok().json()["events"].as_array().unwrap().clone()
}

/// The account's sessions as the owner sees them.
async fn sessions(app: &TestApp, user: &User) -> Vec<Value> {
    let answer = user.get(app, "/api/sessions").send().await;
    answer.assert_ok().json()["sessions"].as_array().unwrap().clone()
}
