//! The attacker's own server uses what it received, from outside the visitor's browser, until it is cut off.

use super::{LabState, origins::Site};
use crate::{
    lab::evidence::{Credential, Loot, Replay},
    server::id::LabId,
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

/// The pause between two uses of the same loot.
const PAUSE: Duration = Duration::from_secs(3);
/// The most uses of the same loot: longer than a token lives.
const MAX_USES: usize = 120;
/// How long the victim may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most characters of an answer that are kept.
const MAX_ANSWER: usize = 200;

/// A client of the victim, and of nobody else.
pub struct Thief {
    client: reqwest::Client,
    victim: SocketAddr,
    host: String,
}

impl Thief {
    /// For the victim that listens here.
    ///
    /// # Errors
    /// When there can be no client.
    pub fn new(mut victim: SocketAddr, site: &Site) -> io::Result<Self> {
        if victim.ip().is_unspecified() {
            victim.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        let client =
            reqwest::Client::builder().no_proxy().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        Ok(Self { client: client.build().map_err(io::Error::other)?, victim, host: site.host.clone() })
    }

    /// Writes into the guestbook, as any customer can.
    ///
    /// # Errors
    /// When the victim does not take it.
    pub async fn write(&self, lab: LabId, entry: String) -> Result<(), reqwest::Error> {
        let request = self.client.post(format!("http://{}/{lab}/guestbook", self.victim));
        request.header("host", &self.host).body(entry).send().await?.error_for_status()?;
        Ok(())
    }

    /// Asks the victim who the loot belongs to.
    async fn ask(&self, lab: LabId, loot: &Loot) -> Result<(u16, String), reqwest::Error> {
        let request = self.client.get(format!("http://{}/{lab}/api/me", self.victim)).header("host", &self.host);
        let request = match (loot.credential, &loot.proof) {
            (Credential::Cookie, _) => request.header("cookie", &loot.value),
            (Credential::Bearer, None) => request.header("authorization", format!("Bearer {}", loot.value)),
            (Credential::Bearer, Some(proof)) => {
                request.header("authorization", format!("DPoP {}", loot.value)).header("dpop", proof)
            }
        };
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?.chars().take(MAX_ANSWER).collect()))
    }
}

/// Uses a piece of loot again and again until it is refused, or its run is over.
pub async fn replay(state: LabState, lab: LabId, run: u32, index: usize) {
    for _ in 0..MAX_USES {
        let loot = state.visitors.peek(lab, |visit| {
            let is_current = visit.run == run;
            visit.evidence.loot.get(index).filter(|_| is_current).cloned()
        });
        let Some(Some(loot)) = loot else { return };
        let (status, body) = state.thief.ask(lab, &loot).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the lab's attacker could not reach its victim");
            (502, String::new())
        });
        let replay = Replay { at: state.clock.now().as_millis(), status, body };
        state.visitors.peek(lab, |visit| {
            if let Some(loot) = visit.evidence.loot.get_mut(index).filter(|_| visit.run == run) {
                loot.record(replay);
            }
        });
        if status != 200 {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
