use super::{ALICE, BOB, begin, denial, ending, event, id, new_session, places, session, with_accounts};
use crate::support::{START, days, minutes, secs};
use counterfoil::{
    server::{
        auth::{
            refresh_token::RefreshTokenHash,
            rotation::{Session, Superseded},
        },
        id::UserId,
        store::model::{SecurityEvent, Which},
    },
    shared::{EndReason, EventKind},
};

/// The session a minute later, rotated once.
fn rotated(session: &Session) -> Session {
    let at = START + minutes(1);
    Session {
        generation: session.generation + 1,
        token_hash: RefreshTokenHash::from_bytes([0xee; 32]),
        rotated_at: at,
        proven: false,
        superseded: vec![Superseded { generation: session.generation, at }],
        idle_expires_at: at + days(7),
        ..session.clone()
    }
}

#[tokio::test]
async fn a_session_begins_live_and_unproven_at_generation_zero() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let new = new_session(1, ALICE);
        store.begin_session(&new, &[], START).await.unwrap();
        let (session, account) = store.sessions(&[id(1)]).await.unwrap().pop().unwrap();
        let expected = Session {
            id: id(1),
            user_id: ALICE,
            generation: 0,
            token_hash: new.token_hash,
            rotated_at: START,
            proven: false,
            superseded: Vec::new(),
            created_at: START,
            authenticated_at: START,
            idle_expires_at: new.idle_expires_at,
            absolute_expires_at: new.absolute_expires_at,
            ended: None,
        };
        assert_eq!(session, expected);
        assert_eq!(account.id, ALICE);
    }
}

#[tokio::test]
async fn sessions_are_found_by_their_ids_and_no_others() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for (byte, user) in [(1, ALICE), (2, BOB), (3, ALICE)] {
            begin(&store, byte, user).await;
        }
        let found = store.sessions(&[id(3), id(9), id(2)]).await.unwrap();
        let mut pairs: Vec<_> = found.iter().map(|(session, account)| (session.id, account.id)).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(id(2), BOB), (id(3), ALICE)]);
        assert!(store.sessions(&[]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_new_session_replaces_the_live_ones_of_its_list() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for byte in 1..=3 {
            begin(&store, byte, ALICE).await;
        }
        let now = START + minutes(1);
        store.end_session(id(2), EndReason::SignedOut, &[], &event(2, EventKind::SignedOut, now), now).await.unwrap();
        let replaces = [denial(1, now + minutes(15)), denial(2, now + minutes(15)), denial(9, now + minutes(15))];
        store.begin_session(&new_session(4, ALICE), &replaces, now + secs(1)).await.unwrap();
        assert_eq!(session(&store, 1).await.ended, Some((now + secs(1), EndReason::Replaced)));
        assert_eq!(session(&store, 2).await.ended, Some((now, EndReason::SignedOut)));
        assert_eq!(session(&store, 3).await.ended, None);
        assert_eq!(session(&store, 4).await.ended, None);
        assert_eq!(store.denials(now).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_session_that_cannot_begin_replaces_nothing() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        let nobody = new_session(2, UserId::from_bytes([9; 16]));
        let begun = store.begin_session(&nobody, &[denial(1, START + minutes(15))], START).await;
        assert_eq!(begun.unwrap(), None);
        assert_eq!(session(&store, 1).await.ended, None);
        assert!(store.denials(START).await.unwrap().is_empty());
        begin(&store, 3, ALICE).await;
    }
}

#[tokio::test]
async fn a_rotation_is_read_back_whole() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let next = rotated(&begin(&store, 1, ALICE).await);
        assert!(store.rotate(0, &next).await.unwrap());
        assert_eq!(session(&store, 1).await, next);
    }
}

#[tokio::test]
async fn a_rotation_from_another_generation_writes_nothing() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let first = begin(&store, 1, ALICE).await;
        let second = rotated(&first);
        assert!(!store.rotate(1, &second).await.unwrap());
        assert_eq!(session(&store, 1).await, first);
        assert!(store.rotate(0, &second).await.unwrap());
        let rival = Session { token_hash: RefreshTokenHash::from_bytes([0xdd; 32]), ..second.clone() };
        assert!(!store.rotate(0, &rival).await.unwrap());
        assert_eq!(session(&store, 1).await, second);
    }
}

#[tokio::test]
async fn a_session_that_has_ended_does_not_rotate() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let next = rotated(&begin(&store, 1, ALICE).await);
        let event = event(1, EventKind::SignedOut, START);
        assert!(store.end_session(id(1), EndReason::SignedOut, &[], &event, START).await.unwrap());
        assert!(!store.rotate(0, &next).await.unwrap());
        assert_eq!(session(&store, 1).await.generation, 0);
    }
}

#[tokio::test]
async fn a_session_that_does_not_exist_does_not_rotate() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let strange = Session { id: id(9), ..rotated(&begin(&store, 1, ALICE).await) };
        assert!(!store.rotate(0, &strange).await.unwrap());
    }
}

#[tokio::test]
async fn of_many_rotations_at_once_one_happens() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let first = begin(&store, 1, ALICE).await;
        let attempts = (0..20).map(|byte| {
            let (store, next) = (store.clone(), rotated(&first));
            let next = Session { token_hash: RefreshTokenHash::from_bytes([byte; 32]), ..next };
            async move { store.rotate(0, &next).await.unwrap().then_some(next) }
        });
        let won: Vec<_> = futures::future::join_all(attempts).await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        assert_eq!(session(&store, 1).await, won[0]);
    }
}

#[tokio::test]
async fn a_use_is_written_for_the_current_generation_alone() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let first = begin(&store, 1, ALICE).await;
        store.prove(id(1), 1, START).await.unwrap();
        assert!(!session(&store, 1).await.proven);
        store.prove(id(1), 0, START).await.unwrap();
        store.prove(id(1), 0, START + minutes(1)).await.unwrap();
        assert!(session(&store, 1).await.proven);
        store.rotate(0, &rotated(&first)).await.unwrap();
        store.prove(id(1), 0, START).await.unwrap();
        assert!(!session(&store, 1).await.proven);
        store.prove(id(9), 0, START).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_ends_once_and_keeps_its_first_reason() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        let first = event(1, EventKind::SignedOut, START);
        assert!(store.end_session(id(1), EndReason::SignedOut, &[], &first, START).await.unwrap());
        let later = START + minutes(1);
        let second = event(1, EventKind::RefreshTokenReused, later);
        let denied = denial(1, later + minutes(15));
        assert!(!store.end_session(id(1), EndReason::RefreshTokenReused, &[denied], &second, later).await.unwrap());
        assert_eq!(session(&store, 1).await.ended, Some((START, EndReason::SignedOut)));
        assert_eq!(store.denials(later).await.unwrap(), [denied], "denials are written in any case");
        let kinds: Vec<_> = store.events(Some(ALICE), 9).await.unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::SignedOut, EventKind::SignedIn], "the event is written once");
    }
}

#[tokio::test]
async fn those_that_are_meant_are_ended_and_no_others() {
    for (which, left) in [
        (Which::One(id(1)), vec![2, 3]),
        (Which::AllBut(id(1)), vec![1, 3]),
        (Which::All, vec![3]),
        (Which::One(id(3)), vec![1, 2, 3]),
    ] {
        for place in places().await {
            let store = with_accounts(&place).await;
            for (number, user) in [(1, ALICE), (2, ALICE), (3, BOB)] {
                begin(&store, number, user).await;
            }
            let ending = ending(EndReason::Revoked, EventKind::SessionsRevoked, START + minutes(1));
            let denials = store.end_sessions(ALICE, which, &ending).await.unwrap();
            assert_eq!(denials.len(), 3 - left.len(), "{which:?}");
            for number in 1..=3 {
                let ended = session(&store, number).await.ended;
                let expected = (!left.contains(&number)).then_some((ending.event.at, EndReason::Revoked));
                assert_eq!(ended, expected, "{which:?} {number}");
            }
            assert_eq!(store.denials(START).await.unwrap().len(), denials.len());
            let told = store.events(Some(ALICE), 9).await.unwrap().contains(&ending.event);
            assert_eq!(told, !denials.is_empty(), "{which:?}");
        }
    }
}

#[tokio::test]
async fn those_of_an_account_are_listed_live_ones_first_with_a_bound() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for (number, user) in [(1, ALICE), (2, ALICE), (3, ALICE), (4, BOB)] {
            begin(&store, number, user).await;
        }
        store.rotate(0, &rotated(&session(&store, 2).await)).await.unwrap();
        let event = event(1, EventKind::SignedOut, START);
        store.end_session(id(1), EndReason::SignedOut, &[], &event, START).await.unwrap();
        let listed = store.sessions_of(ALICE, 9).await.unwrap();
        assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), [id(2), id(3), id(1)]);
        assert_eq!((listed[0].created_at, listed[0].last_seen_at), (START, START + minutes(1)));
        assert_eq!(listed[2].ended, Some((START, EndReason::SignedOut)));
        assert_eq!((&*listed[0].client.user_agent, &*listed[0].client.ip), ("a browser", "192.0.2.1"));
        assert_eq!(store.sessions_of(ALICE, 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_step_up_is_kept_by_a_live_session_through_rotations() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        assert!(store.step_up(id(1), START + minutes(9)).await.unwrap());
        store.rotate(0, &rotated(&session(&store, 1).await)).await.unwrap();
        assert_eq!(session(&store, 1).await.authenticated_at, START + minutes(9));
        let event = event(1, EventKind::SignedOut, START);
        store.end_session(id(1), EndReason::SignedOut, &[], &event, START).await.unwrap();
        assert!(!store.step_up(id(1), START + minutes(10)).await.unwrap());
        assert!(!store.step_up(id(9), START).await.unwrap());
    }
}

#[tokio::test]
async fn an_event_may_stand_for_itself() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let locked = SecurityEvent { detail: "a word".into(), ..SecurityEvent::of(ALICE, EventKind::Locked, START) };
        let site = SecurityEvent { actor_id: Some(BOB), ..SecurityEvent::of_site(EventKind::KeyRotated, START) };
        store.record(&locked).await.unwrap();
        store.record(&site).await.unwrap();
        assert_eq!(store.events(Some(ALICE), 9).await.unwrap(), [locked]);
        assert_eq!(store.events(None, 9).await.unwrap(), std::slice::from_ref(&site));
        assert_eq!(store.events(Some(BOB), 9).await.unwrap(), [site]);
    }
}
