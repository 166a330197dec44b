//! A look at a database that changes nothing, not even its schema.

use super::{CONNECTION_WAIT, migrations};
use crate::server::store::{Inspection, Result};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

/// Looks at this database. One without a schema has every change before it.
///
/// # Errors
/// When it cannot be reached or read.
pub async fn inspect(options: &PgConnectOptions) -> Result<Inspection> {
    tokio::time::timeout(CONNECTION_WAIT, async {
        let mut database = PgConnection::connect_with(options).await?;
        let is_new: bool =
            sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NULL").fetch_one(&mut database).await?;
        if is_new {
            return Result::Ok(Inspection { pending_migrations: migrations().iter().count(), newest: None });
        }
        let applied: Vec<i64> =
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&mut database).await?;
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM events").fetch_one(&mut database).await?;
        database.close().await?;
        Ok(Inspection::new(&migrations(), &applied, newest))
    })
    .await?
}
