//! What the database grows with: sessions, and not refreshes.

use counterfoil::{
    server::{
        auth::{
            refresh_token::RefreshTokenHash,
            rotation::{Session, Superseded},
        },
        clock::Timestamp,
        entropy::{Entropy, SystemEntropy},
        id::{SessionId, UserId},
        store::{
            Store,
            model::{Account, ClientInfo, NewAccount, NewSession, PasswordHash},
            postgres::PostgresStore,
            sqlite::SqliteStore,
        },
    },
    shared::{Email, Role},
};
use futures::{StreamExt, stream};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use std::{env, fs, path::Path, time::Duration};

const SESSIONS: usize = 10_000;
const ROTATIONS: u32 = 5;
/// At once, where the store takes more than one.
const BUSY: usize = 8;
const START: Timestamp = Timestamp::from_secs(1_800_000_000);
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

pub async fn measure() {
    println!("\n== size of the database, {SESSIONS} sessions, each rotated {ROTATIONS} times");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("growth.db");
    let store = SqliteStore::open(&file).await.unwrap();
    grow("SQLite", &store, async || sqlite_size(&file)).await;
    let Ok(url) = env::var("COUNTERFOIL_TEST_POSTGRES_URL") else {
        return println!("PostgreSQL   not measured: COUNTERFOIL_TEST_POSTGRES_URL says where one is");
    };
    let server: PgConnectOptions = url.parse().unwrap();
    execute(&server, "CREATE SCHEMA counterfoil_growth").await;
    let options = server.clone().options([("search_path", "counterfoil_growth")]);
    let store = PostgresStore::open(&options, 16).await.unwrap();
    grow("PostgreSQL", &store, async || postgres_size(&options).await).await;
    execute(&server, "DROP SCHEMA counterfoil_growth CASCADE").await;
}

/// With its journal, which is bounded too.
fn sqlite_size(file: &Path) -> u64 {
    ["db", "db-wal"].map(|suffix| fs::metadata(file.with_extension(suffix)).map_or(0, |data| data.len())).iter().sum()
}

/// All tables with their indexes, as they are, without a VACUUM.
async fn postgres_size(options: &PgConnectOptions) -> u64 {
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    let tables = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
                  WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";
    let size: i64 = sqlx::query_scalar(tables).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    size.try_into().unwrap()
}

async fn execute(server: &PgConnectOptions, statement: &'static str) {
    let mut connection = PgConnection::connect_with(server).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn grow(name: &str, store: &dyn Store, size: impl AsyncFn() -> u64) {
    let account = Account {
        id: UserId::generate(&SystemEntropy),
        email: Email::parse("alice@example.com").unwrap(),
        role: Role::User,
        created_at: START,
    };
    let password =
        PasswordHash { bcrypt: "$2b$12$".to_owned() + &"x".repeat(53), pepper_id: "0123456789abcdef".into() };
    store.create_account(&NewAccount { account: account.clone(), password }).await.unwrap();
    let ids: Vec<_> = (0..SESSIONS).map(|_| SessionId::generate(&SystemEntropy)).collect();
    let begin = |id| async move {
        let client = ClientInfo { user_agent: BROWSER.to_owned(), ip: "203.0.113.7".to_owned() };
        let new = NewSession {
            id,
            user_id: account.id,
            token_hash: some_hash(),
            idle_expires_at: START + Duration::from_hours(7 * 24),
            absolute_expires_at: START + Duration::from_hours(30 * 24),
            client,
        };
        store.begin_session(&new, &[], START).await.unwrap()
    };
    stream::iter(ids.iter().copied().map(begin)).buffer_unordered(BUSY).for_each(async |_| {}).await;
    say(name, 0, size().await);
    for generation in 0..ROTATIONS {
        let at = START + Duration::from_mins(15) * (generation + 1);
        let rotate = |id: SessionId| async move {
            let (session, _) = store.sessions(&[id]).await.unwrap().pop().unwrap();
            let rotated = Session {
                generation: generation + 1,
                token_hash: some_hash(),
                rotated_at: at,
                superseded: vec![Superseded { generation, at }],
                ..session
            };
            assert!(store.rotate(generation, &rotated).await.unwrap());
            store.prove(id, generation + 1, at).await.unwrap();
        };
        stream::iter(ids.iter().copied().map(rotate)).buffer_unordered(BUSY).for_each(async |()| {}).await;
        say(name, generation + 1, size().await);
    }
    store.close().await;
}

fn some_hash() -> RefreshTokenHash {
    let entropy: &dyn Entropy = &SystemEntropy;
    RefreshTokenHash::from_bytes(entropy.bytes())
}

fn say(name: &str, rotations: u32, bytes: u64) {
    let per_session = bytes / u64::try_from(SESSIONS).unwrap();
    println!("{name:<12} after {rotations} rotations  {:6} KiB   {per_session} bytes a session", bytes / 1024);
}
