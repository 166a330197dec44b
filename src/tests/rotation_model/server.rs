//! The server: one session's row, what is remembered of uses, and what `Sessions::try_refresh` does with a token.
//!
//! A token is its generation here. That loses nothing: a successor is derived and not drawn, so a session has exactly
//! one token of each generation, and how it relates to the row follows from the two generations
//! (`lineage_follows_from_the_generations` holds that against the real keys). A token that no key made is `Foreign`
//! and changes nothing; the tests beside `decide` say so.

use counterfoil::{
    server::{
        auth::{
            refresh_token::{Lineage, RefreshTokenHash},
            rotation::{self, Outcome, Presented, RotationPolicy, Session},
        },
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::EndReason,
};
use std::time::Duration;

/// A tick of the model's clock.
pub const TICK: Duration = Duration::from_secs(1);
/// The grace period, in ticks.
pub const GRACE: u32 = 4;
/// Never reached in the model: expiry has tests of its own.
const LIFE: Duration = Duration::from_secs(1_000_000);
/// Without a cap, as where this server sees every use of every access token.
const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(TICK.as_secs() * GRACE as u64), unproven_cap: None, idle: LIFE };

/// The product's rules, or others in the place of one, to see that a promise breaks without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    Real,
    /// Every ancestor gets the current token again, as where "the previous token is always allowed".
    RepeatEveryAncestor,
    /// A token is refused although nobody has used its successor.
    DistrustLostReplies,
    /// A lost reply is repeated, but opens no grace period for the other tabs.
    ForgetRecoveries,
    /// A replaced token is refused at once, unless its successor is unproven.
    NoGrace,
    /// Uses of access tokens go unnoticed.
    NoProof,
    /// A rotation is written whatever has become of the row since it was read.
    UnconditionalUpdate,
}

/// A session at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// What its clock shows.
    pub now: Timestamp,
    /// What the store holds.
    pub row: Session,
    /// The newest generation of which an access token was seen, in memory.
    pub seen: Option<u32>,
    /// The generation whose use is still to be written.
    pub queued: Option<u32>,
}

/// What the server does with a presented token.
pub enum Verdict {
    /// Write this row, if the stored one is still the one that was read.
    Write(Session),
    /// Answer with the token of this generation.
    Answer(u32),
    Refuse(Outcome),
}

/// Stands for the hash of the token of a generation.
pub fn hash(generation: u32) -> RefreshTokenHash {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&generation.to_be_bytes());
    RefreshTokenHash::from_bytes(bytes)
}

/// Stands for `RefreshKeys::lineage`.
pub fn lineage(presented: u32, current: u32, stored: &RefreshTokenHash) -> Lineage {
    if presented > current {
        Lineage::Ahead
    } else if *stored != hash(current) {
        Lineage::Foreign
    } else if presented == current {
        Lineage::Current
    } else {
        Lineage::Ancestor
    }
}

impl Server {
    /// A session that has just begun.
    pub fn begun() -> Self {
        let now = Timestamp::from_secs(1_800_000_000);
        let row = Session {
            id: SessionId::from_bytes([1; 16]),
            user_id: UserId::from_bytes([2; 16]),
            generation: 0,
            token_hash: hash(0),
            rotated_at: now,
            proven: false,
            superseded: Vec::new(),
            created_at: now,
            authenticated_at: now,
            idle_expires_at: now + LIFE,
            absolute_expires_at: now + LIFE,
            ended: None,
        };
        Self { now, row, seen: None, queued: None }
    }

    pub fn is_live(&self) -> bool {
        self.row.ended.is_none()
    }

    /// Whether an access token of the current generation counts as used, written down or not.
    pub fn is_proven(&self) -> bool {
        self.row.proven || self.seen.is_some_and(|seen| seen >= self.row.generation)
    }

    /// Whether the use of an access token of this generation would be news.
    pub fn would_learn(&self, generation: u32) -> bool {
        generation >= self.row.generation && self.seen.is_none_or(|seen| seen < generation)
    }

    /// Reads the row and decides. Ending the session needs no condition and is done at once.
    pub fn receive(&mut self, presented: u32, rules: Rules) -> Verdict {
        match self.decide(presented, rules) {
            Outcome::Rotate | Outcome::Adopt => {
                Verdict::Write(self.row.rotated(presented, hash(presented + 1), &POLICY, self.now))
            }
            Outcome::Repeat => Verdict::Answer(self.row.generation),
            // `Store::renew_grace` writes nothing else, so that its condition holds as soon as the row was read.
            Outcome::Recover => {
                self.row = self.row.with_grace(presented, &POLICY, self.now);
                Verdict::Answer(self.row.generation)
            }
            Outcome::Reuse => {
                self.end(EndReason::RefreshTokenReused);
                Verdict::Refuse(Outcome::Reuse)
            }
            refusal => Verdict::Refuse(refusal),
        }
    }

    fn decide(&self, presented: u32, rules: Rules) -> Outcome {
        let proven = self.is_proven() && rules != Rules::NoProof;
        let policy = match rules {
            // Nothing is as young as that.
            Rules::NoGrace => RotationPolicy { grace: Duration::ZERO, ..POLICY },
            _ => POLICY,
        };
        let session = Session { proven, ..self.row.clone() };
        let lineage = lineage(presented, session.generation, &session.token_hash);
        match rotation::decide(&session, Presented { generation: presented, lineage }, &policy, self.now) {
            Outcome::Reuse if rules == Rules::RepeatEveryAncestor => Outcome::Repeat,
            Outcome::Recover if rules == Rules::ForgetRecoveries => Outcome::Repeat,
            Outcome::Repeat | Outcome::Recover if rules == Rules::DistrustLostReplies && !proven => Outcome::Reuse,
            outcome => outcome,
        }
    }

    /// The conditional update of `Store::rotate`.
    pub fn write(&mut self, from: u32, rotated: &Session, rules: Rules) -> bool {
        let holds = self.is_live() && self.row.generation == from;
        let writes = holds || rules == Rules::UnconditionalUpdate;
        if writes {
            self.row = rotated.clone();
        }
        writes
    }

    pub fn end(&mut self, reason: EndReason) {
        if self.is_live() {
            self.row.ended = Some((self.now, reason));
        }
    }

    /// Takes note of a verified access token, as `ProofOfUse::observe` does.
    pub fn observe(&mut self, generation: u32) {
        if self.seen.is_none_or(|seen| seen < generation) {
            self.seen = Some(generation);
            self.queued = Some(generation);
        }
    }

    /// Writes the use that waits, as `Store::prove` does.
    pub fn write_proof(&mut self) {
        if self.queued.take() == Some(self.row.generation) {
            self.row.proven = true;
        }
    }

    /// Loses what is in memory.
    pub fn restart(&mut self) {
        self.seen = None;
        self.queued = None;
    }
}
