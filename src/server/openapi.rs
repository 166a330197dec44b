//! The description of every call, for programs (OpenAPI 3.1).

use super::{config::Settings, state::AppState};
use crate::shared::paths;
use axum::{
    Router,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    routing::get,
};

const TEMPLATE: &str = include_str!("openapi.json");
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The document, with this program's version and the public origin.
pub fn document(settings: &Settings) -> String {
    TEMPLATE.replace("{version}", env!("CARGO_PKG_VERSION")).replace("{origin}", &settings.origin())
}

/// `GET /api/openapi.json`, open to all like the public keys.
pub fn router(settings: &Settings) -> Router<AppState> {
    let document = document(settings);
    Router::new()
        .route(paths::OPENAPI, get(async move || ([(CONTENT_TYPE, JSON), (CACHE_CONTROL, CACHING)], document.clone())))
}
