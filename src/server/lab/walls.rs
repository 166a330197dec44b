//! What stands around each of the lab's sites: its own host alone, small bodies in good time, no search engines.

use super::{LabState, origins::Site, visitors::MAX_LOOT};
use crate::server::{config::Settings, id::LabId, middleware::host::named_host};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS},
        request::Parts,
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{collections::HashMap, sync::Arc};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// The most bytes of a body: loot, in the JSON that it comes in.
const MAX_BODY: usize = MAX_LOOT * 2;

/// Puts the walls around a site.
pub fn around(router: Router<LabState>, site: &Site, settings: &Settings) -> Router<LabState> {
    let host: Arc<str> = site.host.as_str().into();
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(settings.body_timeout))
        .layer(from_fn_with_state(host, require_own_host))
}

/// A name that somebody has rebound to this address would make a foreign page the site's own.
async fn require_own_host(State(host): State<Arc<str>>, request: Request, next: Next) -> Response {
    let mut response = match named_host(&request) {
        Some(named) if named.eq_ignore_ascii_case(&host) => next.run(request).await,
        _ => (StatusCode::MISDIRECTED_REQUEST, "another host\n").into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The lab that a path names, which is remembered.
pub struct InLab(pub LabId);

impl FromRequestParts<LabState> for InLab {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &LabState) -> Result<Self, Response> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|path| path.get("lab")?.parse().ok());
        let id = id.filter(|id| state.visitors.peek(*id, |_| ()).is_some());
        id.map(Self).ok_or_else(|| (StatusCode::NOT_FOUND, "this lab is over; open another one\n").into_response())
    }
}
