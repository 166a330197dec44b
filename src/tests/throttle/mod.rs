//! Throttling and lock-out (SECURITY section I, J-01).

mod client_address;
mod devices;
mod limits;
mod lockout;
mod spellings;

use crate::support::{Answer, Call, Jar, PASSWORD, TestApp, User};
use counterfoil::{server::store::model::SecurityEvent, shared::EventKind};
use serde_json::json;
use std::time::Duration;

const WRONG: &str = "not the password of anybody";

/// A try to sign in.
fn attempt(app: &TestApp, email: &str, password: &str) -> Call {
    app.post("/auth/login").json(&json!({ "email": email, "password": password }))
}

/// As many wrong guesses, each from a network of its own.
async fn guess(app: &TestApp, email: &str, count: usize) {
    for number in 0..count {
        attempt(app, email, WRONG).peer(&format!("198.51.100.{number}")).send().await.assert_status(401);
    }
}

/// The events of failures, newest first, when there are as many; they are written off the request's path.
async fn events(app: &TestApp, user: &User, count: usize) -> Vec<SecurityEvent> {
    let id = user.me(app).await.json()["id"].as_str().unwrap().parse().unwrap();
    let written = async {
        loop {
            let mut events = app.state.sessions.store.events(Some(id), 50).await.unwrap();
            events.retain(|event| [EventKind::FailedSignIns, EventKind::Locked].contains(&event.kind));
            if events.len() >= count {
                return events;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), written).await.expect("not all events were written")
}

/// A try with the right password from a browser and a network that nobody has used.
async fn sign_in_afresh(app: &TestApp, email: &str) -> Answer {
    attempt(app, email, PASSWORD).peer("203.0.113.200").send().await
}

/// A try with the right password from a browser that has been used.
async fn sign_in_from(app: &TestApp, browser: &Jar, email: &str) -> Answer {
    attempt(app, email, PASSWORD).peer("203.0.113.200").cookies(browser).send().await
}
