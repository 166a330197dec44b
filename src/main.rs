//! The server binary: command line → telemetry → run.

use clap::Parser;
use counterfoil::server::command::{Cli, run};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(status) => status,
        Err(error) => {
            // Telemetry may be what failed, so this goes straight to the terminal.
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "counterfoil: {error}");
            ExitCode::FAILURE
        }
    }
}
