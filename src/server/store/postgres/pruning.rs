//! What has become useless, deleted from PostgreSQL.

use super::PostgresStore;
use crate::server::store::{
    Result,
    model::{Pruned, Useless},
};

impl PostgresStore {
    /// Each kind in a statement of its own, which passes over what another node deletes or writes at the moment.
    pub(super) async fn delete_useless(&self, useless: &Useless, limit: u32) -> Result<Pruned> {
        let denials = sqlx::query(
            "DELETE FROM denials WHERE (kind, id) IN (
                 SELECT kind, id FROM denials WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
        )
        .bind(useless.now.as_millis())
        .bind(i64::from(limit))
        .execute(&self.pool)
        .await?;
        let sessions = sqlx::query(
            "DELETE FROM sessions WHERE id IN (
                 SELECT id FROM sessions
                 WHERE absolute_expires_at <= $1
                   AND coalesce(ended_at, least(idle_expires_at, absolute_expires_at)) <= $2
                 LIMIT $3 FOR UPDATE SKIP LOCKED)",
        )
        .bind(useless.now.as_millis())
        .bind(useless.sessions_over_since.as_millis())
        .bind(i64::from(limit))
        .execute(&self.pool)
        .await?;
        let events = sqlx::query(
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
        )
        .bind(useless.events_since.as_millis())
        .bind(i64::from(limit))
        .execute(&self.pool)
        .await?;
        Ok(Pruned {
            denials: denials.rows_affected(),
            sessions: sessions.rows_affected(),
            events: events.rows_affected(),
        })
    }
}
