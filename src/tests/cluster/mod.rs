//! Several nodes over one Redis and one store (SECURITY E-07, L-04). That they follow each other takes real time.

mod blindness;
mod denylist;
mod keys;
mod observation;
mod throttling;
mod tls;

use crate::support::{Answer, RedisServer, TestApp};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the nodes of one site share.
struct Site {
    redis: RedisServer,
    folder: TempDir,
    nodes: u64,
}

impl Site {
    fn new() -> Option<Self> {
        Some(Self::over(RedisServer::start()?))
    }

    fn over(redis: RedisServer) -> Self {
        Self { redis, folder: tempfile::tempdir().unwrap(), nodes: 0 }
    }

    /// Another node, which is ready.
    async fn join(&mut self, flags: &[&str]) -> TestApp {
        let node = self.start(flags).await;
        until("the node is ready", async || ready(&node).await == 200).await;
        node
    }

    /// Another node, ready or not.
    async fn start(&mut self, flags: &[&str]) -> TestApp {
        self.nodes += 1;
        let (folder, url) = (self.folder.path().to_str().unwrap(), self.redis.url());
        let own = ["--data-dir", folder, "--redis-url", &url, "--denylist-blind-after", "4s"];
        TestApp::seeded(self.nodes, &[&own, flags].concat()).await
    }

    async fn pair(flags: &[&str]) -> Option<(Self, TestApp, TestApp)> {
        let mut site = Self::new()?;
        let (one, other) = (site.join(flags).await, site.join(flags).await);
        Some((site, one, other))
    }
}

async fn ready(node: &TestApp) -> u16 {
    node.get("/readyz").send().await.status
}

/// Waits until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !is_so().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what}: not in time"));
}

/// Asks again until the answer has this status.
async fn until_status(status: u16, mut ask: impl AsyncFnMut() -> Answer) -> Answer {
    let mut answer = ask().await;
    until(&format!("status {status}"), async || {
        answer = ask().await;
        answer.status == status
    })
    .await;
    answer
}
