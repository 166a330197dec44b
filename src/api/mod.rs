//! The calls between the halves: server functions with fixed URLs, JSON in and out, bodies of a few lines.
//!
//! Everything under `/auth` is open; everything else needs an access token, and under `/api/admin` one of an
//! administrator, which the router has checked before a body runs.

mod account;
pub mod admin;
mod admin_keys;
mod auth;
mod sessions;

pub use account::{change_password, delete_account, me, step_up};
pub use admin_keys::signing_keys;
pub use auth::{login, logout, refresh, register};
pub use sessions::{events, revoke_all_sessions, revoke_other_sessions, revoke_session, sessions};
