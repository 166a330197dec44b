use super::{ALICE, begin, denial, event, id, new_session, places, with_accounts};
use crate::support::{START, days, minutes};
use counterfoil::{
    server::{
        clock::Timestamp,
        store::{
            Store,
            model::{NewSession, Pruned, Useless},
        },
    },
    shared::{EndReason, EventKind},
};
use std::sync::Arc;

const PLENTY: u32 = 1000;

/// Everything that may go at this moment, kept for no longer than it must be.
fn useless(now: Timestamp) -> Useless {
    Useless { now, sessions_over_since: now, events_since: START - days(1) }
}

async fn ended(store: &Arc<dyn Store>, byte: u8, at: Timestamp) {
    let event = event(byte, EventKind::SignedOut, at);
    assert!(store.end_session(id(byte), EndReason::SignedOut, &[], &event, at).await.unwrap());
}

async fn sessions(store: &Arc<dyn Store>) -> usize {
    store.sessions(&[id(1), id(2), id(3)]).await.unwrap().len()
}

#[tokio::test]
async fn expired_denials_go_and_those_in_force_stay() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let (sooner, later) = (denial(1, START + minutes(5)), denial(2, START + minutes(15)));
        store.begin_session(&new_session(3, ALICE), &[sooner, later], START).await.unwrap();
        let pruned = store.prune(&useless(START + minutes(5)), PLENTY).await.unwrap();
        assert_eq!(pruned, Pruned { denials: 1, ..Pruned::default() });
        assert_eq!(store.denials(START).await.unwrap(), [later]);
    }
}

#[tokio::test]
async fn a_session_that_ended_stays_until_its_absolute_end_so_that_reuse_is_still_seen() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        ended(&store, 1, START + minutes(1)).await;
        let absolute = new_session(1, ALICE).absolute_expires_at;
        store.prune(&useless(absolute - minutes(1)), PLENTY).await.unwrap();
        assert_eq!(sessions(&store).await, 1);
        assert_eq!(store.prune(&useless(absolute), PLENTY).await.unwrap().sessions, 1);
        assert_eq!(sessions(&store).await, 0);
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_kept_for_the_time_asked_for() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for byte in [1, 2] {
            begin(&store, byte, ALICE).await;
        }
        ended(&store, 2, START + days(29)).await;
        let now = START + days(30);
        let of_idle_end = Useless { sessions_over_since: START + days(7), ..useless(now) };
        let before = Useless { sessions_over_since: START + days(7) - minutes(1), ..useless(now) };
        assert_eq!(store.prune(&before, PLENTY).await.unwrap().sessions, 0);
        assert_eq!(store.prune(&of_idle_end, PLENTY).await.unwrap().sessions, 1, "the one that ran out");
        assert_eq!(sessions(&store).await, 1);
        assert_eq!(store.prune(&useless(now), PLENTY).await.unwrap().sessions, 1, "the one that was ended");
    }
}

#[tokio::test]
async fn live_sessions_stay() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let long = NewSession { absolute_expires_at: START + days(365), ..new_session(1, ALICE) };
        let long = NewSession { idle_expires_at: START + days(365), ..long };
        store.begin_session(&long, &[], START).await.unwrap();
        assert_eq!(store.prune(&useless(START + days(364)), PLENTY).await.unwrap().sessions, 0);
    }
}

#[tokio::test]
async fn old_events_go() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for at in [START, START + days(1)] {
            store.record(&event(1, EventKind::SignedIn, at)).await.unwrap();
        }
        let useless = Useless { events_since: START, ..useless(START) };
        assert_eq!(store.prune(&useless, PLENTY).await.unwrap(), Pruned { events: 1, ..Pruned::default() });
        let events = store.events(Some(ALICE), 9).await.unwrap();
        assert_eq!(events.into_iter().map(|event| event.at).collect::<Vec<_>>(), [START + days(1)]);
    }
}

#[tokio::test]
async fn no_more_is_deleted_in_one_go_than_was_asked_for() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for byte in 1..=3 {
            begin(&store, byte, ALICE).await;
            store.begin_session(&new_session(byte + 10, ALICE), &[denial(byte, START)], START).await.unwrap();
        }
        let useless = Useless { events_since: START, ..useless(START + days(30)) };
        let pruned = store.prune(&useless, 2).await.unwrap();
        assert_eq!(pruned, Pruned { denials: 2, sessions: 2, events: 2 });
    }
}
