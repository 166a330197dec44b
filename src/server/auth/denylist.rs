//! The denylist: access tokens that are refused before they expire (DESIGN section 4).

use super::access_token::Claims;
use crate::server::{
    clock::Timestamp,
    id::{SessionId, TokenId, UserId},
};
use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// Refuses access tokens until the last of them has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Which tokens.
    pub subject: Denied,
    /// When the last of them expires, and the denial with it.
    pub expires_at: Timestamp,
}

/// Which access tokens a denial refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denied {
    /// The one with this `jti`.
    Token(TokenId),
    /// All with this `sid`.
    Session(SessionId),
    /// All with this `sub` that were issued before this moment, or later in the same second: `iat` cannot tell.
    User(UserId, Timestamp),
}

/// The denials that are in force, in this process's memory: a look-up costs no I/O.
#[derive(Default)]
pub struct Denylist {
    entries: RwLock<Entries>,
    is_blind: AtomicBool,
}

#[derive(Default)]
struct Entries {
    tokens: HashMap<TokenId, Timestamp>,
    sessions: HashMap<SessionId, Timestamp>,
    /// Not-before and expiry.
    users: HashMap<UserId, (Timestamp, Timestamp)>,
    /// The number of entries at which expired ones are looked for next, so that adding stays cheap.
    prune_at: usize,
}

/// The fewest entries worth looking through for expired ones.
const PRUNE_MIN: usize = 1024;

impl Denylist {
    /// Puts denials in force.
    pub fn add(&self, denials: &[Denial], now: Timestamp) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        for denial in denials {
            entries.insert(*denial);
        }
        if entries.len() >= entries.prune_at {
            entries.retain_live(now);
            entries.prune_at = (entries.len() * 2).max(PRUNE_MIN);
        }
    }

    /// Forgets the denials that have expired.
    pub fn prune(&self, now: Timestamp) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).retain_live(now);
    }

    // region: denylist
    /// Whether a token with these claims is refused.
    pub fn denies(&self, claims: &Claims) -> bool {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.tokens.contains_key(&claims.token_id)
            || entries.sessions.contains_key(&claims.session_id)
            || entries
                .users
                .get(&claims.user_id)
                .is_some_and(|(not_before, _)| claims.issued_at.as_secs() <= not_before.as_secs())
    }
    // endregion

    /// Whether other nodes may have denied what is not here.
    pub fn is_blind(&self) -> bool {
        self.is_blind.load(Ordering::Relaxed)
    }

    /// Says whether they may have.
    pub fn set_blind(&self, is_blind: bool) {
        self.is_blind.store(is_blind, Ordering::Relaxed);
    }

    /// How many denials are in memory.
    pub fn len(&self) -> usize {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing is denied.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Entries {
    fn insert(&mut self, denial: Denial) {
        let later = |old: &mut Timestamp| *old = (*old).max(denial.expires_at);
        match denial.subject {
            Denied::Token(id) => later(self.tokens.entry(id).or_insert(denial.expires_at)),
            Denied::Session(id) => later(self.sessions.entry(id).or_insert(denial.expires_at)),
            Denied::User(id, not_before) => {
                let entry = self.users.entry(id).or_insert((not_before, denial.expires_at));
                *entry = (entry.0.max(not_before), entry.1.max(denial.expires_at));
            }
        }
    }

    fn len(&self) -> usize {
        self.tokens.len() + self.sessions.len() + self.users.len()
    }

    fn retain_live(&mut self, now: Timestamp) {
        self.tokens.retain(|_, expires_at| *expires_at > now);
        self.sessions.retain(|_, expires_at| *expires_at > now);
        self.users.retain(|_, (_, expires_at)| *expires_at > now);
    }
}

#[cfg(test)]
mod tests {
    use super::{Denial, Denied, Denylist, PRUNE_MIN};
    use crate::server::{
        auth::access_token::Claims,
        clock::Timestamp,
        id::{SessionId, TokenId, UserId},
    };
    use crate::shared::Role;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn claims() -> Claims {
        Claims {
            user_id: UserId::from_bytes([1; 16]),
            session_id: SessionId::from_bytes([2; 16]),
            generation: 0,
            token_id: TokenId::from_bytes([3; 16]),
            role: Role::User,
            issued_at: NOW,
            expires_at: NOW + Duration::from_mins(15),
        }
    }

    fn deny(list: &Denylist, subject: Denied) {
        list.add(&[Denial { subject, expires_at: NOW + Duration::from_mins(15) }], NOW);
    }

    #[test]
    fn each_kind_denies_its_own_tokens_and_no_others() {
        let claims = claims();
        let others = [
            Denied::Token(TokenId::from_bytes([9; 16])),
            Denied::Session(SessionId::from_bytes([9; 16])),
            Denied::User(UserId::from_bytes([9; 16]), NOW),
            Denied::User(claims.user_id, NOW - Duration::from_millis(1)),
        ];
        let own = [
            Denied::Token(claims.token_id),
            Denied::Session(claims.session_id),
            Denied::User(claims.user_id, NOW + Duration::from_millis(400)),
        ];
        for subject in others {
            let list = Denylist::default();
            deny(&list, subject);
            assert!(!list.denies(&claims), "{subject:?}");
        }
        for subject in own {
            let list = Denylist::default();
            deny(&list, subject);
            assert!(list.denies(&claims), "{subject:?}");
        }
    }

    #[test]
    fn expired_denials_are_forgotten() {
        let list = Denylist::default();
        for number in 0..10 * PRUNE_MIN as u128 {
            let now = NOW + Duration::from_secs(u64::try_from(number).unwrap());
            let subject = Denied::Token(TokenId::from_bytes(number.to_be_bytes()));
            list.add(&[Denial { subject, expires_at: now + Duration::from_mins(15) }], now);
        }
        assert!(list.len() <= 2 * PRUNE_MIN, "{}", list.len());
    }
}
