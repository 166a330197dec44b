//! Gives every error the shape of problem details, whatever made it.

use crate::shared::{Code, Problem, problem::ProblemEncoding};
use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use server_fn::{ContentType, Decodes, Encodes, error::SERVER_FN_ERROR_HEADER};

/// More than any problem's body has.
const MAX_BYTES: usize = 64 * 1024;

/// Turns the errors of the framework into problem details: a server function's problem gets its own status, and an
/// error without one gets the problem of its status. Pages keep their HTML.
pub async fn shape_errors(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let from_server_fn = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    let is_error = status.is_client_error() || status.is_server_error();
    let has_shape = is(&response, ProblemEncoding::CONTENT_TYPE) && !from_server_fn;
    if !is_error || has_shape || is(&response, "text/html") {
        return response;
    }
    let (parts, body) = response.into_parts();
    let problem = if from_server_fn { read(body).await } else { None };
    let problem = problem.unwrap_or_else(|| Code::from_status(status.as_u16()).into());
    let mut shaped = problem.into_response();
    add_missing(shaped.headers_mut(), &parts.headers);
    shaped
}

fn is(response: &Response, media_type: &str) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with(media_type))
}

async fn read(body: Body) -> Option<Problem> {
    let bytes = Limited::new(body, MAX_BYTES).collect().await.ok()?.to_bytes();
    ProblemEncoding::decode(bytes).ok()
}

/// Keeps what else the answer said, such as `Allow` and `Set-Cookie`, but nothing about the body it had.
fn add_missing(headers: &mut HeaderMap, others: &HeaderMap) {
    for name in others.keys() {
        if headers.contains_key(name) || name == CONTENT_LENGTH || name == SERVER_FN_ERROR_HEADER {
            continue;
        }
        for value in others.get_all(name) {
            headers.append(name, value.clone());
        }
    }
}

impl IntoResponse for Problem {
    /// The problem with its status, the headers that its code asks for, and the code for whoever counts.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ProblemEncoding::encode(&self).unwrap_or_default();
        let mut response = (status, Body::from(body)).into_response();
        response.extensions_mut().insert(self.code);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(ProblemEncoding::CONTENT_TYPE));
        if let Some(challenge) = challenge(&self) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// RFC 6750 section 3: every 401 says how to authenticate; without a token there is no error code. RFC 9470 section 3
/// has that of a step-up.
fn challenge(problem: &Problem) -> Option<HeaderValue> {
    let error = match problem.code {
        Code::InvalidToken | Code::TokenExpired | Code::TokenRevoked => r#", error="invalid_token""#.to_owned(),
        Code::InsufficientUserAuthentication => {
            let max_age = problem.max_age.map(|seconds| format!(r#", max_age="{seconds}""#)).unwrap_or_default();
            format!(r#", error="insufficient_user_authentication"{max_age}"#)
        }
        Code::Forbidden => r#", error="insufficient_scope""#.to_owned(),
        code if code.status() == 401 => String::new(),
        _ => return None,
    };
    HeaderValue::try_from(format!(r#"Bearer realm="counterfoil"{error}"#)).ok()
}
