//! What has become useless, deleted from SQLite.

use super::SqliteStore;
use crate::server::store::{
    Result,
    model::{Pruned, Useless},
};

impl SqliteStore {
    /// Each kind in a statement of its own, which holds the writer for `limit` rows at most.
    pub(super) async fn delete_useless(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        let denials = sqlx::query(
            "DELETE FROM denials WHERE (kind, id) IN (SELECT kind, id FROM denials WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(useless.now.as_millis())
        .bind(limit)
        .execute(&self.writer)
        .await?;
        let sessions = sqlx::query(
            "DELETE FROM sessions WHERE id IN (
                 SELECT id FROM sessions
                 WHERE absolute_expires_at <= $1
                   AND coalesce(ended_at, min(idle_expires_at, absolute_expires_at)) <= $2
                 LIMIT $3)",
        )
        .bind(useless.now.as_millis())
        .bind(useless.sessions_over_since.as_millis())
        .bind(limit)
        .execute(&self.writer)
        .await?;
        let events = sqlx::query("DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at <= $1 LIMIT $2)")
            .bind(useless.events_since.as_millis())
            .bind(limit)
            .execute(&self.writer)
            .await?;
        Ok(Pruned {
            denials: denials.rows_affected(),
            sessions: sessions.rows_affected(),
            events: events.rows_affected(),
        })
    }
}
