//! Revocation: sessions end before their time, and their access tokens are refused at once (DESIGN section 4).

use super::denylist::{Denial, Denied, Denylist};
use crate::{
    server::{
        clock::Timestamp,
        error::Error,
        id::{SessionId, UserId},
        store::model::{Ending, SecurityEvent},
    },
    shared::EndReason,
};
use clap::ValueEnum;
use std::{sync::Arc, time::Duration};

/// A refresh that read the session just before it ended may issue its access token a moment later, and the clocks of
/// several nodes differ.
const MARGIN: Duration = Duration::from_mins(1);

/// Tells the other nodes what is denied, at once and without being waited for.
pub trait Herald: Send + Sync {
    /// Tells them.
    fn announce(&self, denials: &[Denial], now: Timestamp);
}

/// What becomes of access tokens while this node cannot know what the others revoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhenBlind {
    /// They are refused.
    Refuse,
    /// They are accepted; a revocation comes with the store's denials.
    Allow,
}

/// Makes denials that outlive every access token they refuse, and puts them in force.
pub struct Revocation {
    /// What is in force in this process.
    pub denylist: Arc<Denylist>,
    /// The longest that an access token lives.
    pub access_token_life: Duration,
    /// Who tells the other nodes, where there are any.
    pub herald: Option<Arc<dyn Herald>>,
    /// What to do when they cannot be heard.
    pub when_blind: WhenBlind,
}

impl Revocation {
    /// Refuses the access tokens of a session.
    pub fn of_session(&self, id: SessionId, now: Timestamp) -> Denial {
        Denial { subject: Denied::Session(id), expires_at: self.until(now) }
    }

    /// Refuses the access tokens of an account that were issued until now, be it by a clock that is ahead.
    pub fn of_user(&self, id: UserId, now: Timestamp) -> Denial {
        Denial { subject: Denied::User(id, now + MARGIN), expires_at: self.until(now) }
    }

    /// Ends sessions at the moment of the event.
    pub fn ending(&self, reason: EndReason, event: SecurityEvent) -> Ending {
        Ending { reason, denied_until: self.until(event.at), event }
    }

    /// Puts denials in force that the store has written, here and on the other nodes.
    pub fn enforce(&self, denials: &[Denial], now: Timestamp) {
        self.denylist.add(denials, now);
        if let Some(herald) = &self.herald {
            herald.announce(denials, now);
        }
    }

    /// Whether access tokens are refused because this node cannot know which ones are revoked.
    pub fn refuses_all(&self) -> bool {
        self.when_blind == WhenBlind::Refuse && self.denylist.is_blind()
    }

    /// Lets nothing pass that could have been revoked elsewhere.
    ///
    /// # Errors
    /// [`Error::Blind`].
    pub fn require_sight(&self) -> Result<(), Error> {
        if self.refuses_all() { Err(Error::Blind) } else { Ok(()) }
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        now + self.access_token_life + MARGIN
    }
}
