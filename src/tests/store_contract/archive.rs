//! What one store gives away, another goes on with.

use super::{ALICE, BOB, Place, begin, denial, ending, event, id, places, with_accounts};
use crate::support::{START, minutes};
use counterfoil::{
    server::{
        archive,
        auth::rotation::{Session, Superseded},
        store::{Store, StoreError, model::Which},
    },
    shared::{EndReason, EventKind, Role},
};

async fn exported(store: &dyn Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive::export(store, &mut bytes).await.unwrap();
    bytes
}

/// An archive with something in every column.
async fn archive_of(place: &Place) -> Vec<u8> {
    let store = with_accounts(place).await;
    let now = START + minutes(1);
    let first = begin(&store, 1, ALICE).await;
    begin(&store, 2, ALICE).await;
    begin(&store, 3, BOB).await;
    let superseded = vec![Superseded { generation: 0, at: now }];
    let rotated = Session { generation: 1, rotated_at: now, superseded, ..first };
    assert!(store.rotate(0, &rotated).await.unwrap());
    store.prove(id(1), 1, now).await.unwrap();
    let denials = [denial(2, now + minutes(15))];
    store.end_session(id(2), EndReason::SignedOut, &denials, &event(2, EventKind::SignedOut, now), now).await.unwrap();
    let mut by_bob = ending(EndReason::RevokedByAdmin, EventKind::RoleChanged, now);
    by_bob.event.actor_id = Some(BOB);
    by_bob.event.detail = "admin".into();
    store.set_role(BOB, Role::Admin, &by_bob).await.unwrap();
    store.end_sessions(BOB, Which::All, &by_bob).await.unwrap();
    let bytes = exported(&*store).await;
    store.close().await;
    bytes
}

#[tokio::test]
async fn every_store_takes_in_what_every_store_gives_away() {
    for source in places().await {
        let bytes = archive_of(&source).await;
        for target in places().await {
            let store = target.open().await;
            let counts = archive::import(&*store, &bytes[..]).await.unwrap();
            assert_eq!((counts.accounts, counts.sessions, counts.denials), (2, 3, 2));
            assert_eq!(exported(&*store).await, bytes);
        }
    }
}

#[tokio::test]
async fn a_store_that_holds_something_takes_nothing_in() {
    for place in places().await {
        let bytes = archive_of(&place).await;
        let store = place.open().await;
        let error = archive::import(&*store, &bytes[..]).await.unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty), "{error}");
        assert_eq!(exported(&*store).await, bytes);
    }
}

#[tokio::test]
async fn an_archive_that_is_not_whole_is_not_taken_in_at_all() {
    for place in places().await {
        let text = String::from_utf8(archive_of(&place).await).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let without = |index: usize| {
            let kept = lines.iter().enumerate().filter(|(number, _)| *number != index);
            kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
        };
        let empty = places().await.remove(usize::from(matches!(place, Place::Postgres(_))));
        let store = empty.open().await;
        let other_version = text.replacen("\"version\":1", "\"version\":2", 1);
        for broken in [without(0), without(lines.len() - 2), without(lines.len() - 1), other_version] {
            let error = archive::import(&*store, broken.as_bytes()).await.unwrap_err();
            assert!(matches!(error, StoreError::Archive(_)), "{error}");
        }
        archive::import(&*store, text.as_bytes()).await.expect("it is still empty");
    }
}
