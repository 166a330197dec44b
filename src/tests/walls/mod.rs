//! The walls in front of every call: what is refused before a handler sees it, and that refusing costs nothing.

mod body_size;
mod content_type;
mod cross_site;
mod errors;
mod every_call;
mod headers;
mod host;
mod json;
mod methods;
mod pages;

/// The calls that change something.
const AUTH_CALLS: [&str; 4] = ["/auth/register", "/auth/login", "/auth/refresh", "/auth/logout"];
