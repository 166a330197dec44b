//! Takes over the denials that another process writes, such as the command line beside a running server.

use super::denylist::Denylist;
use crate::server::{clock::Clock, store::Store};
use std::{sync::Arc, time::Duration};

/// How long a denial of another process may go unnoticed.
pub const INTERVAL: Duration = Duration::from_secs(2);

/// Reads the store's denials again and again; never returns.
pub async fn follow(store: Arc<dyn Store>, denylist: Arc<Denylist>, clock: Arc<dyn Clock>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        let now = clock.now();
        match store.denials(now).await {
            Ok(denials) => denylist.add(&denials, now),
            Err(error) => tracing::warn!(%error, "the denials could not be read; trying again"),
        }
    }
}
