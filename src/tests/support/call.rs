//! A request, built up and sent straight into the router.

use super::{Answer, Jar};
use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use counterfoil::server::call::Peer;
use http_body_util::BodyExt;
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};
use tower::ServiceExt;

pub const HOST: &str = "localhost:3000";
pub const ORIGIN: &str = "http://localhost:3000";

/// A request that has not been sent.
pub struct Call {
    router: Router,
    request: Request<Body>,
}

impl Call {
    /// A call as a program makes it: a method, a path and a host.
    pub fn new(router: Router, method: &str, path: &str) -> Self {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = Request::builder().method(method).uri(path).header("host", HOST).body(Body::empty()).unwrap();
        Self { router, request }
    }

    /// A call as a browser makes it from this site's own page.
    pub fn from_own_page(router: Router, method: &str, path: &str) -> Self {
        Self::new(router, method, path)
            .header("origin", ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
            .body("{}")
    }

    pub fn method(mut self, method: &str) -> Self {
        *self.request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        self
    }

    /// Sets a header, in place of those of this name.
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
        self
    }

    /// Adds a header beside those of this name.
    pub fn also(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.request.headers_mut().append(HeaderName::from_static(name), value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.request.headers_mut().remove(name);
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// With the cookies that a browser would send to this path.
    pub fn cookies(self, jar: &Jar) -> Self {
        match jar.header(self.request.uri().path()) {
            Some(cookies) => self.header("cookie", cookies),
            None => self,
        }
    }

    /// From this address instead of none.
    pub fn peer(mut self, address: &str) -> Self {
        let address: IpAddr = address.parse().unwrap();
        self.request.extensions_mut().insert(Peer(SocketAddr::from((address, 40_000))));
        self
    }

    pub fn json(self, value: &Value) -> Self {
        self.body(value.to_string())
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let (parts, body) = self.router.oneshot(self.request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
