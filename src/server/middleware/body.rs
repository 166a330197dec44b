//! Bounds the body of every request, and lets only JSON objects reach the calls.

use crate::{
    server::state::AppState,
    shared::{Code, Problem},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, Method,
        header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// The most bytes a body may have (DESIGN section 2).
pub const MAX_BYTES: usize = 16 * 1024;

/// Reads the whole body within the size and the time allowed, so that no handler meets a slow or endless one.
pub async fn bound(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let declared = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MAX_BYTES as u64) {
        return refuse_and_close(Code::BodyTooLarge);
    }
    let collected = tokio::time::timeout(state.settings.body_timeout, Limited::new(body, MAX_BYTES).collect()).await;
    match collected {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await,
        Ok(Err(error)) if error.is::<LengthLimitError>() => refuse_and_close(Code::BodyTooLarge),
        Ok(Err(_)) | Err(_) => refuse_and_close(Code::MalformedRequest),
    }
}

/// Lets a call through if its body is a JSON object, said to be JSON. An HTML form cannot send that type, so a
/// foreign page needs a preflight, which is never granted.
pub async fn json_object(request: Request, next: Next) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Problem::new(Code::MalformedRequest).into_response();
    };
    let bytes = body.to_bytes();
    let has_type = parts.headers.contains_key(CONTENT_TYPE) || parts.headers.contains_key(CONTENT_ENCODING);
    // DELETE alone makes a browser ask for leave, and its arguments stand in the query.
    if parts.method == Method::DELETE && bytes.is_empty() && !has_type {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") || parts.headers.contains_key(CONTENT_ENCODING) {
        return Problem::new(Code::UnsupportedMediaType).into_response();
    }
    // No body is an object without members, which some calls take.
    let bytes = if bytes.is_empty() { "{}".into() } else { bytes };
    if !std::str::from_utf8(&bytes).is_ok_and(|text| text.trim_start().starts_with('{')) {
        return Problem::new(Code::MalformedRequest).into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// The rest of the body may still be on its way, so the connection is of no more use.
fn refuse_and_close(code: Code) -> Response {
    let mut response = Problem::new(code).into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
