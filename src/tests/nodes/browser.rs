//! A browser as the client half makes it: it repeats a refresh whose reply was lost with the same cookie, and takes no
//! failure of a server for a sign-out.

use crate::support::{PASSWORD, Reply, Socket, request_text};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::time::timeout;

/// How long a browser waits for an answer.
const WAIT: Duration = Duration::from_secs(10);

/// What came of a call.
pub enum Outcome {
    /// It was answered as it should be.
    Served,
    /// Nobody answered, or only in part.
    Unanswered,
    /// The server said that it cannot.
    Failed(u16),
    /// The caller is not signed in, by this code.
    Refused(String),
}

/// A session in a browser.
#[derive(Clone)]
pub struct Browser {
    pub cookie: String,
    pub token: String,
}

impl Browser {
    /// Signs up; again with another node's help, if need be.
    pub async fn sign_up(nodes: &[SocketAddr], email: &str) -> Self {
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let reply = ask(nodes[0], &request_text("POST", "/auth/register", &[], &body)).await.expect("an answer");
        assert_eq!(reply.status, 200, "{reply:?}");
        Self::of(&reply)
    }

    /// Signs in, if the node can.
    pub async fn sign_in(node: SocketAddr, email: &str) -> Option<Self> {
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let reply = ask(node, &request_text("POST", "/auth/login", &[], &body)).await?;
        (reply.status == 200).then(|| Self::of(&reply))
    }

    pub async fn get(&self, node: SocketAddr, path: &str) -> Outcome {
        let bearer = format!("Bearer {}", self.token);
        outcome(ask(node, &request_text("GET", path, &[("Authorization", &bearer)], "")).await.as_ref())
    }

    pub async fn refresh(&mut self, node: SocketAddr) -> Outcome {
        let request = request_text("POST", "/auth/refresh", &[("Cookie", &self.cookie)], "{}");
        let reply = ask(node, &request).await;
        if let Some(reply) = reply.as_ref().filter(|reply| reply.status == 200) {
            *self = Self::of(reply);
        }
        outcome(reply.as_ref())
    }

    pub async fn sign_out(&self, node: SocketAddr) -> Outcome {
        let request = request_text("POST", "/auth/logout", &[("Cookie", &self.cookie)], "{}");
        outcome(ask(node, &request).await.as_ref())
    }

    fn of(reply: &Reply) -> Self {
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        let cookie = reply.headers["set-cookie"].split(';').next().unwrap().to_owned();
        Self { cookie, token: body["access_token"].as_str().unwrap().to_owned() }
    }
}

fn outcome(reply: Option<&Reply>) -> Outcome {
    match reply {
        None => Outcome::Unanswered,
        Some(reply) if reply.status == 200 => Outcome::Served,
        Some(reply) if reply.status >= 500 => Outcome::Failed(reply.status),
        Some(reply) => Outcome::Refused(reply.body.clone()),
    }
}

/// Sends one request on a connection of its own, and gives the whole answer, if one comes.
pub async fn ask(node: SocketAddr, request: &str) -> Option<Reply> {
    let exchange = async {
        let mut socket = Socket::try_connect(node).await?;
        if socket.try_write(request).await { socket.reply().await } else { None }
    };
    timeout(WAIT, exchange).await.ok()?
}
