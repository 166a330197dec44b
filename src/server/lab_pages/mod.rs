//! The pages of the lab. They are rendered here and come alive by small modules of their own, so that the program
//! behind the sign-in page does not grow by a byte for them.

mod anatomy;
mod document;
mod index;
mod parts;
mod storage;

use super::{middleware::security_headers::Nonce, state::AppState};
use crate::shared::paths;
use axum::{Extension, Router, response::Html, routing::get};
use leptos::prelude::AnyView;

/// One page.
#[derive(Clone, Copy)]
pub struct Page {
    /// Where it is.
    pub path: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What there is to see.
    pub about: &'static str,
    /// The module in `public/lab` that brings its live part to life.
    pub script: Option<&'static str>,
    /// What is on it.
    view: fn() -> AnyView,
}

/// Every page, in the order in which they are read.
pub const PAGES: [Page; 3] = [
    Page {
        path: paths::LAB,
        title: "The lab",
        about: "What there is to try.",
        script: Some("index"),
        view: index::view,
    },
    Page {
        path: "/lab/anatomy",
        title: "Anatomy of a token",
        about: "Take a token apart, change a claim, and see at which line the verifier stops.",
        script: Some("anatomy"),
        view: anatomy::view,
    },
    Page {
        path: "/lab/storage",
        title: "Where a token lives",
        about: "Eight places to keep a token against eight attacks, measured in your browser.",
        script: None,
        view: storage::view,
    },
];

/// The pages as routes.
pub fn router() -> Router<AppState> {
    PAGES.into_iter().fold(Router::new(), |router, page| {
        let show = async move |Extension(Nonce(nonce)): Extension<Nonce>| Html(document::document(page, nonce));
        router.route(page.path, get(show))
    })
}
