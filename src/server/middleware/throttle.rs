//! Counts the calls that are limited, and tells every caller of one what is left (RFC 6585 section 4,
//! draft-ietf-httpapi-ratelimit-headers-11).

use crate::{
    server::{
        auth::throttle::{
            Caller,
            limit::{LimitedCall, Quota},
            network::Network,
        },
        call::{ClientAddress, CurrentUser},
        error::Error,
        metrics,
        state::AppState,
    },
    shared::Problem,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Lets a limited call through while there is something left, before anything is looked up or hashed.
///
/// A safe method is no try: any page on the web could have sent it.
pub async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match limited_call(&request) {
        Some(call) if !request.method().is_safe() => {
            let (caller, request) = caller(&state, call, request).await;
            limited(&state, call, caller, request, next).await
        }
        _ => next.run(request).await,
    }
}

/// The same for the account of the access token, which the network's count does not bound.
pub async fn limit_account(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let user = request.extensions().get::<CurrentUser>().map(|user| user.0.user_id);
    match (limited_call(&request), user) {
        (Some(call @ LimitedCall::Password), Some(id)) => {
            limited(&state, call, Caller::Account(id), request, next).await
        }
        _ => next.run(request).await,
    }
}

/// Says what is left in the answers that were given before anything was counted.
pub async fn say_limits(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let call = limited_call(&request);
    let network = network(&request);
    let mut response = next.run(request).await;
    if let Some(call) = call
        && let Ok(quota) = state.throttle.quota(call, network).await
    {
        write(&quota, response.headers_mut());
    }
    response
}

async fn limited(state: &AppState, call: LimitedCall, caller: Caller, request: Request, next: Next) -> Response {
    let quota = match state.throttle.count(call, caller).await {
        Ok(quota) => quota,
        Err(error) => return Problem::from(error).into_response(),
    };
    let mut response = if quota.is_exceeded {
        metrics::throttled(call);
        tracing::info!(limit = call.name(), "too many attempts");
        Problem::from(Error::TooManyAttempts(quota.wait())).into_response()
    } else {
        next.run(request).await
    };
    write(&quota, response.headers_mut());
    response
}

/// Whose count the call goes to. Only for a sign-in does that depend on the body, which has arrived already.
async fn caller(state: &AppState, call: LimitedCall, request: Request) -> (Caller, Request) {
    let network = network(&request);
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let device = state.device_cookie.read(&parts.headers);
    let caller = match email(&body) {
        Some(email) if call == LimitedCall::Login => state.throttle.who_signs_in(network, device, &email),
        _ => Caller::Network(network),
    };
    (caller, Request::from_parts(parts, Body::from(body)))
}

/// The email address in the body of a sign-in.
fn email(body: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        email: String,
    }
    serde_json::from_slice(body).ok().map(|Named { email }| email)
}

fn network(request: &Request) -> Network {
    Network::of(ClientAddress::of(request.extensions()))
}

/// Leaves what an inner layer has said: its count is the narrower one.
fn write(quota: &Quota, headers: &mut HeaderMap) {
    if headers.contains_key(RATE_LIMIT) {
        return;
    }
    for (name, value) in [(RATE_LIMIT_POLICY, quota.policy()), (RATE_LIMIT, quota.state())] {
        headers.extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
    }
}

/// Which limited call a request is, however its path is spelled: a spelling that answers 404 today may be rewritten
/// by a proxy tomorrow.
fn limited_call(request: &Request) -> Option<LimitedCall> {
    match &*plain(request.uri().path()) {
        "/auth/login" => Some(LimitedCall::Login),
        "/auth/register" => Some(LimitedCall::Register),
        "/auth/refresh" => Some(LimitedCall::Refresh),
        "/api/password" | "/api/step-up" => Some(LimitedCall::Password),
        path if path.starts_with("/lab/api/") => Some(LimitedCall::Lab),
        _ => None,
    }
}

/// A path without encoding, case, parameters, empty segments and dots.
fn plain(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy().to_lowercase();
    let mut segments = Vec::new();
    for segment in decoded.split(['/', '\\']) {
        match segment.split([';', '\0']).next().unwrap_or_default().trim() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    segments.iter().fold(String::new(), |path, segment| path + "/" + segment)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn every_spelling_of_a_path_is_one_path() {
        for spelling in [
            "/auth/login",
            "/auth/login/",
            "//auth/login",
            "/auth//login",
            "/auth/./login",
            "/x/../auth/login",
            "/auth/%6cogin",
            "/auth%2Flogin",
            "/AUTH/Login",
            "/auth/login;v=1",
            "/auth\\login",
            "/auth/login%00",
            "/auth/login%20",
        ] {
            assert_eq!(plain(spelling), "/auth/login", "{spelling}");
        }
        assert_eq!(plain("/auth/login2"), "/auth/login2");
        assert_eq!(plain("/../.."), "");
    }
}
