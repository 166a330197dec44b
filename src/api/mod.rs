//! The calls between the halves: server functions with fixed URLs, JSON in and out, bodies of a few lines.
//!
//! Everything under `/auth` is open; everything else needs an access token, which the router has checked before a
//! body runs.

mod auth;
mod me;

pub use auth::{login, logout, refresh, register};
pub use me::me;
