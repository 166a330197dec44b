//! Sessions and denials in PostgreSQL.

use super::{PostgresStore, accounts::HOLD_ACCOUNT, events::record};
use crate::{
    server::{
        auth::{
            denylist::{Denial, Denied},
            rotation::Session,
        },
        clock::Timestamp,
        id::{SessionId, UserId},
        store::{
            Result, SessionStore,
            model::{Account, Ending, NewSession, SecurityEvent, SessionRecord, Which},
            rows::{
                AccountRow, DenialRow, SessionRecordRow, SessionRow, denial_columns, denials_of, superseded_to_json,
            },
        },
    },
    shared::{EndReason, EventKind},
};
use async_trait::async_trait;
use sqlx::{Postgres, Transaction};

#[async_trait]
impl SessionStore for PostgresStore {
    async fn begin_session(&self, new: &NewSession, replaces: &[Denial], now: Timestamp) -> Result<Option<Account>> {
        let mut tx = self.begin().await?;
        let account: Option<AccountRow> =
            sqlx::query_as(HOLD_ACCOUNT).bind(&new.user_id.as_bytes()[..]).fetch_optional(&mut *tx).await?;
        let Some(account) = account.map(Account::try_from).transpose()? else {
            return Ok(None);
        };
        for denial in replaces {
            if let Denied::Session(id) = denial.subject {
                end(&mut tx, id, EndReason::Replaced, now).await?;
            }
        }
        deny(&mut tx, replaces).await?;
        sqlx::query(
            "INSERT INTO sessions (id, user_id, generation, token_hash, rotated_at, superseded, created_at,
                                   last_seen_at, authenticated_at, idle_expires_at, absolute_expires_at,
                                   user_agent, ip)
             VALUES ($1, $2, 0, $3, $4, '[]', $4, $4, $4, $5, $6, $7, $8)",
        )
        .bind(&new.id.as_bytes()[..])
        .bind(&new.user_id.as_bytes()[..])
        .bind(&new.token_hash.as_bytes()[..])
        .bind(now.as_millis())
        .bind(new.idle_expires_at.as_millis())
        .bind(new.absolute_expires_at.as_millis())
        .bind(&new.client.user_agent)
        .bind(&new.client.ip)
        .execute(&mut *tx)
        .await?;
        let event = SecurityEvent {
            session_id: Some(new.id),
            client: new.client.clone(),
            ..SecurityEvent::of(new.user_id, EventKind::SignedIn, now)
        };
        record(&mut tx, &event).await?;
        tx.commit().await?;
        Ok(Some(account))
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>> {
        let ids: Vec<_> = ids.iter().map(|id| id.as_bytes().to_vec()).collect();
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT s.*, a.email, a.role, a.created_at AS account_created_at
             FROM sessions s JOIN accounts a ON a.id = s.user_id WHERE s.id = ANY ($1)",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(SessionRow::into_model).collect()
    }

    async fn sessions_of(&self, user_id: UserId, limit: u32) -> Result<Vec<SessionRecord>> {
        let rows: Vec<SessionRecordRow> = sqlx::query_as(
            "SELECT * FROM sessions WHERE user_id = $1
                ORDER BY ended_at IS NOT NULL, last_seen_at DESC, id LIMIT $2",
        )
        .bind(&user_id.as_bytes()[..])
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(SessionRecord::try_from).collect()
    }

    async fn rotate(&self, from: u32, session: &Session) -> Result<bool> {
        let updated = sqlx::query(
            "UPDATE sessions SET generation = $1, token_hash = $2, rotated_at = $3, proven_at = NULL,
                                 superseded = $4, last_seen_at = $3, idle_expires_at = $5
             WHERE id = $6 AND generation = $7 AND ended_at IS NULL",
        )
        .bind(i64::from(session.generation))
        .bind(&session.token_hash.as_bytes()[..])
        .bind(session.rotated_at.as_millis())
        .bind(superseded_to_json(&session.superseded))
        .bind(session.idle_expires_at.as_millis())
        .bind(&session.id.as_bytes()[..])
        .bind(i64::from(from))
        .execute(&self.pool)
        .await?;
        Ok(updated.rows_affected() == 1)
    }

    async fn renew_grace(&self, session: &Session) -> Result<bool> {
        let updated =
            sqlx::query("UPDATE sessions SET superseded = $1 WHERE id = $2 AND generation = $3 AND ended_at IS NULL")
                .bind(superseded_to_json(&session.superseded))
                .bind(&session.id.as_bytes()[..])
                .bind(i64::from(session.generation))
                .execute(&self.pool)
                .await?;
        Ok(updated.rows_affected() == 1)
    }

    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE sessions SET proven_at = $1 WHERE id = $2 AND generation = $3 AND proven_at IS NULL")
            .bind(now.as_millis())
            .bind(&id.as_bytes()[..])
            .bind(i64::from(generation))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn step_up(&self, id: SessionId, now: Timestamp) -> Result<bool> {
        let updated = sqlx::query("UPDATE sessions SET authenticated_at = $1 WHERE id = $2 AND ended_at IS NULL")
            .bind(now.as_millis())
            .bind(&id.as_bytes()[..])
            .execute(&self.pool)
            .await?;
        Ok(updated.rows_affected() == 1)
    }

    async fn end_session(
        &self,
        id: SessionId,
        reason: EndReason,
        denials: &[Denial],
        event: &SecurityEvent,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query("SELECT 1 FROM accounts WHERE id = (SELECT user_id FROM sessions WHERE id = $1) FOR NO KEY UPDATE")
            .bind(&id.as_bytes()[..])
            .execute(&mut *tx)
            .await?;
        let was_live = end(&mut tx, id, reason, now).await?;
        deny(&mut tx, denials).await?;
        if was_live {
            record(&mut tx, event).await?;
        }
        tx.commit().await?;
        Ok(was_live)
    }

    async fn end_sessions(&self, user_id: UserId, which: Which, ending: &Ending) -> Result<Vec<Denial>> {
        let mut tx = self.begin().await?;
        sqlx::query(HOLD_ACCOUNT).bind(&user_id.as_bytes()[..]).execute(&mut *tx).await?;
        let denials = end_all(&mut tx, user_id, which, ending).await?;
        if !denials.is_empty() {
            record(&mut tx, &ending.event).await?;
        }
        tx.commit().await?;
        Ok(denials)
    }

    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>> {
        let rows: Vec<DenialRow> =
            sqlx::query_as("SELECT kind, id, not_before, expires_at FROM denials WHERE expires_at > $1")
                .bind(now.as_millis())
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(Denial::try_from).collect()
    }
}

async fn end(tx: &mut Transaction<'_, Postgres>, id: SessionId, reason: EndReason, now: Timestamp) -> Result<bool> {
    let updated = sqlx::query("UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = $3 AND ended_at IS NULL")
        .bind(now.as_millis())
        .bind(reason.as_str())
        .bind(&id.as_bytes()[..])
        .execute(&mut **tx)
        .await?;
    Ok(updated.rows_affected() == 1)
}

/// Ends the live sessions of an account that are meant, and denies their access tokens.
pub async fn end_all(
    tx: &mut Transaction<'_, Postgres>,
    user_id: UserId,
    which: Which,
    ending: &Ending,
) -> Result<Vec<Denial>> {
    let (only, but) = which.only_and_but();
    let bytes = |id: Option<SessionId>| id.map(|id| id.as_bytes().to_vec());
    let ended: Vec<Vec<u8>> = sqlx::query_scalar(
        "UPDATE sessions SET ended_at = $1, end_reason = $2
         WHERE user_id = $3 AND ended_at IS NULL AND id = coalesce($4, id) AND ($5 IS NULL OR id <> $5) RETURNING id",
    )
    .bind(ending.event.at.as_millis())
    .bind(ending.reason.as_str())
    .bind(&user_id.as_bytes()[..])
    .bind(bytes(only))
    .bind(bytes(but))
    .fetch_all(&mut **tx)
    .await?;
    let denials = denials_of(&ended, ending.denied_until)?;
    deny(tx, &denials).await?;
    Ok(denials)
}

pub async fn deny(tx: &mut Transaction<'_, Postgres>, denials: &[Denial]) -> Result<()> {
    for denial in denials {
        let (kind, id, not_before) = denial_columns(&denial.subject);
        sqlx::query(
            "INSERT INTO denials (kind, id, not_before, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, id) DO UPDATE SET not_before = greatest(denials.not_before, excluded.not_before),
                                                  expires_at = greatest(denials.expires_at, excluded.expires_at)",
        )
        .bind(kind)
        .bind(id)
        .bind(not_before)
        .bind(denial.expires_at.as_millis())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
