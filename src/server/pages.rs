//! The pages and the files of the browser half.

use super::{middleware::security_headers::Nonce, state::AppState};
use crate::{
    app::{App, Head, shell},
    shared::{Code, Problem, paths},
};
use aws_lc_rs::digest;
use axum::{
    Extension, Router,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL},
    },
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::provide_context;
use std::{fs, path::Path, sync::Arc};
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// The built files, and a word that changes with them.
#[derive(Clone)]
struct Site {
    files: ServeDir,
    version: Arc<str>,
}

/// Every page of [`App`], its files, and the page for what does not exist.
pub fn router(state: &AppState) -> Router<AppState> {
    let root = &state.settings.site_root;
    let site = Site {
        files: ServeDir::new(root).append_index_html_on_directories(false).precompressed_br().precompressed_gzip(),
        version: version_of(&root.join("pkg")).into(),
    };
    let version = site.version.clone();
    leptos_axum::generate_route_list(App)
        .iter()
        .fold(Router::new(), |router, listing| router.route(listing.path(), get(page)))
        .fallback(file_or_not_found)
        .layer(from_fn(move |request, next| cache(version.clone(), request, next)))
        .layer(Extension(site))
}

async fn page(Extension(site): Extension<Site>, Extension(Nonce(nonce)): Extension<Nonce>, request: Request) -> Response {
    let head = Head { nonce: nonce.clone(), version: site.version.to_string() };
    // Leptos signs the scripts that it adds itself with the nonce that it finds here.
    let context = move || provide_context(leptos::nonce::Nonce::from_value(nonce.clone()));
    leptos_axum::render_app_async_with_context(context, move || shell(head.clone()))(request).await
}

async fn file_or_not_found(
    State(_): State<AppState>,
    site: Extension<Site>,
    nonce: Extension<Nonce>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) || is_call(request.uri().path()) {
        return Problem::new(Code::NotFound).into_response();
    }
    let (parts, _) = request.into_parts();
    let ask_file = Request::from_parts(parts.clone(), axum::body::Body::empty());
    match site.files.clone().oneshot(ask_file).await {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => response.into_response(),
        _ if accepts_html(&headers) => {
            let mut response = page(site, nonce, Request::from_parts(parts, axum::body::Body::empty())).await;
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        _ => Problem::new(Code::NotFound).into_response(),
    }
}

fn is_call(path: &str) -> bool {
    [paths::AUTH, paths::API].iter().any(|prefix| path.starts_with(prefix))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// A file that was asked for with its version never changes under that URL.
async fn cache(version: Arc<str>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_file = path.starts_with("/pkg/") || path.starts_with("/fonts/");
    let is_versioned = request.uri().query().and_then(|query| query.strip_prefix("v=")) == Some(&*version);
    let mut response = next.run(request).await;
    if is_file && !response.status().is_client_error() {
        let value = if is_versioned { "public, max-age=31536000, immutable" } else { "public, no-cache" };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// The first 8 hex digits of a hash over the files that pages refer to; `dev` when there are none.
fn version_of(folder: &Path) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut found = false;
    for name in ["counterfoil.css", "counterfoil.js", "counterfoil.wasm"] {
        if let Ok(bytes) = fs::read(folder.join(name)) {
            context.update(&bytes);
            found = true;
        }
    }
    if !found {
        return "dev".to_owned();
    }
    context.finish().as_ref()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
