//! Revocation: sessions end before their time, and their access tokens are refused at once (DESIGN section 4).

use super::denylist::{Denial, Denied, Denylist};
use crate::{
    server::{
        clock::Timestamp,
        id::{SessionId, UserId},
        store::model::{Ending, SecurityEvent},
    },
    shared::EndReason,
};
use std::{sync::Arc, time::Duration};

/// A refresh that read the session just before it ended may issue its access token a moment later.
const MARGIN: Duration = Duration::from_mins(1);

/// Makes denials that outlive every access token they refuse, and puts them in force.
pub struct Revocation {
    /// What is in force in this process.
    pub denylist: Arc<Denylist>,
    /// The longest that an access token lives.
    pub access_token_life: Duration,
}

impl Revocation {
    /// Refuses the access tokens of a session.
    pub fn of_session(&self, id: SessionId, now: Timestamp) -> Denial {
        Denial { subject: Denied::Session(id), expires_at: self.until(now) }
    }

    /// Refuses the access tokens of an account that were issued until now.
    pub fn of_user(&self, id: UserId, now: Timestamp) -> Denial {
        Denial { subject: Denied::User(id, now), expires_at: self.until(now) }
    }

    /// Ends sessions at the moment of the event.
    pub fn ending(&self, reason: EndReason, event: SecurityEvent) -> Ending {
        Ending { reason, denied_until: self.until(event.at), event }
    }

    /// Puts denials in force that the store has written.
    pub fn enforce(&self, denials: &[Denial], now: Timestamp) {
        self.denylist.add(denials, now);
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        now + self.access_token_life + MARGIN
    }
}
