//! What belongs to PostgreSQL alone: nodes that start together, TLS, and a network that fails.

use super::new_account;
use crate::support::{CountingStore, Mood, PostgresDatabase, START, TestApp, Tunnel, User};
use counterfoil::{
    server::{
        id::UserId,
        store::{
            AccountStore, Store, StoreError, bounded::BoundedStore, model::AccountFilter, postgres::PostgresStore,
            sqlite::SqliteStore,
        },
    },
    shared::Code,
};
use futures::future::join_all;
use sqlx::{Connection, PgConnection, postgres::PgSslMode};
use std::{env, sync::Arc};

#[tokio::test]
async fn nodes_may_start_together_on_an_empty_database() {
    let Some(database) = PostgresDatabase::create().await else { return };
    for store in join_all((0..3).map(|_| database.open())).await {
        store.ready().await.unwrap();
        store.close().await;
    }
}

#[tokio::test]
async fn a_search_for_what_no_text_of_postgresql_holds_finds_nothing() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let store = database.open().await;
    store.create_account(&new_account(UserId::from_bytes([1; 16]), "alice@example.com", START)).await.unwrap();
    let filter = AccountFilter { search: "ali\0ce".into(), limit: 10, ..AccountFilter::default() };
    assert_eq!(store.find_accounts(&filter, START).await.unwrap(), (Vec::new(), 0));
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_is_not_talked_to() {
    let Some(database) = PostgresDatabase::create().await else { return };
    // A server that was given brings no certificate along.
    let Ok(certificate) = env::var("COUNTERFOIL_TEST_POSTGRES_CA") else { return };
    let verified = database.options().ssl_mode(PgSslMode::VerifyFull);
    assert!(PgConnection::connect_with(&verified).await.is_err(), "no authority of the web has signed it");
    let mut connection = PgConnection::connect_with(&verified.ssl_root_cert(certificate)).await.unwrap();
    let query = sqlx::query_scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    let is_encrypted: bool = query.fetch_one(&mut connection).await.unwrap();
    assert!(is_encrypted);
    connection.close().await.unwrap();
}

#[tokio::test]
async fn without_its_database_a_node_is_not_ready_and_says_unavailable_until_it_is_back() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let mut tunnel = Tunnel::open(database.address()).await;
    let app = TestApp::over(Some(database.through(tunnel.address)), 1, &[]).await;
    let user = User::register(&app, "alice@example.com").await;
    assert_eq!(app.get("/readyz").send().await.status, 200);
    tunnel.cut();
    app.get("/readyz").send().await.assert_problem(Code::Unavailable);
    user.me(&app).await.assert_problem(Code::Unavailable);
    user.clone().try_refresh(&app).await.assert_problem(Code::Unavailable);
    tunnel.mend().await;
    assert_eq!(app.get("/readyz").send().await.status, 200);
    user.me(&app).await.assert_ok();
    user.clone().refresh(&app).await;
}

#[tokio::test]
async fn a_network_that_swallows_everything_is_waited_for_in_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let inner = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    let counting = CountingStore::new(Arc::new(inner));
    counting.set_mood(Mood::Stuck);
    tokio::time::pause();
    let error = BoundedStore(counting).ready().await.unwrap_err();
    assert!(matches!(error, StoreError::TimedOut(_)), "{error}");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_the_server() {
    let Some(database) = PostgresDatabase::create().await else { return };
    PostgresStore::open(&database.options(), 1).await.unwrap().close().await;
    let mut connection = PgConnection::connect_with(&PostgresStore::limited(&database.options())).await.unwrap();
    for (limit, value) in
        [("statement_timeout", "4s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")]
    {
        let query = sqlx::query_scalar("SELECT current_setting($1)").bind(limit);
        let set: String = query.fetch_one(&mut connection).await.unwrap();
        assert_eq!(set, value, "{limit}");
    }
    connection.close().await.unwrap();
}
