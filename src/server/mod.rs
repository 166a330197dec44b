//! The server half: everything that must never reach the browser.

pub mod api_docs;
pub mod auth;
pub mod bootstrap;
pub mod call;
pub mod clock;
pub mod cluster;
pub mod command;
pub mod config;
pub mod doctor;
pub mod entropy;
pub mod error;
pub mod id;
pub mod jwks;
pub mod listener;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod pruning;
pub mod readiness;
pub mod router;
pub mod secret;
pub mod state;
pub mod store;
pub mod telemetry;
