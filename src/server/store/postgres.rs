//! The store of several nodes: PostgreSQL (DESIGN section 7).
//!
//! At its usual isolation level (READ COMMITTED) a conditional update looks at the row again after it has waited for
//! it. A unit of work of several statements first holds the account that it is about, so that those of one account go
//! one by one, as all of them do behind SQLite's one writer, and always in the order account, sessions, denials,
//! events, so that no two wait for each other.

mod accounts;
mod archive;
mod events;
mod inspection;
mod pruning;
mod sessions;

pub use inspection::inspect;

use super::{
    Result, Store,
    model::{Pruned, Useless},
};
use async_trait::async_trait;
use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// How long a unit of work may wait for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(2);
/// What the server ends by itself: a statement, a wait for a lock, and a transaction that nobody goes on with.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "4s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];
/// How long the start may take, which waits while another node changes the schema.
const MIGRATION_WAIT: Duration = Duration::from_mins(2);

fn migrations() -> Migrator {
    sqlx::migrate!("src/server/store/migrations/postgres")
}

/// Keeps everything in a PostgreSQL database, which other nodes may share.
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// Connects, and brings the schema up to date. Nodes may start together: the migrator holds an advisory lock.
    ///
    /// # Errors
    /// [`super::StoreError`] when the database cannot be reached or migrated.
    pub async fn open(options: &PgConnectOptions, connections: u32) -> Result<Self> {
        Self::open_migrated(&migrations(), options, connections).await
    }

    /// The same in a schema of its own, which is made if it is not there. The role has to be allowed to.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn open_in(schema: &'static str, options: &PgConnectOptions, connections: u32) -> Result<Self> {
        let mut migrations = migrations();
        migrations.create_schema(schema);
        Self::open_migrated(&migrations, &options.clone().options([("search_path", schema)]), connections).await
    }

    async fn open_migrated(migrations: &Migrator, options: &PgConnectOptions, connections: u32) -> Result<Self> {
        // On a connection without limits: a change of the schema may take its time.
        tokio::time::timeout(MIGRATION_WAIT, async {
            let mut database = PgConnection::connect_with(options).await?;
            // Not `run`, whose future the compiler cannot see to be Send.
            migrations.run_direct(None, &mut database, false).await?;
            Result::Ok(database.close().await?)
        })
        .await??;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(CONNECTION_WAIT)
            .connect_with(Self::limited(options))
            .await?;
        Ok(Self { pool })
    }

    /// A connection that the server keeps in bounds.
    pub fn limited(options: &PgConnectOptions) -> PgConnectOptions {
        let name = options.get_application_name().unwrap_or("counterfoil");
        options.clone().application_name(name).options(LIMITS)
    }

    async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin().await?)
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        self.delete_useless(useless, limit).await
    }

    async fn ready(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
