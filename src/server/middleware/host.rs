//! Answers for the host of the public origin alone (DESIGN section 2).

use crate::{
    server::{router::ANY_HOST, state::AppState},
    shared::{Code, Problem, paths},
};
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{HOST, LOCATION},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Sends a page that was asked for under another host to the public origin, and refuses a call.
///
/// Cookies do not know ports, and a rebound name would make a foreign page this site's own.
pub async fn require_own_host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if ANY_HOST.contains(&path)
        || named_host(&request).is_some_and(|host| host.eq_ignore_ascii_case(&state.settings.host()))
    {
        return next.run(request).await;
    }
    let is_call = [paths::AUTH, paths::API, paths::LAB_API].iter().any(|prefix| path.starts_with(prefix));
    if is_call || !request.method().is_safe() {
        return Problem::new(Code::Misdirected).into_response();
    }
    let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match HeaderValue::try_from(format!("{}{path_and_query}", state.settings.origin())) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => Problem::new(Code::Misdirected).into_response(),
    }
}

/// The host that the request is for: of its absolute URI if it has one (RFC 9112 section 3.2.2), else of its only
/// `Host` header.
pub fn named_host(request: &Request) -> Option<&str> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.as_str());
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}
