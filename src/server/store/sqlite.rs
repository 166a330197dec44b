//! The embedded store: SQLite in WAL mode, one writer and a pool of readers (DESIGN section 7).

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
    Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

/// How long a unit of work may wait for a connection or a lock.
const WAIT: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
static MIGRATIONS: Migrator = sqlx::migrate!("src/server/store/migrations/sqlite");

/// Keeps everything in one SQLite file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it when there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or migrated.
    pub async fn open(path: &Path) -> Result<Self> {
        // For this user alone; SQLite gives its journals the mode of the database.
        OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(sqlx::Error::Io)?;
        // FULL: an acknowledged rotation that a power cut undoes would make a replaced token the current one again.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .foreign_keys(true)
            // What is deleted is gone from the file too.
            .pragma("secure_delete", "on");
        let pool = || SqlitePoolOptions::new().acquire_timeout(WAIT).min_connections(1);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        let readers = pool().max_connections(READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self { writer, readers })
    }

    /// A transaction that holds the write lock from its start, so that it never fails half-way for want of it.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn prune(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        self.delete_useless(useless, limit).await
    }

    async fn ready(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
