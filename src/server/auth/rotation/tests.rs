use super::{MAX_SUPERSEDED, Outcome, Presented, RotationPolicy, Session, decide};
use crate::{
    server::{
        auth::refresh_token::{Lineage, RefreshTokenHash},
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::EndReason,
};
use std::time::Duration;

const START: Timestamp = Timestamp::from_secs(1_800_000_000);
const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(10), unproven_cap: None, idle: Duration::from_hours(7 * 24) };
const CAPPED: RotationPolicy = RotationPolicy { unproven_cap: Some(Duration::from_mins(10)), ..POLICY };

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A session that has just begun.
fn fresh() -> Session {
    Session {
        id: SessionId::from_bytes([1; 16]),
        user_id: UserId::from_bytes([2; 16]),
        generation: 0,
        token_hash: RefreshTokenHash::from_bytes([0; 32]),
        rotated_at: START,
        proven: false,
        superseded: Vec::new(),
        created_at: START,
        authenticated_at: START,
        idle_expires_at: START + POLICY.idle,
        absolute_expires_at: START + secs(30 * 24 * 3600),
        ended: None,
    }
}

/// The session after rotations at these seconds.
fn rotated_at(seconds: &[u64]) -> Session {
    seconds.iter().fold(fresh(), |session, at| {
        session.rotated(session.generation, session.token_hash, &POLICY, START + secs(*at))
    })
}

fn proven(session: Session) -> Session {
    Session { proven: true, ..session }
}

fn present(session: &Session, generation: u32, policy: &RotationPolicy, at: u64) -> Outcome {
    let lineage = match generation.cmp(&session.generation) {
        std::cmp::Ordering::Less => Lineage::Ancestor,
        std::cmp::Ordering::Equal => Lineage::Current,
        std::cmp::Ordering::Greater => Lineage::Ahead,
    };
    decide(session, Presented { generation, lineage }, policy, START + secs(at))
}

#[test]
fn a_refresh_rotates() {
    assert_eq!(present(&fresh(), 0, &POLICY, 60), Outcome::Rotate);
    let next = rotated_at(&[60]);
    assert_eq!((next.generation, next.proven, next.idle_expires_at), (1, false, START + secs(60) + POLICY.idle));
    assert_eq!(present(&proven(next), 1, &POLICY, 61), Outcome::Rotate);
}

#[test]
fn two_tabs_refresh_at_once() {
    let session = proven(rotated_at(&[60]));
    assert_eq!(present(&session, 0, &POLICY, 60), Outcome::Repeat);
    assert_eq!(present(&session, 0, &POLICY, 70), Outcome::Repeat);
    assert_eq!(present(&session, 0, &POLICY, 71), Outcome::Reuse);
}

#[test]
fn a_slow_tab_is_two_generations_behind() {
    let session = proven(rotated_at(&[60, 65]));
    assert_eq!(present(&session, 0, &POLICY, 70), Outcome::Repeat);
    assert_eq!(present(&session, 0, &POLICY, 71), Outcome::Reuse);
    assert_eq!(present(&session, 1, &POLICY, 75), Outcome::Repeat);
}

#[test]
fn a_reply_is_lost() {
    let session = rotated_at(&[60]);
    assert_eq!(present(&session, 0, &POLICY, 6 * 24 * 3600), Outcome::Recover);
    assert_eq!(present(&session, 0, &CAPPED, 60 + 600), Outcome::Recover);
    assert_eq!(present(&session, 0, &CAPPED, 60 + 601), Outcome::Reuse);
}

#[test]
fn a_reply_is_lost_and_two_tabs_come_back() {
    let lost = rotated_at(&[60]);
    assert_eq!(present(&lost, 0, &POLICY, 3600), Outcome::Recover);
    let recovered = proven(lost.with_grace(0, &POLICY, START + secs(3600)));
    assert_eq!((recovered.generation, recovered.token_hash), (lost.generation, lost.token_hash));
    assert_eq!(recovered.superseded.len(), 1);
    let late_in_the_window = rotated_at(&[60]);
    assert_eq!(present(&late_in_the_window, 0, &POLICY, 65), Outcome::Repeat);
    assert_eq!(present(&late_in_the_window, 0, &POLICY, 66), Outcome::Recover);
    assert_eq!(present(&recovered, 0, &POLICY, 3610), Outcome::Repeat);
    assert_eq!(present(&recovered, 0, &POLICY, 3611), Outcome::Reuse);
}

#[test]
fn a_thief_replays_after_the_owner_went_on() {
    assert_eq!(present(&proven(rotated_at(&[60])), 0, &POLICY, 3600), Outcome::Reuse);
}

#[test]
fn a_thief_rotates_and_the_owner_comes_back() {
    let stolen_then_used = proven(rotated_at(&[60, 900]));
    assert_eq!(present(&stolen_then_used, 1, &POLICY, 1800), Outcome::Reuse);
}

#[test]
fn an_old_generation_is_replayed() {
    let unproven = rotated_at(&[60, 900]);
    assert_eq!(present(&unproven, 0, &POLICY, 905), Outcome::Reuse);
    assert_eq!(present(&unproven, 1, &POLICY, 3600), Outcome::Recover);
}

#[test]
fn a_forger_cannot_end_a_session() {
    let foreign = Presented { generation: 0, lineage: Lineage::Foreign };
    let ended = Session { ended: Some((START, EndReason::SignedOut)), ..fresh() };
    for session in [fresh(), proven(rotated_at(&[60])), ended] {
        assert_eq!(decide(&session, foreign, &POLICY, START + secs(3600)), Outcome::Invalid);
    }
}

#[test]
fn an_ended_session_says_why() {
    let ended = Session { ended: Some((START, EndReason::Replaced)), ..rotated_at(&[60]) };
    for generation in 0..=2 {
        assert_eq!(present(&ended, generation, &POLICY, 61), Outcome::Ended(EndReason::Replaced));
    }
    let day = 24 * 3600;
    assert_eq!(present(&fresh(), 0, &POLICY, 7 * day - 1), Outcome::Rotate);
    assert_eq!(present(&fresh(), 0, &POLICY, 7 * day), Outcome::Ended(EndReason::Idle));
    let lively = rotated_at(&[6 * day, 12 * day, 18 * day, 24 * day, 29 * day]);
    assert_eq!(present(&lively, 5, &POLICY, 30 * day), Outcome::Ended(EndReason::Absolute));
}

#[test]
fn a_restored_backup_is_behind() {
    let session = rotated_at(&[60]);
    assert_eq!(present(&session, 4, &POLICY, 3600), Outcome::Adopt);
    let adopted = session.rotated(4, session.token_hash, &POLICY, START + secs(3600));
    assert_eq!(adopted.generation, 5);
    assert_eq!(present(&proven(adopted), 4, &POLICY, 3605), Outcome::Repeat);
}

#[test]
fn a_clock_stepped_back_signs_nobody_out() {
    let session = proven(rotated_at(&[3600]));
    assert_eq!(present(&session, 0, &POLICY, 0), Outcome::Repeat);
    assert_eq!(present(&session, 1, &POLICY, 0), Outcome::Rotate);
}

#[test]
fn a_storm_of_rotations_is_slowed_not_punished() {
    let storm = rotated_at(&[60; MAX_SUPERSEDED]);
    let current = storm.generation;
    assert_eq!(present(&storm, current, &POLICY, 60), Outcome::TooFast);
    assert_eq!(present(&storm, current + 1, &POLICY, 60), Outcome::TooFast);
    assert_eq!(present(&storm, 0, &POLICY, 60), Outcome::Repeat);
    assert_eq!(present(&storm, current, &POLICY, 71), Outcome::Rotate);
    let after = storm.rotated(current, storm.token_hash, &POLICY, START + secs(71));
    assert_eq!(after.superseded.len(), 1);
}
