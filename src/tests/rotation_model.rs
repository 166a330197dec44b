//! The promises of the rotation protocol (DESIGN section 3), checked over all schedules with `stateright`.
//!
//! The rules are the product's: `rotation::decide` and `Session::rotated` decide every step. Around them the model has
//! the store's conditional update, the proof of use, one cookie jar with two tabs, a network that delays, reorders,
//! loses and repeats, a clock, and a thief. A tick stands for a quarter of the grace period.

#[expect(clippy::print_stdout, reason = "how much was explored is part of the result")]
mod exploration;
mod faithful;
mod schedules;
mod server;
mod shape;
mod sign_out;
mod steps;
mod stored;
mod world;

use exploration::{breaks, holds};
use schedules::{
    Browser,
    May::{Close, Copy, Lose, Restart, Restore, Steal, StepBack},
    Schedules,
};
use server::{GRACE, Rules};
use world::Breach;

/// The browser half gives nothing up, but for messages that are lost.
const NEVER: u32 = 100;
/// Two tabs without Web Locks; the slowest request and the slowest reply take half the grace period together.
const RACING: Schedules = Schedules {
    rules: Rules::Real,
    browser: Browser::Heals,
    tabs: 2,
    request: 1,
    reply: 1,
    patience: NEVER,
    pace: 3,
    may: &[],
};
/// Two tabs with Web Locks, and messages that take as long as the grace period.
const TAKING_TURNS: Schedules = Schedules { browser: Browser::TakesTurns, request: GRACE, reply: GRACE, ..RACING };
/// One tab and a thief.
const ROBBED: Schedules = Schedules { tabs: 1, may: &[Steal], ..RACING };
/// The same without delays: whoever replays may take his time before.
const ROBBED_FAST: Schedules = Schedules { request: 0, reply: 0, pace: 1, ..ROBBED };

#[test]
fn promise_1_nobody_is_signed_out_by_racing_tabs() {
    for (request, reply) in [(1, 1), (0, 2), (2, 0)] {
        holds("racing tabs", &Schedules { request, reply, ..RACING });
    }
    holds("racing tabs, many rotations", &Schedules { pace: 5, ..RACING });
    holds("racing tabs, copied requests", &Schedules { may: &[Copy], ..RACING });
    holds("racing tabs, restarts, clock steps", &Schedules { may: &[Restart, StepBack], pace: 2, ..RACING });
}

#[test]
fn promise_1_nobody_is_signed_out_by_tabs_that_take_turns() {
    holds("taking turns, losses", &Schedules { may: &[Lose], ..TAKING_TURNS });
    holds("taking turns, restarts, clock steps", &Schedules { may: &[Lose, Restart, StepBack], ..TAKING_TURNS });
    holds("taking turns, restored backups", &Schedules { may: &[Lose, Restore], ..TAKING_TURNS });
}

/// Why a recovery opens the grace period anew: after a lost reply two tabs send the parent. One of them gets the current
/// token and uses it; the other one's request comes a moment later.
#[test]
fn two_requests_after_a_lost_reply_sign_nobody_out() {
    let schedules = Schedules { browser: Browser::KeepsNewest, may: &[Lose], ..RACING };
    holds("two requests after a lost reply", &schedules);
    assert_owner_is_refused("no recovery", &Schedules { rules: Rules::ForgetRecoveries, ..schedules });
}

/// Why a tab that gets an outdated reply refreshes again at once.
#[test]
fn without_healing_a_late_reply_signs_the_owner_out() {
    let late = Schedules { browser: Browser::DoesNotHeal, request: 0, ..RACING };
    assert_owner_is_refused("no healing", &late);
    holds("healing", &Schedules { browser: Browser::Heals, ..late });
}

// What promise 1 does not cover. When one of these holds one day, it belongs above.

/// While one tab heals the jar, the other one still sends what is in it.
#[test]
fn gap_healing_is_too_slow_when_requests_and_replies_share_more_than_half_the_grace_period() {
    for (request, reply) in [(1, 2), (0, 3), (3, 0), (2, 2)] {
        assert_owner_is_refused("slow healing", &Schedules { request, reply, ..RACING });
    }
    // Where a late reply could not set the jar back, requests and replies might share the grace period.
    for (request, reply) in [(2, 2), (0, 4), (4, 0)] {
        holds("a jar that keeps the newest", &Schedules { browser: Browser::KeepsNewest, request, reply, ..RACING });
    }
}

/// The slowest request and the slowest reply may be of different exchanges, so giving each exchange up after half the
/// grace period does not help; a third of it would.
#[test]
fn gap_healing_is_too_slow_when_an_exchange_may_take_half_the_grace_period() {
    let giving_up_after = |patience| Schedules { request: patience, reply: patience, patience, ..RACING };
    holds("giving up after a quarter", &giving_up_after(1));
    assert_owner_is_refused("giving up after half", &giving_up_after(2));
}

/// A late reply sets the jar back, and what would heal it is lost until the grace period has passed.
#[test]
fn gap_healing_is_lost_as_well() {
    assert_owner_is_refused("healing lost", &Schedules { request: 0, may: &[Lose], ..RACING });
}

/// The browser takes the cookie of a late reply over, but the page that would heal the jar is gone.
#[test]
fn gap_a_late_reply_to_a_page_that_is_gone() {
    assert_owner_is_refused("a page that is gone", &Schedules { tabs: 1, may: &[Close], ..RACING });
}

/// The row that comes back knows nothing of the generations in between.
#[test]
fn gap_a_backup_restored_while_a_slow_request_is_under_way() {
    assert_owner_is_refused("a restored backup", &Schedules { may: &[Restore], ..RACING });
}

#[test]
fn promise_2_a_replay_after_the_window_ends_the_session() {
    holds("a thief, losses, restarts", &Schedules { may: &[Steal, Lose, Restart], ..ROBBED_FAST });
    holds("a thief and slow exchanges", &Schedules { pace: 2, ..ROBBED });
    holds("a thief and two tabs", &Schedules { tabs: 2, ..ROBBED_FAST });
    holds("a thief, losses, clock steps", &Schedules { may: &[Steal, Lose, StepBack], ..ROBBED_FAST });
    holds("a thief, restored backups", &Schedules { may: &[Steal, Restore], ..ROBBED_FAST });
}

#[test]
fn every_rule_is_needed() {
    let thief = |rules| breaks("a rule less", &Schedules { rules, ..ROBBED });
    assert_eq!(thief(Rules::RepeatEveryAncestor), Breach::ReplayGotToken);
    assert_eq!(thief(Rules::NoProof), Breach::ReplayGotToken);
    assert_owner_is_refused("no grace", &Schedules { rules: Rules::NoGrace, ..RACING });
    let lossy = Schedules { rules: Rules::DistrustLostReplies, tabs: 1, may: &[Lose], ..RACING };
    assert_owner_is_refused("no trust in lost replies", &lossy);
}

#[track_caller]
fn assert_owner_is_refused(what: &str, schedules: &Schedules) {
    let breach = breaks(what, schedules);
    assert!(matches!(breach, Breach::OwnerRefused(_)), "{what}: {breach:?}");
}
