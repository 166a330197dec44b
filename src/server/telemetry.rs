//! Logs: one line an event, for people in development and for programs in production.
//!
//! Never logged: passwords, tokens, cookies, `Authorization`, query strings, bodies.

use super::config::{LogFormat, Settings};
use std::{io::IsTerminal, panic};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging to standard error, panics included.
///
/// # Errors
/// When the filter in the settings cannot be parsed.
pub fn start(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    let filter = EnvFilter::builder().parse(&settings.log)?;
    let registry = tracing_subscriber::registry().with(filter);
    match settings.log_format() {
        LogFormat::Text => {
            let layer = fmt::layer().with_writer(std::io::stderr).with_target(false);
            registry.with(layer.with_ansi(std::io::stderr().is_terminal())).try_init()?;
        }
        LogFormat::Json => {
            registry.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).try_init()?;
        }
    }
    panic::set_hook(Box::new(|info| {
        // The payload may hold data of the request, so only the place is logged.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.location = place, "panicked");
    }));
    Ok(())
}
