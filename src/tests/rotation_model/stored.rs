//! Promise 4: nothing in the database lets anybody make a token.

use crate::support::SeededEntropy;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use counterfoil::{
    server::{
        auth::{
            refresh_token::{Lineage, RefreshKeys, RefreshToken},
            rotation::{self, Outcome, Presented, RotationPolicy, Session},
        },
        clock::Timestamp,
        entropy::Entropy,
        id::{SessionId, UserId},
        secret::Secret,
        store::{
            AccountStore, SessionStore, Store,
            model::{Account, ClientInfo, NewAccount, NewSession, PasswordHash},
            sqlite::SqliteStore,
        },
    },
    shared::{Email, Role},
};
use std::{fs, time::Duration};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(10), unproven_cap: None, idle: Duration::from_hours(7 * 24) };
/// Secret and tag, which come after the prefix, the session id and the generation.
const SECRET: std::ops::Range<usize> = 20..52;
const TAG: std::ops::Range<usize> = 52..68;

/// Gives what it was given.
struct Fixed<'a>(&'a [u8]);

impl Entropy for Fixed<'_> {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&self.0[..buffer.len()]);
    }
}

fn keys() -> RefreshKeys {
    RefreshKeys::derive(&Secret::from_bytes(&[7; 32]))
}

fn session(keys: &RefreshKeys, token: &RefreshToken) -> Session {
    Session {
        id: token.session_id(),
        user_id: UserId::from_bytes([2; 16]),
        generation: token.generation(),
        token_hash: keys.hash(token),
        rotated_at: NOW,
        proven: false,
        superseded: Vec::new(),
        created_at: NOW,
        authenticated_at: NOW,
        idle_expires_at: NOW + POLICY.idle,
        absolute_expires_at: NOW + POLICY.idle,
        ended: None,
    }
}

/// A token of generation 0 and the row after two rotations.
fn rotated_twice(keys: &RefreshKeys) -> (RefreshToken, Session) {
    let first = keys.first(SessionId::from_bytes([1; 16]), &SeededEntropy::new(1));
    let second = keys.successor(&first);
    let third = keys.successor(&second);
    let row = session(keys, &first).rotated(0, keys.hash(&second), &POLICY, NOW);
    (first, row.rotated(1, keys.hash(&third), &POLICY, NOW))
}

/// Every byte of a row. A new field must be added here, and makes one think about what it gives away.
fn bytes_of(row: &Session) -> Vec<u8> {
    let Session {
        id,
        user_id,
        generation,
        token_hash,
        rotated_at,
        proven,
        superseded,
        created_at,
        authenticated_at,
        idle_expires_at,
        absolute_expires_at,
        ended,
    } = row;
    let mut bytes = [&id.as_bytes()[..], token_hash.as_bytes(), user_id.as_bytes(), &generation.to_be_bytes()].concat();
    for time in [rotated_at, created_at, authenticated_at, idle_expires_at, absolute_expires_at] {
        bytes.extend(time.as_millis().to_be_bytes());
    }
    bytes.extend(format!("{proven}{superseded:?}{ended:?}").bytes());
    bytes
}

fn lineage(keys: &RefreshKeys, token: &RefreshToken, row: &Session) -> Lineage {
    keys.lineage(token, row.generation, &row.token_hash)
}

#[test]
fn no_part_of_a_row_makes_a_token() {
    let keys = keys();
    let (_, row) = rotated_twice(&keys);
    let bytes = bytes_of(&row);
    for secret in bytes.windows(SECRET.len()) {
        for generation in 0..=row.generation + 1 {
            for tag in [&secret[..TAG.len()], &secret[TAG.len()..], &[0; TAG.end - TAG.start]] {
                let parts = [&row.id.as_bytes()[..], &generation.to_be_bytes(), secret, tag].concat();
                assert!(keys.decode(&format!("cf1_{}", URL_SAFE_NO_PAD.encode(parts))).is_none());
            }
        }
    }
}

#[test]
fn a_row_and_a_good_tag_do_not_make_a_token_either() {
    let keys = keys();
    let (_, row) = rotated_twice(&keys);
    for secret in bytes_of(&row).windows(SECRET.len()) {
        let tagged = keys.first(row.id, &Fixed(secret));
        for generation in 0..=row.generation {
            let token = keys.descendant(&tagged, generation);
            let presented = Presented { generation, lineage: lineage(&keys, &token, &row) };
            assert_eq!(presented.lineage, Lineage::Foreign);
            assert_eq!(rotation::decide(&row, presented, &POLICY, NOW), Outcome::Invalid);
        }
    }
}

#[test]
fn other_keys_make_no_token() {
    let keys = keys();
    let (first, row) = rotated_twice(&keys);
    let others = RefreshKeys::derive(&Secret::from_bytes(&[8; 32]));
    assert!(keys.decode(&others.encode(&others.first(row.id, &SeededEntropy::new(1)))).is_none());
    // Not even with the secret of the first generation, since each next one needs the rotation key.
    assert_eq!(lineage(&keys, &others.descendant(&first, row.generation), &row), Lineage::Foreign);
    assert_eq!(lineage(&keys, &keys.descendant(&first, row.generation), &row), Lineage::Current);
}

#[tokio::test]
async fn the_files_of_the_database_hold_no_token_that_was_ever_issued() {
    let folder = tempfile::tempdir().unwrap();
    let keys = keys();
    let (first, _) = rotated_twice(&keys);
    let tokens: Vec<_> = (0..=2).map(|generation| keys.descendant(&first, generation)).collect();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    let mut row = session(&keys, &first);
    begin(&store, &row).await;
    for successor in &tokens[1..] {
        let from = row.generation;
        row = row.rotated(from, keys.hash(successor), &POLICY, NOW);
        assert!(store.rotate(from, &row).await.unwrap());
    }
    let written = files(&folder);
    store.close().await;
    let closed = files(&folder);
    for bytes in [written, closed] {
        assert!(contains(&bytes, keys.hash(&tokens[2]).as_bytes()), "the hash of the last one is found");
        for token in &tokens {
            let text = keys.encode(token);
            let decoded = URL_SAFE_NO_PAD.decode(&text["cf1_".len()..]).unwrap();
            assert!(!contains(&bytes, text.as_bytes()));
            for part in decoded[SECRET.start..TAG.end].windows(8) {
                assert!(!contains(&bytes, part), "a part of generation {}", token.generation());
            }
        }
    }
}

async fn begin(store: &SqliteStore, row: &Session) {
    let account = Account {
        id: row.user_id,
        email: Email::parse("alice@example.com").unwrap(),
        role: Role::User,
        created_at: NOW,
    };
    let password = PasswordHash { bcrypt: "hash".to_owned(), pepper_id: "pepper".to_owned() };
    store.create_account(&NewAccount { account, password }).await.unwrap();
    let new = NewSession {
        id: row.id,
        user_id: row.user_id,
        token_hash: row.token_hash,
        idle_expires_at: row.idle_expires_at,
        absolute_expires_at: row.absolute_expires_at,
        client: ClientInfo::default(),
    };
    store.begin_session(&new, &[], NOW).await.unwrap();
}

fn files(folder: &tempfile::TempDir) -> Vec<u8> {
    fs::read_dir(folder.path()).unwrap().flat_map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
