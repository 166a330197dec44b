//! PostgreSQL's content as a whole.

use super::PostgresStore;
use crate::server::store::{
    ArchiveStore, Result,
    archive::{Record, fill, read},
};
use async_trait::async_trait;
use sqlx::Postgres;
use std::io;

#[async_trait]
impl ArchiveStore for PostgresStore {
    async fn export(&self, write: &mut (dyn FnMut(Record) -> io::Result<()> + Send)) -> Result<()> {
        let mut tx = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *tx).await?;
        read::<Postgres>(&mut tx, write).await
    }

    async fn import(&self, records: &mut (dyn Iterator<Item = io::Result<Record>> + Send)) -> Result<()> {
        let mut tx = self.begin().await?;
        fill::<Postgres>(&mut tx, records).await?;
        Ok(tx.commit().await?)
    }
}
