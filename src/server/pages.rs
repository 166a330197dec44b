//! The pages and the files of the browser half.

use super::{lab::VAULT_FOLDER, middleware::security_headers::Nonce, state::AppState};
use crate::{
    app::{App, shell},
    shared::{Code, Problem, paths},
};
use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL},
    },
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::provide_context;
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Every page of [`App`], its files, and the page for what does not exist.
pub fn router(state: &AppState) -> Router<AppState> {
    let files = ServeDir::new(&state.settings.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let min_chars = state.settings.password_min_chars;
    let page = move |nonce, request| page(min_chars, nonce, request);
    leptos_axum::generate_route_list(App)
        .iter()
        .fold(Router::new(), |router, listing| router.route(listing.path(), get(page)))
        .fallback(move |nonce, request| file_or_not_found(files, min_chars, nonce, request))
        .layer(from_fn(cache_files))
}

async fn page(min_chars: usize, Extension(Nonce(nonce)): Extension<Nonce>, request: Request) -> Response {
    // Leptos signs the scripts that it adds itself with the nonce that it finds here.
    let context = {
        let nonce = nonce.clone();
        move || provide_context(leptos::nonce::Nonce::from_value(nonce.clone()))
    };
    leptos_axum::render_app_async_with_context(context, move || shell(nonce.clone(), min_chars))(request).await
}

async fn file_or_not_found(files: ServeDir, min_chars: usize, nonce: Extension<Nonce>, request: Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || is_call(request.uri().path()) || is_of_the_lab(request.uri().path()) {
        return Problem::new(Code::NotFound).into_response();
    }
    let (parts, _) = request.into_parts();
    match files.oneshot(Request::from_parts(parts.clone(), Body::empty())).await {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => response.into_response(),
        _ if accepts_html(&parts.headers) => {
            let mut response = page(min_chars, nonce, Request::from_parts(parts, Body::empty())).await;
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        _ => Problem::new(Code::NotFound).into_response(),
    }
}

fn is_call(path: &str) -> bool {
    [paths::AUTH, paths::API, paths::LAB_API].iter().any(|prefix| path.starts_with(prefix))
}

/// What only the lab's victim serves, out of the same folder.
fn is_of_the_lab(path: &str) -> bool {
    percent_decode_str(path).decode_utf8_lossy().split('/').any(|part| part == VAULT_FOLDER)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Files may be kept, but are asked about every time: a page never meets the script of another build.
async fn cache_files(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_file = ["/pkg/", "/fonts/", "/lab/"].iter().any(|folder| path.starts_with(folder));
    let mut response = next.run(request).await;
    if is_file && !response.status().is_client_error() {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    }
    response
}
