//! The rows, which are the same in every store, and how they become what the trait speaks of.

use super::{
    Result, StoreError,
    model::{Account, AccountSummary, ClientInfo, Credentials, PasswordHash, SecurityEvent, SessionRecord},
};
use crate::{
    server::{
        auth::{
            denylist::{Denial, Denied},
            refresh_token::RefreshTokenHash,
            rotation::{Session, Superseded},
        },
        clock::Timestamp,
        id::{SessionId, TokenId, UserId},
    },
    shared::{Email, EndReason, EventKind},
};
use sqlx::FromRow;

pub fn superseded_to_json(superseded: &[Superseded]) -> String {
    let pairs = superseded.iter().map(|s| serde_json::json!([s.generation, s.at.as_millis()]));
    pairs.collect::<serde_json::Value>().to_string()
}

fn superseded_from_json(text: &str) -> Result<Vec<Superseded>> {
    let pairs: Vec<(u32, i64)> = serde_json::from_str(text).map_err(|_| StoreError::Corrupt("superseded"))?;
    Ok(pairs.into_iter().map(|(generation, at)| Superseded { generation, at: Timestamp::from_millis(at) }).collect())
}

fn array<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| StoreError::Corrupt(what))
}

fn count(number: i64, what: &'static str) -> Result<u32> {
    number.try_into().map_err(|_| StoreError::Corrupt(what))
}

/// A page of accounts, and how many there are in all.
pub fn page(rows: Vec<AccountSummaryRow>) -> Result<(Vec<AccountSummary>, u32)> {
    let total = rows.first().map_or(0, |row| row.total);
    Ok((rows.into_iter().map(AccountSummary::try_from).collect::<Result<_>>()?, count(total, "number of accounts")?))
}

/// The kind, the id and the time of a denial.
pub fn denial_columns(subject: &Denied) -> (&'static str, &[u8], i64) {
    match subject {
        Denied::Token(id) => ("jti", id.as_bytes(), 0),
        Denied::Session(id) => ("sid", id.as_bytes(), 0),
        Denied::User(id, not_before) => ("sub", id.as_bytes(), not_before.as_millis()),
    }
}

/// The denials of the access tokens of these sessions.
pub fn denials_of(sessions: &[Vec<u8>], expires_at: Timestamp) -> Result<Vec<Denial>> {
    let denial = |id: &Vec<u8>| {
        let subject = Denied::Session(SessionId::from_bytes(array(id, "session id")?));
        Ok(Denial { subject, expires_at })
    };
    sessions.iter().map(denial).collect()
}

fn account(id: &[u8], email: &str, role: &str, created_at: i64) -> Result<Account> {
    Ok(Account {
        id: UserId::from_bytes(array(id, "user id")?),
        email: Email::parse(email).map_err(|_| StoreError::Corrupt("email"))?,
        role: role.parse().map_err(|_| StoreError::Corrupt("role"))?,
        created_at: Timestamp::from_millis(created_at),
    })
}

#[derive(FromRow)]
pub struct AccountRow {
    id: Vec<u8>,
    email: String,
    role: String,
    created_at: i64,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self> {
        account(&row.id, &row.email, &row.role, row.created_at)
    }
}

#[derive(FromRow)]
pub struct CredentialsRow {
    #[sqlx(flatten)]
    account: AccountRow,
    password_hash: String,
    pepper_id: String,
}

impl TryFrom<CredentialsRow> for Credentials {
    type Error = StoreError;

    fn try_from(row: CredentialsRow) -> Result<Self> {
        Ok(Self {
            account: row.account.try_into()?,
            password: PasswordHash { bcrypt: row.password_hash, pepper_id: row.pepper_id },
        })
    }
}

#[derive(FromRow)]
pub struct SessionRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    generation: i64,
    token_hash: Vec<u8>,
    rotated_at: i64,
    proven_at: Option<i64>,
    superseded: String,
    created_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    email: String,
    role: String,
    account_created_at: i64,
    authenticated_at: i64,
}

impl SessionRow {
    pub fn into_model(self) -> Result<(Session, Account)> {
        let account = account(&self.user_id, &self.email, &self.role, self.account_created_at)?;
        let ended = ended(self.ended_at, self.end_reason.as_deref())?;
        let session = Session {
            id: SessionId::from_bytes(array(&self.id, "session id")?),
            user_id: account.id,
            generation: count(self.generation, "generation")?,
            token_hash: RefreshTokenHash::from_bytes(array(&self.token_hash, "token hash")?),
            rotated_at: Timestamp::from_millis(self.rotated_at),
            proven: self.proven_at.is_some(),
            superseded: superseded_from_json(&self.superseded)?,
            created_at: Timestamp::from_millis(self.created_at),
            authenticated_at: Timestamp::from_millis(self.authenticated_at),
            idle_expires_at: Timestamp::from_millis(self.idle_expires_at),
            absolute_expires_at: Timestamp::from_millis(self.absolute_expires_at),
            ended,
        };
        Ok((session, account))
    }
}

fn ended(at: Option<i64>, reason: Option<&str>) -> Result<Option<(Timestamp, EndReason)>> {
    let reason = |at| {
        let reason = reason.and_then(EndReason::parse).ok_or(StoreError::Corrupt("end reason"))?;
        Ok((Timestamp::from_millis(at), reason))
    };
    at.map(reason).transpose()
}

#[derive(FromRow)]
pub struct SessionRecordRow {
    id: Vec<u8>,
    created_at: i64,
    last_seen_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    user_agent: String,
    ip: String,
}

impl TryFrom<SessionRecordRow> for SessionRecord {
    type Error = StoreError;

    fn try_from(row: SessionRecordRow) -> Result<Self> {
        Ok(Self {
            id: SessionId::from_bytes(array(&row.id, "session id")?),
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: Timestamp::from_millis(row.last_seen_at),
            idle_expires_at: Timestamp::from_millis(row.idle_expires_at),
            absolute_expires_at: Timestamp::from_millis(row.absolute_expires_at),
            ended: ended(row.ended_at, row.end_reason.as_deref())?,
            client: ClientInfo { user_agent: row.user_agent, ip: row.ip },
        })
    }
}

#[derive(FromRow)]
pub struct AccountSummaryRow {
    #[sqlx(flatten)]
    account: AccountRow,
    live_sessions: i64,
    last_seen_at: Option<i64>,
    total: i64,
}

impl TryFrom<AccountSummaryRow> for AccountSummary {
    type Error = StoreError;

    fn try_from(row: AccountSummaryRow) -> Result<Self> {
        Ok(Self {
            account: row.account.try_into()?,
            live_sessions: count(row.live_sessions, "number of sessions")?,
            last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
        })
    }
}

#[derive(FromRow)]
pub struct DenialRow {
    kind: String,
    id: Vec<u8>,
    not_before: i64,
    expires_at: i64,
}

impl TryFrom<DenialRow> for Denial {
    type Error = StoreError;

    fn try_from(row: DenialRow) -> Result<Self> {
        let id = array(&row.id, "denied id")?;
        let subject = match row.kind.as_str() {
            "jti" => Denied::Token(TokenId::from_bytes(id)),
            "sid" => Denied::Session(SessionId::from_bytes(id)),
            "sub" => Denied::User(UserId::from_bytes(id), Timestamp::from_millis(row.not_before)),
            _ => return Err(StoreError::Corrupt("denial kind")),
        };
        Ok(Self { subject, expires_at: Timestamp::from_millis(row.expires_at) })
    }
}

#[derive(FromRow)]
pub struct EventRow {
    user_id: Option<Vec<u8>>,
    actor_id: Option<Vec<u8>>,
    at: i64,
    kind: String,
    session_id: Option<Vec<u8>>,
    detail: String,
    user_agent: String,
    ip: String,
}

impl TryFrom<EventRow> for SecurityEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self> {
        let user = |id: Option<Vec<u8>>| id.map(|id| array(&id, "user id").map(UserId::from_bytes)).transpose();
        Ok(Self {
            kind: EventKind::parse(&row.kind).ok_or(StoreError::Corrupt("event kind"))?,
            user_id: user(row.user_id)?,
            actor_id: user(row.actor_id)?,
            session_id: row.session_id.map(|id| array(&id, "session id").map(SessionId::from_bytes)).transpose()?,
            detail: row.detail,
            at: Timestamp::from_millis(row.at),
            client: ClientInfo { user_agent: row.user_agent, ip: row.ip },
        })
    }
}
