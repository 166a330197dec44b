//! SQLite's content as a whole.

use super::SqliteStore;
use crate::server::store::{
    ArchiveStore, Result,
    archive::{Record, fill, read},
};
use async_trait::async_trait;
use sqlx::Sqlite;
use std::io;

#[async_trait]
impl ArchiveStore for SqliteStore {
    async fn export(&self, write: &mut (dyn FnMut(Record) -> io::Result<()> + Send)) -> Result<()> {
        let mut tx = self.readers.begin().await?;
        read::<Sqlite>(&mut tx, write).await
    }

    async fn import(&self, records: &mut (dyn Iterator<Item = io::Result<Record>> + Send)) -> Result<()> {
        let mut tx = self.begin().await?;
        fill::<Sqlite>(&mut tx, records).await?;
        Ok(tx.commit().await?)
    }
}
