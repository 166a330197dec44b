//! One kept-alive connection, and what its answers took.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, client::conn::http1::SendRequest, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// Everybody's password.
pub const PASSWORD: &str = "a stub stays with its issuer";

/// A connection to the server under load.
pub struct Client {
    host: String,
    sender: SendRequest<Full<Bytes>>,
}

/// An answer, and how long it took.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub took: Duration,
}

impl Client {
    pub async fn connect(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { host: host.to_owned(), sender }
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request, Bytes::new()).await
    }

    pub async fn post(&mut self, path: &str, cookie: &str, body: &Value) -> Answer {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/json").header(header::COOKIE, cookie);
        self.send(request, body.to_string().into()).await
    }

    /// Signs up or signs in, depending on the path.
    pub async fn sign(&mut self, path: &str, email: &str, password: &str) -> Answer {
        self.post(path, "", &json!({ "email": email, "password": password })).await
    }

    async fn send(&mut self, request: hyper::http::request::Builder, body: Bytes) -> Answer {
        let started = Instant::now();
        if self.sender.is_closed() {
            *self = Self::connect(&self.host).await;
        }
        let request = request.header(header::HOST, self.host.replace("127.0.0.1", "localhost"));
        self.sender.ready().await.unwrap();
        let (parts, body) =
            self.sender.send_request(request.body(Full::new(body)).unwrap()).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, took: started.elapsed() }
    }
}

impl Answer {
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// The access token.
    pub fn token(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// The refresh cookie, as it goes back.
    pub fn cookie(&self) -> String {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let refresh = cookies.filter(|cookie| cookie.contains("refresh-")).find(|cookie| !cookie.contains("Max-Age=0"));
        refresh.unwrap().split(';').next().unwrap().to_owned()
    }
}
