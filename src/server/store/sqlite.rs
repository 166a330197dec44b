//! The embedded store: SQLite in WAL mode, one writer and a pool of readers (DESIGN section 7).

mod rows;

use super::{
    Result, Store, StoreError,
    model::{Account, ClientInfo, Credentials, EventKind, NewAccount, NewSession, PasswordHash, SecurityEvent},
};
use crate::{
    server::{
        auth::{
            denylist::{Denial, Denied},
            rotation::Session,
        },
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    shared::{Email, EndReason, Role},
};
use async_trait::async_trait;
use rows::{AccountRow, CredentialsRow, DenialRow, EventRow, SessionRow, array, superseded_to_json};
use sqlx::{
    QueryBuilder, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

/// How long a unit of work may wait for a connection or a lock.
const WAIT: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

const ACCOUNT_BY_ID: &str = "SELECT id, email, role, created_at FROM accounts WHERE id = $1";

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
            .foreign_keys(true);
        let pool = || SqlitePoolOptions::new().acquire_timeout(WAIT).min_connections(1);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("src/server/store/migrations/sqlite").run(&writer).await?;
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
    async fn create_account(&self, new: &NewAccount) -> Result<()> {
        let account = &new.account;
        sqlx::query(
            "INSERT INTO accounts (id, email, role, password_hash, pepper_id, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&account.id.as_bytes()[..])
        .bind(account.email.as_str())
        .bind(account.role.as_str())
        .bind(&new.password.bcrypt)
        .bind(&new.password.pepper_id)
        .bind(account.created_at.as_millis())
        .execute(&self.writer)
        .await
        .map_err(email_taken)?;
        Ok(())
    }

    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let row: Option<CredentialsRow> = sqlx::query_as("SELECT * FROM accounts WHERE email = $1")
            .bind(email.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(Credentials::try_from).transpose()
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        let row: Option<AccountRow> =
            sqlx::query_as(ACCOUNT_BY_ID).bind(&id.as_bytes()[..]).fetch_optional(&self.readers).await?;
        row.map(Account::try_from).transpose()
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        let rows: Vec<AccountRow> =
            sqlx::query_as("SELECT id, email, role, created_at FROM accounts ORDER BY created_at, id")
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(Account::try_from).collect()
    }

    async fn upgrade_password(&self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<()> {
        sqlx::query("UPDATE accounts SET password_hash = $1, pepper_id = $2 WHERE id = $3 AND password_hash = $4")
            .bind(&new.bcrypt)
            .bind(&new.pepper_id)
            .bind(&id.as_bytes()[..])
            .bind(&old.bcrypt)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn set_role(
        &self,
        id: UserId,
        role: Role,
        denied_until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Vec<Denial>>> {
        let mut tx = self.begin().await?;
        let updated = sqlx::query("UPDATE accounts SET role = $1 WHERE id = $2")
            .bind(role.as_str())
            .bind(&id.as_bytes()[..])
            .execute(&mut *tx)
            .await?;
        if updated.rows_affected() == 0 {
            return Ok(None);
        }
        let ended: Vec<Vec<u8>> = sqlx::query_scalar(
            "UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE user_id = $3 AND ended_at IS NULL RETURNING id",
        )
        .bind(now.as_millis())
        .bind(EndReason::RoleChanged.as_str())
        .bind(&id.as_bytes()[..])
        .fetch_all(&mut *tx)
        .await?;
        let denials = ended
            .iter()
            .map(|id| {
                let subject = Denied::Session(SessionId::from_bytes(array(id, "session id")?));
                Ok(Denial { subject, expires_at: denied_until })
            })
            .collect::<Result<Vec<_>>>()?;
        deny(&mut tx, &denials).await?;
        let event = SecurityEvent {
            user_id: id,
            kind: EventKind::RoleChanged,
            session_id: None,
            at: now,
            client: ClientInfo::default(),
        };
        record(&mut tx, &event).await?;
        tx.commit().await?;
        Ok(Some(denials))
    }

    async fn begin_session(&self, new: &NewSession, replaces: &[Denial], now: Timestamp) -> Result<Option<Account>> {
        let mut tx = self.begin().await?;
        let account: Option<AccountRow> =
            sqlx::query_as(ACCOUNT_BY_ID).bind(&new.user_id.as_bytes()[..]).fetch_optional(&mut *tx).await?;
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
                                   last_seen_at, idle_expires_at, absolute_expires_at, user_agent, ip)
             VALUES ($1, $2, 0, $3, $4, '[]', $4, $4, $5, $6, $7, $8)",
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
            user_id: new.user_id,
            kind: EventKind::SignedIn,
            session_id: Some(new.id),
            at: now,
            client: new.client.clone(),
        };
        record(&mut tx, &event).await?;
        tx.commit().await?;
        Ok(Some(account))
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT s.*, a.email, a.role, a.created_at AS account_created_at
             FROM sessions s JOIN accounts a ON a.id = s.user_id WHERE s.id IN (",
        );
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.as_bytes().to_vec());
        }
        query.push(")");
        let rows: Vec<SessionRow> = query.build_query_as().fetch_all(&self.readers).await?;
        rows.into_iter().map(SessionRow::into_model).collect()
    }

    async fn rotate(&self, from: u32, session: &Session) -> Result<bool> {
        let updated = sqlx::query(
            "UPDATE sessions SET generation = $1, token_hash = $2, rotated_at = $3, proven_at = NULL,
                                 superseded = $4, last_seen_at = $3, idle_expires_at = $5
             WHERE id = $6 AND generation = $7 AND ended_at IS NULL",
        )
        .bind(session.generation)
        .bind(&session.token_hash.as_bytes()[..])
        .bind(session.rotated_at.as_millis())
        .bind(superseded_to_json(&session.superseded))
        .bind(session.idle_expires_at.as_millis())
        .bind(&session.id.as_bytes()[..])
        .bind(from)
        .execute(&self.writer)
        .await?;
        Ok(updated.rows_affected() == 1)
    }

    async fn renew_grace(&self, session: &Session) -> Result<bool> {
        let updated =
            sqlx::query("UPDATE sessions SET superseded = $1 WHERE id = $2 AND generation = $3 AND ended_at IS NULL")
                .bind(superseded_to_json(&session.superseded))
                .bind(&session.id.as_bytes()[..])
                .bind(session.generation)
                .execute(&self.writer)
                .await?;
        Ok(updated.rows_affected() == 1)
    }

    async fn prove(&self, id: SessionId, generation: u32, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE sessions SET proven_at = $1 WHERE id = $2 AND generation = $3 AND proven_at IS NULL")
            .bind(now.as_millis())
            .bind(&id.as_bytes()[..])
            .bind(generation)
            .execute(&self.writer)
            .await?;
        Ok(())
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
        deny(&mut tx, denials).await?;
        let was_live = end(&mut tx, id, reason, now).await?;
        if was_live {
            record(&mut tx, event).await?;
        }
        tx.commit().await?;
        Ok(was_live)
    }

    async fn denials(&self, now: Timestamp) -> Result<Vec<Denial>> {
        let rows: Vec<DenialRow> =
            sqlx::query_as("SELECT kind, id, not_before, expires_at FROM denials WHERE expires_at > $1")
                .bind(now.as_millis())
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(Denial::try_from).collect()
    }

    async fn events(&self, user_id: UserId, limit: u32) -> Result<Vec<SecurityEvent>> {
        let rows: Vec<EventRow> =
            sqlx::query_as("SELECT * FROM events WHERE user_id = $1 ORDER BY at DESC, rowid DESC LIMIT $2")
                .bind(&user_id.as_bytes()[..])
                .bind(limit)
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(SecurityEvent::try_from).collect()
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

async fn end(tx: &mut Transaction<'_, Sqlite>, id: SessionId, reason: EndReason, now: Timestamp) -> Result<bool> {
    let updated = sqlx::query("UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = $3 AND ended_at IS NULL")
        .bind(now.as_millis())
        .bind(reason.as_str())
        .bind(&id.as_bytes()[..])
        .execute(&mut **tx)
        .await?;
    Ok(updated.rows_affected() == 1)
}

async fn deny(tx: &mut Transaction<'_, Sqlite>, denials: &[Denial]) -> Result<()> {
    for denial in denials {
        let (kind, id, not_before) = match &denial.subject {
            Denied::Token(id) => ("jti", id.as_bytes(), 0),
            Denied::Session(id) => ("sid", id.as_bytes(), 0),
            Denied::User(id, not_before) => ("sub", id.as_bytes(), not_before.as_millis()),
        };
        sqlx::query(
            "INSERT INTO denials (kind, id, not_before, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, id) DO UPDATE SET not_before = max(not_before, excluded.not_before),
                                                  expires_at = max(expires_at, excluded.expires_at)",
        )
        .bind(kind)
        .bind(&id[..])
        .bind(not_before)
        .bind(denial.expires_at.as_millis())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn record(tx: &mut Transaction<'_, Sqlite>, event: &SecurityEvent) -> Result<()> {
    sqlx::query("INSERT INTO events (user_id, at, kind, session_id, user_agent, ip) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&event.user_id.as_bytes()[..])
        .bind(event.at.as_millis())
        .bind(event.kind.as_str())
        .bind(event.session_id.map(|id| id.as_bytes().to_vec()))
        .bind(&event.client.user_agent)
        .bind(&event.client.ip)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The unique constraint says it; a look-up before the insert would race.
fn email_taken(error: sqlx::Error) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() && database.message().contains("accounts.email") => {
            StoreError::EmailTaken
        }
        _ => error.into(),
    }
}
