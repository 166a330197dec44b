//! The rotation protocol: what to do with a presented refresh token (DESIGN section 3).

use super::refresh_token::{Lineage, RefreshTokenHash};
use crate::{
    server::{
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::EndReason,
};
use std::time::Duration;

/// The most generations that one session may replace within the grace period; more wait for it to pass.
pub const MAX_SUPERSEDED: usize = 128;

/// A session: everything that grew from one sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// How many times it has rotated.
    pub generation: u32,
    /// The hash of its current refresh token.
    pub token_hash: RefreshTokenHash,
    /// When the current refresh token was issued.
    pub rotated_at: Timestamp,
    /// Whether an access token of the current generation has been used.
    pub proven: bool,
    /// The generations replaced, or recovered after a lost reply, of which the grace period may not have passed.
    pub superseded: Vec<Superseded>,
    /// When it began.
    pub created_at: Timestamp,
    /// When its user last gave the password.
    pub authenticated_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// When and why it was ended, if it was.
    pub ended: Option<(Timestamp, EndReason)>,
}

/// A generation that has been replaced, or presented again after its successor was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Superseded {
    /// Which.
    pub generation: u32,
    /// When.
    pub at: Timestamp,
}

/// A presented token, as far as the decision is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Its generation.
    pub generation: u32,
    /// How it relates to the session's current token.
    pub lineage: Lineage,
}

/// The times that the protocol turns on.
#[derive(Clone, Copy, Debug)]
pub struct RotationPolicy {
    /// How long a replaced token may be presented again; 10 s.
    pub grace: Duration,
    /// How long the parent may be presented while its successor is unproven; without a bound where this server
    /// sees every use of every access token.
    pub unproven_cap: Option<Duration>,
    /// How long a session lives without a refresh.
    pub idle: Duration,
}

/// What to do with a presented refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Replace it by its successor.
    Rotate,
    /// The store is behind: take its generation for the current one, then rotate.
    Adopt,
    /// Answer with the current token again.
    Repeat,
    /// The same, after a reply that must have been lost: the grace period of the presented token begins anew, for
    /// other tabs hold it too.
    Recover,
    /// Somebody replays it: end the session.
    Reuse,
    /// The session is over.
    Ended(EndReason),
    /// Not a token of this session.
    Invalid,
    /// The session rotates faster than any browser does: refuse until the grace period has passed.
    TooFast,
}

/// Decides what a presented refresh token gets. Pure: the same arguments always give the same outcome.
///
/// The scenarios, each with a test of its name below:
///
/// - `a_refresh_rotates`: the current token is replaced.
/// - `two_tabs_refresh_at_once`: both present R1. The first gets R2; the second, at most 10 s later, gets R2 too.
/// - `a_slow_tab_is_two_generations_behind`: R1 comes when R3 is current, R1 having been replaced at most 10 s ago.
/// - `a_reply_is_lost`: R2 never arrived, so nobody used its access token; R1 is good until the cap, for any length
///   of time where this server sees every use.
/// - `a_reply_is_lost_and_two_tabs_come_back`: both hold R1. The first gets R2 and uses its access token; the second
///   comes a moment later and is not taken for a thief, since the grace period began anew with the first.
/// - `a_thief_replays_after_the_owner_went_on`: the successor is proven used and the window has passed: reuse.
/// - `a_thief_rotates_and_the_owner_comes_back`: the owner holds the parent of a proven token: reuse.
/// - `an_old_generation_is_replayed`: older than the parent and outside the window, proven or not: reuse.
/// - `a_forger_cannot_end_a_session`: a secret that does not meet the hash changes nothing.
/// - `an_ended_session_says_why`: only to the holder of an authentic token.
/// - `a_restored_backup_is_behind`: the token is of a later generation than the store knows: adopt it.
/// - `a_clock_stepped_back_signs_nobody_out`: a negative age counts as none.
/// - `a_storm_of_rotations_is_slowed_not_punished`: the list of replaced generations has a bound.
// region: rotation
pub fn decide(session: &Session, presented: Presented, policy: &RotationPolicy, now: Timestamp) -> Outcome {
    if presented.lineage == Lineage::Foreign {
        return Outcome::Invalid;
    }
    if let Some(reason) = session.end_reason(now) {
        return Outcome::Ended(reason);
    }
    match presented.lineage {
        Lineage::Foreign => Outcome::Invalid,
        Lineage::Current | Lineage::Ahead
            if session.recently_superseded(policy.grace, now).count() >= MAX_SUPERSEDED =>
        {
            Outcome::TooFast
        }
        Lineage::Current => Outcome::Rotate,
        Lineage::Ahead => Outcome::Adopt,
        Lineage::Ancestor => {
            let recent = session.recently_superseded(policy.grace, now).find(|s| s.generation == presented.generation);
            let is_fresh = recent.is_some_and(|superseded| now.since(superseded.at) <= policy.grace / 2);
            let is_parent = presented.generation.checked_add(1) == Some(session.generation);
            let cap_passed = policy.unproven_cap.is_some_and(|cap| now.since(session.rotated_at) > cap);
            if is_parent && !session.proven && !cap_passed && !is_fresh {
                Outcome::Recover
            } else if recent.is_some() {
                Outcome::Repeat
            } else {
                Outcome::Reuse
            }
        }
    }
}
// endregion

impl Session {
    /// Why the session is over, if it is.
    pub fn end_reason(&self, now: Timestamp) -> Option<EndReason> {
        match self.ended {
            Some((_, reason)) => Some(reason),
            None if now >= self.absolute_expires_at => Some(EndReason::Absolute),
            None if now >= self.idle_expires_at => Some(EndReason::Idle),
            None => None,
        }
    }

    /// The session after `generation`, current or adopted, was replaced by its successor.
    #[must_use]
    pub fn rotated(
        &self,
        generation: u32,
        successor: RefreshTokenHash,
        policy: &RotationPolicy,
        now: Timestamp,
    ) -> Self {
        Self {
            generation: generation.saturating_add(1),
            token_hash: successor,
            rotated_at: now,
            proven: false,
            idle_expires_at: now + policy.idle,
            ..self.with_grace(generation, policy, now)
        }
    }

    /// The session with a grace period for `generation` that begins now.
    #[must_use]
    pub fn with_grace(&self, generation: u32, policy: &RotationPolicy, now: Timestamp) -> Self {
        let others = self.recently_superseded(policy.grace, now).filter(|s| s.generation != generation);
        let mut superseded: Vec<_> = others.collect();
        superseded.push(Superseded { generation, at: now });
        Self { superseded, ..self.clone() }
    }

    fn recently_superseded(&self, grace: Duration, now: Timestamp) -> impl Iterator<Item = Superseded> {
        self.superseded.iter().copied().filter(move |superseded| now.since(superseded.at) <= grace)
    }
}

#[cfg(test)]
mod tests;
