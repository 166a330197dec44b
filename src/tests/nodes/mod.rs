//! Nodes as processes of their own over a real PostgreSQL and a real Redis, under load, while everything that they
//! stand on fails in turn (SECURITY E-07, L-04). Time is real here: it is what heals.

mod behind_proxy;
mod browser;
mod faults;
mod load;
mod node;
mod postgres;
mod relay;

use counterfoil::server::clock::{Clock, SystemClock, Timestamp};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

fn now() -> Timestamp {
    SystemClock.now()
}

/// Waits until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !is_so().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what}: not in time"));
}

/// A line for whoever runs the tests, passed or failed.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
