//! One log line and one count a request, and an id by which a person can ask about it.

use crate::server::{call::ClientAddress, metrics, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs method, path, status and time; never a query, a header or a body, since these carry secrets.
pub async fn log_requests(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = u64::from_be_bytes(state.sessions.entropy.bytes());
    let id = format!("{id:016x}");
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!(
        "request",
        request.id = %id,
        http.method = %request.method(),
        http.path = request.uri().path(),
        client.address = %ClientAddress::of(request.extensions()),
    );
    async move {
        let clock = &state.sessions.clock;
        let started = clock.now();
        let mut response = next.run(request).await;
        let elapsed = clock.now().since(started);
        tracing::info!(http.status = response.status().as_u16(), ?elapsed, "answered");
        metrics::answered(&method, route.as_ref().map(MatchedPath::as_str), &response, elapsed);
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}
