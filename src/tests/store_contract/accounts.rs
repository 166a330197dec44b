use super::{ALICE, BOB, begin, denial, ending, hash, new_account, places, session, with_accounts};
use crate::support::{START, minutes, secs};
use counterfoil::{
    server::{
        clock::Timestamp,
        id::UserId,
        store::{StoreError, model::Ending},
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
    for place in places() {
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
    for place in places() {
        let store = with_accounts(&place).await;
        let second = new_account(UserId::from_bytes([3; 16]), "alice@example.com", START);
        assert!(matches!(store.create_account(&second).await, Err(StoreError::EmailTaken)));
        assert_eq!(store.credentials(&alice()).await.unwrap().unwrap().account.id, ALICE);
        assert_eq!(store.accounts().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_identifier_that_is_taken_is_not_an_address_that_is_taken() {
    for place in places() {
        let store = with_accounts(&place).await;
        let result = store.create_account(&new_account(ALICE, "third@example.com", START)).await;
        assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
    }
}

#[tokio::test]
async fn accounts_are_listed_oldest_first() {
    for place in places() {
        let store = with_accounts(&place).await;
        let first = new_account(UserId::from_bytes([9; 16]), "first@example.com", START - minutes(1));
        store.create_account(&first).await.unwrap();
        let listed: Vec<_> = store.accounts().await.unwrap().into_iter().map(|account| account.id).collect();
        assert_eq!(listed, [first.account.id, ALICE, BOB]);
    }
}

#[tokio::test]
async fn a_hash_is_upgraded_unless_another_has_taken_its_place() {
    for place in places() {
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
    for place in places() {
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
    for place in places() {
        let store = with_accounts(&place).await;
        begin(&store, 1, ALICE).await;
        let event = super::event(1, EventKind::SignedOut, START);
        store.end_session(super::id(1), EndReason::SignedOut, &[], &event, START).await.unwrap();
        let denials = store.set_role(ALICE, Role::Admin, &role_changed(START + secs(1))).await.unwrap();
        assert_eq!(denials.unwrap(), []);
        assert_eq!(session(&store, 1).await.ended, Some((START, EndReason::SignedOut)));
    }
}

#[tokio::test]
async fn an_account_that_does_not_exist_gets_no_role_and_leaves_no_denial() {
    for place in places() {
        let store = with_accounts(&place).await;
        let nobody = UserId::from_bytes([9; 16]);
        assert!(store.set_role(nobody, Role::Admin, &role_changed(START)).await.unwrap().is_none());
        assert_eq!(store.denials(START).await.unwrap(), []);
        // The write lock is free again.
        assert!(store.set_role(ALICE, Role::Admin, &role_changed(START)).await.unwrap().is_some());
    }
}
