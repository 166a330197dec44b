use super::{ALICE, BOB, begin, denial, ending, hash, id, new_account, places, session, with_accounts};
use crate::support::{START, days, minutes, secs};
use counterfoil::{
    server::{
        auth::denylist::{Denial, Denied},
        clock::Timestamp,
        id::UserId,
        store::{
            StoreError,
            model::{AccountFilter, Ending, SecurityEvent},
        },
    },
    shared::{Email, EndReason, EventKind, Role},
};

fn role_changed(at: Timestamp) -> Ending {
    ending(EndReason::RoleChanged, EventKind::RoleChanged, at)
}

fn alice() -> Email {
    Email::parse("alice@example.com").unwrap()
}

#[tokio::test]
async fn an_account_is_found_by_its_address_and_by_its_id() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let found = store.credentials(&alice()).await.unwrap().unwrap();
        let expected = new_account(ALICE, "alice@example.com", START);
        assert_eq!((found.account, found.password), (expected.account.clone(), expected.password));
        assert_eq!(store.account(ALICE).await.unwrap(), Some(expected.account));
        assert_eq!(store.account(UserId::from_bytes([9; 16])).await.unwrap(), None);
        assert!(store.credentials(&Email::parse("nobody@example.com").unwrap()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_account() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let second = new_account(UserId::from_bytes([3; 16]), "alice@example.com", START);
        assert!(matches!(store.create_account(&second).await, Err(StoreError::EmailTaken)));
        assert_eq!(store.credentials(&alice()).await.unwrap().unwrap().account.id, ALICE);
        assert_eq!(store.accounts().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_identifier_that_is_taken_is_not_an_address_that_is_taken() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let result = store.create_account(&new_account(ALICE, "third@example.com", START)).await;
        assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
    }
}

#[tokio::test]
async fn accounts_are_listed_oldest_first() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let first = new_account(UserId::from_bytes([9; 16]), "first@example.com", START - minutes(1));
        store.create_account(&first).await.unwrap();
        let listed: Vec<_> = store.accounts().await.unwrap().into_iter().map(|account| account.id).collect();
        assert_eq!(listed, [first.account.id, ALICE, BOB]);
    }
}

#[tokio::test]
async fn a_hash_is_upgraded_unless_another_has_taken_its_place() {
    for place in places().await {
        let store = with_accounts(&place).await;
        store.upgrade_password(ALICE, &hash("one"), &hash("two")).await.unwrap();
        assert_eq!(store.credentials(&alice()).await.unwrap().unwrap().password, hash("two"));
        store.upgrade_password(ALICE, &hash("one"), &hash("three")).await.unwrap();
        assert_eq!(store.credentials(&alice()).await.unwrap().unwrap().password, hash("two"));
        let bob = store.credentials(&Email::parse("bob@example.com").unwrap()).await.unwrap().unwrap();
        assert_eq!(bob.password, hash("one"));
    }
}

#[tokio::test]
async fn a_new_role_ends_the_sessions_of_the_account_and_denies_each() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        begin(&store, 2, BOB).await;
        let now = START + minutes(5);
        let denied = denial(1, now + minutes(15));
        assert_eq!(store.set_role(ALICE, Role::Admin, &role_changed(now)).await.unwrap().unwrap(), [denied]);
        assert_eq!(store.account(ALICE).await.unwrap().unwrap().role, Role::Admin);
        assert_eq!(session(&store, 1).await.ended, Some((now, EndReason::RoleChanged)));
        assert_eq!(session(&store, 2).await.ended, None);
        assert_eq!(store.denials(now).await.unwrap(), [denied]);
        assert_eq!(store.events(Some(ALICE), 1).await.unwrap()[0].kind, EventKind::RoleChanged);
    }
}

#[tokio::test]
async fn a_new_role_changes_nothing_about_sessions_that_ended_before() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        let event = super::event(1, EventKind::SignedOut, START);
        store.end_session(id(1), EndReason::SignedOut, &[], &event, START).await.unwrap();
        let denials = store.set_role(ALICE, Role::Admin, &role_changed(START + secs(1))).await.unwrap();
        assert_eq!(denials.unwrap(), []);
        assert_eq!(session(&store, 1).await.ended, Some((START, EndReason::SignedOut)));
    }
}

#[tokio::test]
async fn an_account_that_does_not_exist_gets_no_role_and_leaves_no_denial() {
    for place in places().await {
        let store = with_accounts(&place).await;
        let nobody = UserId::from_bytes([9; 16]);
        assert!(store.set_role(nobody, Role::Admin, &role_changed(START)).await.unwrap().is_none());
        assert_eq!(store.denials(START).await.unwrap(), []);
        // The write lock is free again.
        assert!(store.set_role(ALICE, Role::Admin, &role_changed(START)).await.unwrap().is_some());
    }
}

fn password_changed() -> Ending {
    ending(EndReason::PasswordChanged, EventKind::PasswordChanged, START + minutes(5))
}

#[tokio::test]
async fn a_password_is_changed_once_and_ends_all_sessions_but_one() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for (number, user) in [(1, ALICE), (2, ALICE), (3, BOB)] {
            begin(&store, number, user).await;
        }
        let ending = password_changed();
        let denials = store.change_password(ALICE, &hash("one"), &hash("two"), id(1), &ending).await.unwrap().unwrap();
        assert_eq!(denials, [denial(2, ending.denied_until)]);
        assert_eq!(store.denials(START).await.unwrap(), denials);
        assert_eq!(session(&store, 1).await.authenticated_at, ending.event.at);
        assert_eq!(session(&store, 2).await.ended, Some((ending.event.at, EndReason::PasswordChanged)));
        assert_eq!(session(&store, 3).await.ended, None);
        assert_eq!(store.credentials_of(ALICE).await.unwrap().unwrap().password, hash("two"));
        assert_eq!(store.credentials_of(BOB).await.unwrap().unwrap().password, hash("one"));
        assert_eq!(store.events(Some(ALICE), 1).await.unwrap(), std::slice::from_ref(&ending.event));
        // Another change came first.
        let second = store.change_password(ALICE, &hash("one"), &hash("three"), id(1), &ending).await.unwrap();
        assert_eq!(second, None);
        assert_eq!(store.credentials_of(ALICE).await.unwrap().unwrap().password, hash("two"));
    }
}

#[tokio::test]
async fn the_last_administrator_keeps_role_and_account_and_sessions() {
    for place in places().await {
        let store = with_accounts(&place).await;
        store.set_role(ALICE, Role::Admin, &role_changed(START)).await.unwrap();
        begin(&store, 1, ALICE).await;
        let now = START + minutes(1);
        let demoted = store.set_role(ALICE, Role::User, &role_changed(now)).await;
        assert!(matches!(demoted, Err(StoreError::LastAdmin)), "{demoted:?}");
        let event = SecurityEvent::of_site(EventKind::AccountDeleted, now);
        let deleted = store.delete_account(ALICE, &denial(1, now), &event).await;
        assert!(matches!(deleted, Err(StoreError::LastAdmin)), "{deleted:?}");
        assert_eq!(store.account(ALICE).await.unwrap().unwrap().role, Role::Admin);
        assert_eq!(session(&store, 1).await.ended, None);
        assert!(store.denials(START).await.unwrap().is_empty() && store.events(None, 9).await.unwrap().is_empty());
        // An ordinary account may become what it is.
        assert!(store.set_role(BOB, Role::User, &role_changed(now)).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_deleted_account_takes_its_sessions_and_events_with_it() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        begin(&store, 2, BOB).await;
        let denial = Denial { subject: Denied::User(ALICE, START), expires_at: START + minutes(15) };
        let event = SecurityEvent {
            actor_id: Some(BOB),
            detail: ALICE.to_string(),
            ..SecurityEvent::of_site(EventKind::AccountDeleted, START)
        };
        assert!(store.delete_account(ALICE, &denial, &event).await.unwrap());
        assert!(!store.delete_account(ALICE, &denial, &event).await.unwrap());
        assert_eq!(store.account(ALICE).await.unwrap(), None);
        assert!(store.sessions(&[id(1)]).await.unwrap().is_empty());
        assert!(store.events(Some(ALICE), 9).await.unwrap().is_empty());
        assert_eq!(store.denials(START).await.unwrap(), [denial]);
        assert_eq!(store.events(None, 9).await.unwrap(), std::slice::from_ref(&event));
        assert_eq!(store.events(Some(BOB), 1).await.unwrap(), [event], "whoever did it is told too");
        assert_eq!(session(&store, 2).await.ended, None);
    }
}

#[tokio::test]
async fn accounts_are_found_with_their_sessions_that_are_live() {
    for place in places().await {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        begin(&store, 2, ALICE).await;
        let event = super::event(1, EventKind::SignedOut, START);
        store.end_session(id(1), EndReason::SignedOut, &[], &event, START).await.unwrap();
        let filter =
            |search: &str, offset, limit| AccountFilter { search: search.to_owned(), role: None, offset, limit };
        let (found, total) = store.find_accounts(&filter("alice", 0, 9), START).await.unwrap();
        assert_eq!((found.len(), total), (1, 1));
        assert_eq!((found[0].account.id, found[0].live_sessions), (ALICE, 1));
        assert_eq!(found[0].last_seen_at, Some(START));
        let (found, _) = store.find_accounts(&filter("alice", 0, 9), START + days(8)).await.unwrap();
        assert_eq!(found[0].live_sessions, 0, "those that ran out do not count");
        let (found, total) = store.find_accounts(&filter("", 1, 1), START).await.unwrap();
        assert_eq!((found[0].account.id, found[0].last_seen_at, total), (BOB, None, 2));
        for wildcard in ["%", "_", "!", "a%e"] {
            assert_eq!(store.find_accounts(&filter(wildcard, 0, 9), START).await.unwrap().1, 0, "{wildcard}");
        }
        let admins = AccountFilter { role: Some(Role::Admin), limit: 9, ..AccountFilter::default() };
        assert_eq!(store.find_accounts(&admins, START).await.unwrap(), (Vec::new(), 0));
    }
}
