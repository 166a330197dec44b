//! The pages of the lab, and the playground behind them.

mod forgeries;
mod pages;
mod visits;

use crate::support::{Answer, TestApp};
use serde_json::{Value, json};

/// A visitor of the lab.
struct Visitor<'a> {
    app: &'a TestApp,
    visit: String,
}

impl<'a> Visitor<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let visit = app.post("/lab/api/visit").send().await.assert_ok().json()["visit"].as_str().unwrap().to_owned();
        Self { app, visit }
    }

    async fn ask(&self, call: &str, mut more: Value) -> Answer {
        more["visit"] = json!(self.visit);
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

    async fn wait(&self, seconds: u32) -> Answer {
        self.ask("wait", json!({ "seconds": seconds })).await
    }
}

/// The name of the line at which the verifier stopped.
fn failed_line(checklist: &Value) -> Option<&str> {
    let passed = usize::try_from(checklist["passed"].as_u64().unwrap()).unwrap();
    checklist["lines"].get(passed).map(|line| line.as_str().unwrap())
}
