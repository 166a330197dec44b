//! The integration tests: the whole application, driven as its callers drive it.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking too")]

mod account;
mod api_docs;
mod architecture;
mod auth;
mod cli;
mod cluster;
mod cost;
mod database;
mod doctor;
mod flood;
mod keys;
mod lab_pages;
mod lab_sites;
mod limiter_contract;
mod metrics;
mod never_log;
mod nodes;
mod openapi;
mod pruning;
mod races;
mod readme;
mod rotation_model;
mod slow_clients;
mod store_contract;
mod sudden_death;
mod support;
mod throttle;
mod walls;
