//! What every store promises, whatever it is made of.

mod accounts;
mod denials;
mod pruning;
mod sessions;

use crate::support::{START, days, minutes};
use counterfoil::{
    server::{
        auth::{
            denylist::{Denial, Denied},
            refresh_token::RefreshTokenHash,
            rotation::Session,
        },
        clock::Timestamp,
        id::{SessionId, UserId},
        store::{
            Store,
            model::{Account, ClientInfo, Ending, NewAccount, NewSession, PasswordHash, SecurityEvent},
            sqlite::SqliteStore,
        },
    },
    shared::{Email, EndReason, EventKind, Role},
};
use std::sync::Arc;
use tempfile::TempDir;

/// The kinds of stores that there are. Each test runs over all of them.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sqlite,
}

const KINDS: [Kind; 1] = [Kind::Sqlite];

/// Where one store keeps what it keeps, empty at first.
struct Place {
    kind: Kind,
    folder: TempDir,
}

impl Place {
    /// Opens the store; again, after something was written, to see what has stayed.
    async fn open(&self) -> Arc<dyn Store> {
        match self.kind {
            Kind::Sqlite => Arc::new(SqliteStore::open(&self.folder.path().join("test.db")).await.unwrap()),
        }
    }
}

/// One place for every kind of store.
fn places() -> impl Iterator<Item = Place> {
    KINDS.into_iter().map(|kind| Place { kind, folder: tempfile::tempdir().unwrap() })
}

const ALICE: UserId = UserId::from_bytes([1; 16]);
const BOB: UserId = UserId::from_bytes([2; 16]);

fn hash(text: &str) -> PasswordHash {
    PasswordHash { bcrypt: text.to_owned(), pepper_id: "pepper".to_owned() }
}

fn new_account(id: UserId, email: &str, created_at: Timestamp) -> NewAccount {
    let email = Email::parse(email).unwrap();
    NewAccount { account: Account { id, email, role: Role::User, created_at }, password: hash("one") }
}

/// A store with the accounts of Alice and Bob.
async fn with_accounts(place: &Place) -> Arc<dyn Store> {
    let store = place.open().await;
    store.create_account(&new_account(ALICE, "alice@example.com", START)).await.unwrap();
    store.create_account(&new_account(BOB, "bob@example.com", START + minutes(1))).await.unwrap();
    store
}

fn id(byte: u8) -> SessionId {
    SessionId::from_bytes([byte; 16])
}

fn new_session(byte: u8, user_id: UserId) -> NewSession {
    NewSession {
        id: id(byte),
        user_id,
        token_hash: RefreshTokenHash::from_bytes([byte; 32]),
        idle_expires_at: START + days(7),
        absolute_expires_at: START + days(30),
        client: ClientInfo { user_agent: "a browser".into(), ip: "192.0.2.1".into() },
    }
}

/// Begins a session of this id.
async fn begin(store: &Arc<dyn Store>, byte: u8, user_id: UserId) -> Session {
    store.begin_session(&new_session(byte, user_id), &[], START).await.unwrap();
    session(store, byte).await
}

async fn session(store: &Arc<dyn Store>, byte: u8) -> Session {
    store.sessions(&[id(byte)]).await.unwrap().pop().unwrap().0
}

fn denial(byte: u8, expires_at: Timestamp) -> Denial {
    Denial { subject: Denied::Session(id(byte)), expires_at }
}

fn event(byte: u8, kind: EventKind, at: Timestamp) -> SecurityEvent {
    SecurityEvent { session_id: Some(id(byte)), ..SecurityEvent::of(ALICE, kind, at) }
}

/// Ends sessions of Alice at this moment, and denies their access tokens for a quarter of an hour.
fn ending(reason: EndReason, kind: EventKind, at: Timestamp) -> Ending {
    Ending { reason, denied_until: at + minutes(15), event: SecurityEvent::of(ALICE, kind, at) }
}
