//! `counterfoil doctor`: what is wrong with a deployment.

use super::Failure;
use crate::server::{
    clock::{Clock, SystemClock},
    config::Settings,
    doctor::{Verdict, examine},
};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Prints the findings. The exit status is the worst: 0 where all is well, 1 for a warning, 2 for a failure.
pub async fn run(settings: &Settings, json: bool) -> Result<ExitCode, Failure> {
    let findings = examine(settings, SystemClock.now()).await;
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &findings)?;
        writeln!(out)?;
    } else {
        for finding in &findings {
            let verdict = match finding.verdict {
                Verdict::Ok => "ok",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
            };
            writeln!(out, "{verdict:<5} {:<14} {}", finding.check, finding.says)?;
        }
    }
    let worst = findings.iter().map(|finding| finding.verdict).max();
    Ok(ExitCode::from(match worst {
        Some(Verdict::Fail) => 2,
        Some(Verdict::Warn) => 1,
        Some(Verdict::Ok) | None => 0,
    }))
}
