//! Somebody with an account, a browser and, while signed in, an access token.

use super::{Answer, Call, Jar, TestApp, segments};
use counterfoil::{
    server::{auth::administration::Actor, id::UserId},
    shared::Role,
};
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

    /// Signs up in a fresh browser, is made an administrator, and signs in again.
    pub async fn admin(app: &TestApp, email: &str) -> Self {
        let user = Self::register(app, email).await;
        app.state.administration.set_role(user.id(), Role::Admin, Actor::default()).await.unwrap();
        user.elsewhere(app).await
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

    /// A call with the access token, as this site's own page makes it.
    pub fn post(&self, app: &TestApp, path: &str) -> Call {
        app.post(path).cookies(&self.jar).bearer(&self.token)
    }

    /// A DELETE with the access token, as this site's own page makes it.
    pub fn delete(&self, app: &TestApp, path: &str) -> Call {
        self.post(app, path).method("DELETE").without("content-type").body("")
    }

    /// Who this is to the server.
    pub fn id(&self) -> UserId {
        segments(&self.token).1["sub"].as_str().unwrap().parse().unwrap()
    }

    /// The session of the access token, as text.
    pub fn session_id(&self) -> String {
        segments(&self.token).1["sid"].as_str().unwrap().to_owned()
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
