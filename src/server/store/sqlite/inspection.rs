//! A look at a database that changes nothing, not even its schema.

use super::MIGRATIONS;
use crate::server::store::{Inspection, Result};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

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
    Ok(Inspection::new(&MIGRATIONS, &applied, newest))
}
