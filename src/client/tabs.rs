//! What the tabs of one browser tell each other.

use crate::shared::{EndReason, wire::TokenResponse};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The name of the channel.
pub const CHANNEL: &str = "counterfoil";
/// Room for any message, so that the buffer never moves and leaves a copy behind.
const CAPACITY: usize = 16 * 1024;

/// A message to the other tabs.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabMessage {
    /// A tab has a new access token.
    Fresh(TokenResponse),
    /// Nobody is signed in any more, and why.
    SignedOut(Option<EndReason>),
}

impl TabMessage {
    /// The message as text, in a buffer that is wiped.
    pub fn encode(&self) -> Option<Zeroizing<String>> {
        let mut buffer = Vec::with_capacity(CAPACITY);
        serde_json::to_writer(&mut buffer, self).ok()?;
        String::from_utf8(buffer).ok().map(Zeroizing::new)
    }

    /// The message in a text, if it is one.
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
