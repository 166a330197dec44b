//! Somebody with an account, a browser and, while signed in, an access token.

use super::{Answer, Call, Jar, TestApp};
use serde_json::json;

/// Everybody's password.
pub const PASSWORD: &str = "a stub stays with its issuer";

/// A person and their browser. A clone is a copy of all of it: another tab, or a thief.
#[derive(Clone, Debug)]
pub struct User {
    pub email: String,
    pub jar: Jar,
    pub token: String,
}

impl User {
    /// Signs up in a fresh browser.
    pub async fn register(app: &TestApp, email: &str) -> Self {
        let mut user = Self::stranger(email);
        let answer = app.post("/auth/register").json(&json!({ "email": email, "password": PASSWORD })).send().await;
        user.keep(&answer);
        user
    }

    /// Somebody with a fresh browser who has not signed in there.
    pub fn stranger(email: &str) -> Self {
        Self { email: email.to_owned(), jar: Jar::default(), token: String::new() }
    }

    /// The same person in a fresh browser, signed in.
    pub async fn elsewhere(&self, app: &TestApp) -> Self {
        let mut other = Self::stranger(&self.email);
        other.login(app).await;
        other
    }

    pub async fn login(&mut self, app: &TestApp) -> Answer {
        let credentials = json!({ "email": self.email, "password": PASSWORD });
        let answer = app.post("/auth/login").cookies(&self.jar).json(&credentials).send().await;
        self.keep(&answer);
        answer
    }

    /// Refreshes, whatever comes of it.
    pub async fn try_refresh(&mut self, app: &TestApp) -> Answer {
        let answer = app.post("/auth/refresh").cookies(&self.jar).send().await;
        if answer.status == 200 {
            self.keep(&answer);
        } else {
            self.jar.apply(&answer.set_cookies());
        }
        answer
    }

    pub async fn refresh(&mut self, app: &TestApp) -> Answer {
        let answer = self.try_refresh(app).await;
        answer.assert_ok();
        answer
    }

    pub async fn logout(&mut self, app: &TestApp) -> Answer {
        let answer = app.post("/auth/logout").cookies(&self.jar).bearer(&self.token).send().await;
        answer.assert_ok();
        self.jar.apply(&answer.set_cookies());
        answer
    }

    /// A call with the access token.
    pub fn get(&self, app: &TestApp, path: &str) -> Call {
        app.get(path).cookies(&self.jar).bearer(&self.token)
    }

    pub async fn me(&self, app: &TestApp) -> Answer {
        self.get(app, "/api/me").send().await
    }

    /// The text of the refresh token.
    #[track_caller]
    pub fn refresh_token(&self) -> String {
        self.jar.only().value.clone()
    }

    #[track_caller]
    fn keep(&mut self, answer: &Answer) {
        self.token = answer.access_token();
        self.jar.apply(&answer.set_cookies());
    }
}
