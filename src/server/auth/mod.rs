//! The services: accounts, passwords, tokens, sessions.

pub mod access_token;
pub mod accounts;
pub mod administration;
pub mod answer;
pub mod common_passwords;
pub mod cookie;
pub mod denial_feed;
pub mod denylist;
pub mod device_name;
pub mod devices;
pub mod key_feed;
pub mod key_file;
pub mod key_set;
pub mod password;
pub mod proof_of_use;
pub mod refresh_token;
pub mod revocation;
pub mod role_guard;
pub mod rotation;
pub mod sessions;
pub mod signing_key;
pub mod step_up;
pub mod summary;
pub mod throttle;
