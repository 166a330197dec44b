use super::{ALICE, BOB, begin, denial, event, id, places, with_accounts};
use crate::support::{START, minutes, secs};
use counterfoil::{
    server::{
        auth::denylist::{Denial, Denied},
        id::TokenId,
        store::Store,
    },
    shared::{EndReason, EventKind},
};
use std::{collections::HashSet, sync::Arc};

/// Writes denials, by the end of a session that may not even exist.
async fn write(store: &Arc<dyn Store>, denials: &[Denial]) {
    let event = event(1, EventKind::SignedOut, START);
    store.end_session(id(1), EndReason::SignedOut, denials, &event, START).await.unwrap();
}

#[tokio::test]
async fn denials_of_every_kind_are_read_back() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let expires_at = START + minutes(15);
        let subjects =
            [Denied::Token(TokenId::from_bytes([1; 16])), Denied::Session(id(1)), Denied::User(ALICE, START - secs(1))];
        let denials = subjects.map(|subject| Denial { subject, expires_at });
        write(&store, &denials).await;
        let read: HashSet<_> = store.denials(START).await.unwrap().into_iter().map(|denial| denial.subject).collect();
        assert_eq!(read, subjects.into());
    }
}

#[tokio::test]
async fn the_later_expiry_wins_in_either_order() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let (sooner, later) = (START + minutes(5), START + minutes(15));
        for order in [[sooner, later], [later, sooner]] {
            write(&store, &[denial(1, order[0])]).await;
            write(&store, &[denial(1, order[1])]).await;
            assert_eq!(store.denials(START).await.unwrap(), [denial(1, later)]);
        }
    }
}

#[tokio::test]
async fn the_later_not_before_wins_in_either_order() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let user =
            |seconds| Denial { subject: Denied::User(ALICE, START + secs(seconds)), expires_at: START + minutes(15) };
        write(&store, &[user(5)]).await;
        write(&store, &[user(9), user(7)]).await;
        assert_eq!(store.denials(START).await.unwrap(), [user(9)]);
    }
}

#[tokio::test]
async fn expired_denials_are_not_read() {
    for place in places().await {
        let store = with_accounts(&place).await;
        write(&store, &[denial(1, START + secs(10)), denial(2, START + secs(20))]).await;
        assert_eq!(store.denials(START + secs(10)).await.unwrap(), [denial(2, START + secs(20))]);
        assert_eq!(store.denials(START + secs(20)).await.unwrap(), []);
    }
}

#[tokio::test]
async fn events_are_read_newest_first_with_a_bound_and_for_their_account_alone() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        begin(&store, 2, BOB).await;
        let reused = event(1, EventKind::RefreshTokenReused, START + minutes(1));
        store.end_session(id(1), EndReason::RefreshTokenReused, &[], &reused, START + minutes(1)).await.unwrap();
        let events = store.events(Some(ALICE), 10).await.unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(events[0], reused);
        assert_eq!((events[1].kind, events[1].session_id), (EventKind::SignedIn, Some(id(1))));
        assert_eq!((&*events[1].client.user_agent, &*events[1].client.ip), ("a browser", "192.0.2.1"));
        assert_eq!(store.events(Some(ALICE), 1).await.unwrap(), [reused]);
        assert_eq!(store.events(Some(BOB), 10).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_crash() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        write(&store, &[denial(1, START + minutes(15))]).await;
        // Never closed: as after a crash.
        let reopened = place.open().await;
        assert_eq!(reopened.accounts().await.unwrap().len(), 2);
        assert_eq!(super::session(&reopened, 1).await.ended, Some((START, EndReason::SignedOut)));
        assert_eq!(reopened.denials(START).await.unwrap(), [denial(1, START + minutes(15))]);
        drop(store);
    }
}

#[tokio::test]
async fn a_store_is_ready_until_it_is_closed() {
    for place in places().await {
        let store = with_accounts(&place).await;
        store.ready().await.unwrap();
        store.close().await;
        assert!(store.ready().await.is_err());
        assert!(store.accounts().await.is_err());
    }
}
