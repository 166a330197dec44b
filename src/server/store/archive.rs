//! Everything that a store keeps, record by record, so that another store can go on with it.

use super::{Result, StoreError};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::{Database, Encode, Executor, FromRow, IntoArguments, Type};
use std::io;

/// Gives a store's content away whole, and takes another's in.
#[async_trait]
pub trait ArchiveStore: Send + Sync {
    /// Gives every record to `write` as of one moment, each after those that it refers to.
    async fn export(&self, write: &mut (dyn FnMut(Record) -> io::Result<()> + Send)) -> Result<()>;

    /// Takes all the records in, or none of them.
    ///
    /// # Errors
    /// [`super::StoreError::NotEmpty`] when the store holds something already.
    async fn import(&self, records: &mut (dyn Iterator<Item = io::Result<Record>> + Send)) -> Result<()>;
}

/// One row, as it is in every store.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    Account(AccountRecord),
    Session(Box<SessionRecord>),
    Denial(DenialRecord),
    Event(EventRecord),
}

#[derive(FromRow, Serialize, Deserialize)]
pub struct AccountRecord {
    id: Bytes,
    email: String,
    role: String,
    password_hash: String,
    pepper_id: String,
    created_at: i64,
}

#[derive(FromRow, Serialize, Deserialize)]
pub struct SessionRecord {
    id: Bytes,
    user_id: Bytes,
    generation: i64,
    token_hash: Bytes,
    rotated_at: i64,
    proven_at: Option<i64>,
    superseded: String,
    created_at: i64,
    last_seen_at: i64,
    authenticated_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    user_agent: String,
    ip: String,
}

#[derive(FromRow, Serialize, Deserialize)]
pub struct DenialRecord {
    kind: String,
    id: Bytes,
    not_before: i64,
    expires_at: i64,
}

#[derive(FromRow, Serialize, Deserialize)]
pub struct EventRecord {
    user_id: Option<Bytes>,
    actor_id: Option<Bytes>,
    at: i64,
    kind: String,
    session_id: Option<Bytes>,
    detail: String,
    user_agent: String,
    ip: String,
}

/// Bytes, which are base64 outside a store.
#[derive(Clone, sqlx::Type, Serialize, Deserialize)]
#[sqlx(transparent)]
#[serde(into = "String", try_from = "String")]
pub struct Bytes(Vec<u8>);

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        STANDARD.encode(bytes.0)
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

/// Reads every table, in whose transaction all are as of one moment.
pub async fn read<DB>(
    connection: &mut DB::Connection,
    write: &mut (dyn FnMut(Record) -> io::Result<()> + Send),
) -> Result<()>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    AccountRecord: for<'r> FromRow<'r, DB::Row>,
    SessionRecord: for<'r> FromRow<'r, DB::Row>,
    DenialRecord: for<'r> FromRow<'r, DB::Row>,
    EventRecord: for<'r> FromRow<'r, DB::Row>,
{
    let mut rows = sqlx::query_as("SELECT * FROM accounts ORDER BY created_at, id").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        write(Record::Account(row))?;
    }
    drop(rows);
    let mut rows = sqlx::query_as("SELECT * FROM sessions ORDER BY created_at, id").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        write(Record::Session(Box::new(row)))?;
    }
    drop(rows);
    let mut rows = sqlx::query_as("SELECT * FROM denials ORDER BY kind, id").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        write(Record::Denial(row))?;
    }
    drop(rows);
    let mut rows = sqlx::query_as("SELECT * FROM events ORDER BY id").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        write(Record::Event(row))?;
    }
    Ok(())
}

/// Writes every record, in whose transaction it is all of them or none.
pub async fn fill<DB>(
    connection: &mut DB::Connection,
    records: &mut (dyn Iterator<Item = io::Result<Record>> + Send),
) -> Result<()>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    (bool,): for<'r> FromRow<'r, DB::Row>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Bytes: for<'q> Encode<'q, DB> + Type<DB>,
    Option<i64>: for<'q> Encode<'q, DB>,
    Option<String>: for<'q> Encode<'q, DB>,
    Option<Bytes>: for<'q> Encode<'q, DB>,
{
    let (holds_something,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM accounts) OR EXISTS (SELECT 1 FROM denials) OR EXISTS (SELECT 1 FROM events)",
    )
    .fetch_one(&mut *connection)
    .await?;
    if holds_something {
        return Err(StoreError::NotEmpty);
    }
    for record in records {
        let query = match record? {
            Record::Account(row) => sqlx::query(
                "INSERT INTO accounts (id, email, role, password_hash, pepper_id, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(row.id)
            .bind(row.email)
            .bind(row.role)
            .bind(row.password_hash)
            .bind(row.pepper_id)
            .bind(row.created_at),
            Record::Session(row) => sqlx::query(
                "INSERT INTO sessions (id, user_id, generation, token_hash, rotated_at, proven_at, superseded,
                                       created_at, last_seen_at, authenticated_at, idle_expires_at,
                                       absolute_expires_at, ended_at, end_reason, user_agent, ip)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            )
            .bind(row.id)
            .bind(row.user_id)
            .bind(row.generation)
            .bind(row.token_hash)
            .bind(row.rotated_at)
            .bind(row.proven_at)
            .bind(row.superseded)
            .bind(row.created_at)
            .bind(row.last_seen_at)
            .bind(row.authenticated_at)
            .bind(row.idle_expires_at)
            .bind(row.absolute_expires_at)
            .bind(row.ended_at)
            .bind(row.end_reason)
            .bind(row.user_agent)
            .bind(row.ip),
            Record::Denial(row) => {
                sqlx::query("INSERT INTO denials (kind, id, not_before, expires_at) VALUES ($1, $2, $3, $4)")
                    .bind(row.kind)
                    .bind(row.id)
                    .bind(row.not_before)
                    .bind(row.expires_at)
            }
            Record::Event(row) => sqlx::query(
                "INSERT INTO events (user_id, actor_id, at, kind, session_id, detail, user_agent, ip)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(row.user_id)
            .bind(row.actor_id)
            .bind(row.at)
            .bind(row.kind)
            .bind(row.session_id)
            .bind(row.detail)
            .bind(row.user_agent)
            .bind(row.ip),
        };
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
