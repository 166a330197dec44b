//! What every store promises, whatever it is made of.

mod accounts;
mod archive;
mod at_once;
mod denials;
mod growth;
mod postgres;
mod pruning;
mod sessions;

use crate::support::{PostgresDatabase, START, days, minutes};
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
            bounded::BoundedStore,
            model::{Account, ClientInfo, Ending, NewAccount, NewSession, PasswordHash, SecurityEvent},
            sqlite::SqliteStore,
        },
    },
    shared::{Email, EndReason, EventKind, Role},
};
use std::{iter, sync::Arc};
use tempfile::TempDir;

/// Where one store keeps what it keeps, empty at first.
enum Place {
    Sqlite(TempDir),
    Postgres(PostgresDatabase),
}

impl Place {
    /// Opens the store; again, after something was written, to see what has stayed.
    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(folder) => Arc::new(SqliteStore::open(&folder.path().join("test.db")).await.unwrap()),
            Self::Postgres(database) => Arc::new(BoundedStore(database.open().await)),
        }
    }
}

/// One place for every kind of store. Each test runs over all of them.
async fn places() -> Vec<Place> {
    let sqlite = Place::Sqlite(tempfile::tempdir().unwrap());
    let postgres = PostgresDatabase::create().await.map(Place::Postgres);
    iter::once(sqlite).chain(postgres).collect()
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
