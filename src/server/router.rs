//! The whole application as one service: what `main` serves and every test drives.

use super::{
    api_docs, jwks, lab_pages,
    middleware::{
        authenticate::{authenticate, require_admin},
        body,
        client_address::{self, ClientAddresses},
        cross_site, host, problem, request_log, security_headers, throttle,
    },
    openapi, pages, playground,
    state::AppState,
};
use crate::shared::{Code, Problem, paths};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, header::ACCEPT},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, get, on},
};
use leptos::prelude::provide_context;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// The paths that answer under any host: for machines that do not know the public one.
pub const ANY_HOST: [&str; 3] = ["/healthz", "/readyz", JWKS];
const JWKS: &str = "/.well-known/jwks.json";

/// Builds the application. The walls stand in the order in which a request meets them, outermost last.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(calls(&state))
        .merge(machines())
        .merge(openapi::router(&state.settings))
        .merge(api_docs::router(&state.settings))
        .merge(playground::router())
        .merge(lab_pages::router(&state.settings))
        .merge(pages::router(&state))
        .layer(from_fn_with_state(state.clone(), throttle::limit))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_cross_site))
        .layer(from_fn_with_state(state.clone(), body::bound))
        .layer(from_fn_with_state(state.clone(), host::require_own_host))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(problem::shape_errors))
        .layer(from_fn_with_state(state.clone(), throttle::say_limits))
        .layer(from_fn_with_state(state.clone(), security_headers::add_security_headers))
        .layer(from_fn_with_state(state.clone(), request_log::log_requests))
        .layer(from_fn_with_state(Arc::new(ClientAddresses::new(&state)), client_address::identify))
        .with_state(state)
}

/// The server functions. Whatever is not under `/auth` needs an access token, so a new one is closed until it is
/// put there; what is under `/api/admin` needs one of an administrator.
fn calls(state: &AppState) -> Router<AppState> {
    server_fn::axum::server_fn_paths().fold(Router::new(), |router, (path, method)| {
        let call = call(method).route_layer(from_fn(body::json_object));
        let is_under = |prefix| path.strip_prefix(prefix).is_some_and(|rest: &str| rest.starts_with('/'));
        let call = if is_under(paths::ADMIN_API) {
            call.route_layer(from_fn_with_state(state.clone(), require_admin))
        } else {
            call
        };
        let call = if is_under(paths::AUTH) {
            call
        } else {
            call.route_layer(from_fn_with_state(state.clone(), throttle::limit_account))
                .route_layer(from_fn_with_state(state.clone(), authenticate))
        };
        router.route(path, call)
    })
}

fn call(method: Method) -> MethodRouter<AppState> {
    let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::POST);
    on(filter, |State(state): State<AppState>, mut request: Request| {
        // The framework would answer a browser that prefers HTML with a redirect to the page it came from.
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        // It looks the function up by method, and does not know that HEAD is GET without a body.
        if request.method() == Method::HEAD {
            *request.method_mut() = Method::GET;
        }
        leptos_axum::handle_server_fns_with_context(move || provide_context(state.clone()), request)
    })
}

/// What load balancers and other services ask.
fn machines() -> Router<AppState> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).route(JWKS, get(jwks::jwks))
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.readiness.check().await {
        Ok(()) => "ready".into_response(),
        Err(why) => {
            tracing::warn!(%why, "not ready");
            Problem::new(Code::Unavailable).into_response()
        }
    }
}

/// The panic itself is logged by the hook that `telemetry` installs.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::new(Code::InternalError).into_response()
}
