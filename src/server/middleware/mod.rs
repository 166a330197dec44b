//! What stands in front of the handlers, one wall a file.

pub mod authenticate;
pub mod body;
pub mod client_address;
pub mod cross_site;
pub mod host;
pub mod problem;
pub mod request_log;
pub mod security_headers;
pub mod throttle;
