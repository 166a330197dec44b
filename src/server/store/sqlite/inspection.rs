//! A look at a database that changes nothing, not even its schema.

use super::MIGRATIONS;
use crate::server::{clock::Timestamp, store::Result};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// What a database looks like from outside.
#[derive(Clone, Copy, Debug)]
pub struct Inspection {
    /// Changes of the schema that this program knows and the database has not had.
    pub pending_migrations: usize,
    /// When the newest event was written.
    pub newest: Option<Timestamp>,
}

/// Looks at the database in this file.
///
/// # Errors
/// When it cannot be read, or is none.
pub async fn inspect(path: &Path) -> Result<Inspection> {
    let mut database =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true)).await?;
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(&mut database)
        .await?;
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM events").fetch_one(&mut database).await?;
    database.close().await?;
    let pending_migrations = MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)).count();
    Ok(Inspection { pending_migrations, newest: newest.map(Timestamp::from_millis) })
}
