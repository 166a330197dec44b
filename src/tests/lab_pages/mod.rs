//! The pages of the lab, and the playground behind them.

mod forgeries;
mod pages;
mod visits;

use crate::support::{Answer, TestApp};
use serde_json::{Value, json};
use std::cell::Cell;

/// A visitor of the lab.
struct Visitor<'a> {
    app: &'a TestApp,
    ahead: Cell<u32>,
}

impl<'a> Visitor<'a> {
    const fn new(app: &'a TestApp) -> Self {
        Self { app, ahead: Cell::new(0) }
    }

    async fn ask(&self, call: &str, mut more: Value) -> Answer {
        more["ahead"] = json!(self.ahead.get());
        self.app.post(&format!("/lab/api/{call}")).json(&more).send().await
    }

    /// The tokens of a new session.
    async fn sign_in(&self, role: &str) -> Value {
        self.ask("sign-in", json!({ "role": role })).await.assert_ok().json()
    }

    async fn refresh(&self, refresh_token: &Value) -> Answer {
        self.ask("refresh", json!({ "refresh_token": refresh_token })).await
    }

    async fn present(&self, access_token: &Value) -> Value {
        self.ask("present", json!({ "access_token": access_token })).await.assert_ok().json()
    }

    fn wait(&self, seconds: u32) {
        self.ahead.set(self.ahead.get() + seconds);
    }
}

/// The name of the line at which the verifier stopped.
fn failed_line(checklist: &Value) -> Option<&str> {
    let passed = usize::try_from(checklist["passed"].as_u64().unwrap()).unwrap();
    checklist["lines"].get(passed).map(|line| line.as_str().unwrap())
}
