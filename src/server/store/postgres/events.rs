//! Security events in PostgreSQL.

use super::PostgresStore;
use crate::server::{
    id::UserId,
    store::{EventStore, Result, model::SecurityEvent, rows::EventRow},
};
use async_trait::async_trait;
use sqlx::{Postgres, Transaction};

#[async_trait]
impl EventStore for PostgresStore {
    async fn record(&self, event: &SecurityEvent) -> Result<()> {
        let mut tx = self.begin().await?;
        record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    async fn events(&self, user_id: Option<UserId>, limit: u32) -> Result<Vec<SecurityEvent>> {
        let rows: Vec<EventRow> = match user_id {
            Some(id) => sqlx::query_as(
                "SELECT * FROM events WHERE user_id = $1 OR actor_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
            )
            .bind(id.as_bytes().to_vec()),
            None => sqlx::query_as("SELECT * FROM events WHERE user_id IS NULL ORDER BY at DESC, id DESC LIMIT $1"),
        }
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(SecurityEvent::try_from).collect()
    }
}

/// Writes an event as a part of what it tells of.
pub async fn record(tx: &mut Transaction<'_, Postgres>, event: &SecurityEvent) -> Result<()> {
    let bytes = |id: Option<UserId>| id.map(|id| id.as_bytes().to_vec());
    sqlx::query(
        "INSERT INTO events (user_id, actor_id, at, kind, session_id, detail, user_agent, ip)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(bytes(event.user_id))
    .bind(bytes(event.actor_id))
    .bind(event.at.as_millis())
    .bind(event.kind.as_str())
    .bind(event.session_id.map(|id| id.as_bytes().to_vec()))
    .bind(&event.detail)
    .bind(&event.client.user_agent)
    .bind(&event.client.ip)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
