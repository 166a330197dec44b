//! Counterfoil: JWT login done the right way, and proved in front of you.
//!
//! One crate, two halves. `shared` compiles into both; `api` is the calls between them; `client` and `ui` run in the
//! browser (and render on the server); `lab` is the lab's model; `server` never leaves it.

#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod client;
pub mod lab;
#[cfg(feature = "ssr")]
pub mod server;
pub mod shared;
pub mod ui;

/// Brings the server's page to life in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
