//! Units of work that meet: each sees all of another, or nothing.

use super::{ALICE, BOB, begin, denial, ending, event, id, new_session, places, with_accounts};
use crate::support::{START, minutes};
use counterfoil::{
    server::store::{StoreError, model::Which},
    shared::{EndReason, EventKind, Role},
};
use futures::future::join_all;
use tokio::join;

const ROUNDS: u8 = 20;

#[tokio::test]
async fn of_two_administrators_who_lose_their_role_at_once_one_stays() {
    let change = ending(EndReason::RoleChanged, EventKind::RoleChanged, START);
    for place in places().await {
        let store = with_accounts(&place).await;
        for _ in 0..ROUNDS {
            store.set_role(ALICE, Role::Admin, &change).await.unwrap();
            store.set_role(BOB, Role::Admin, &change).await.unwrap();
            let (alice, bob) =
                join!(store.set_role(ALICE, Role::User, &change), store.set_role(BOB, Role::User, &change));
            let refused = [&alice, &bob].into_iter().filter(|result| matches!(result, Err(StoreError::LastAdmin)));
            assert_eq!(refused.count(), 1, "{alice:?} {bob:?}");
        }
    }
}

#[tokio::test]
async fn no_session_begins_under_a_role_that_is_taken_away() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for round in 1..=ROUNDS {
            let role = if round % 2 == 0 { Role::User } else { Role::Admin };
            store
                .set_role(BOB, Role::Admin, &ending(EndReason::RoleChanged, EventKind::RoleChanged, START))
                .await
                .unwrap();
            let new = new_session(round, ALICE);
            let change = ending(EndReason::RoleChanged, EventKind::RoleChanged, START);
            let (began, changed) = join!(store.begin_session(&new, &[], START), store.set_role(ALICE, role, &change));
            let (began, denials) = (began.unwrap().unwrap(), changed.unwrap().unwrap());
            let (session, _) = store.sessions(&[new.id]).await.unwrap().pop().unwrap();
            if began.role == role {
                assert_eq!(session.ended, None);
            } else {
                assert!(session.ended.is_some() && denials.len() == 1, "{session:?}");
            }
            store.end_sessions(ALICE, Which::All, &change).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_storm_over_one_account_ends_with_every_unit_of_work_done() {
    let now = START + minutes(1);
    for place in places().await {
        let store = with_accounts(&place).await;
        for byte in 1..=ROUNDS {
            begin(&store, byte, ALICE).await;
        }
        let all = ending(EndReason::SignedOut, EventKind::SignedOut, now);
        join_all((1..=ROUNDS).map(|byte| {
            let (store, all) = (&store, &all);
            async move {
                let (new, old) = (new_session(100 + byte, ALICE), [denial(byte, now), denial(ROUNDS + 1 - byte, now)]);
                let signed_out = event(byte, EventKind::SignedOut, now);
                let (a, b, c) = join!(
                    store.end_session(id(byte), EndReason::SignedOut, &old, &signed_out, now),
                    store.begin_session(&new, &old, now),
                    store.end_sessions(ALICE, Which::AllBut(id(byte)), all),
                );
                (a.unwrap(), b.unwrap(), c.unwrap())
            }
        }))
        .await;
        store.end_sessions(ALICE, Which::All, &all).await.unwrap();
        let sessions = store.sessions_of(ALICE, 100).await.unwrap();
        assert_eq!(sessions.len(), 2 * usize::from(ROUNDS));
        assert!(sessions.iter().all(|session| session.ended.is_some()));
    }
}
