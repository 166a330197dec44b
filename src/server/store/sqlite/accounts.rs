//! Accounts in SQLite.

use super::{
    SqliteStore,
    events::record,
    sessions::{deny, end_all},
};
use crate::{
    server::{
        auth::denylist::Denial,
        clock::Timestamp,
        id::{SessionId, UserId},
        store::{
            AccountStore, Result, StoreError,
            model::{
                Account, AccountFilter, AccountSummary, Credentials, Ending, NewAccount, PasswordHash, SecurityEvent,
                Which,
            },
            rows::{AccountRow, AccountSummaryRow, CredentialsRow, page},
        },
    },
    shared::{Email, Role},
};
use async_trait::async_trait;
use sqlx::{Sqlite, Transaction};

pub const ACCOUNT_BY_ID: &str = "SELECT id, email, role, created_at FROM accounts WHERE id = $1";

#[async_trait]
impl AccountStore for SqliteStore {
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

    async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>> {
        let row: Option<CredentialsRow> = sqlx::query_as("SELECT * FROM accounts WHERE id = $1")
            .bind(&id.as_bytes()[..])
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

    async fn find_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<(Vec<AccountSummary>, u32)> {
        let rows: Vec<AccountSummaryRow> = sqlx::query_as(
            "SELECT a.id, a.email, a.role, a.created_at, count(*) OVER () AS total,
                    (SELECT max(last_seen_at) FROM sessions s WHERE s.user_id = a.id) AS last_seen_at,
                    (SELECT count(*) FROM sessions s WHERE s.user_id = a.id AND s.ended_at IS NULL
                        AND s.idle_expires_at > $1 AND s.absolute_expires_at > $1) AS live_sessions
             FROM accounts a
             WHERE a.email LIKE '%' || $2 || '%' ESCAPE '!' AND a.role = coalesce($3, a.role)
             ORDER BY a.created_at, a.id LIMIT $4 OFFSET $5",
        )
        .bind(now.as_millis())
        .bind(filter.escaped_search())
        .bind(filter.role.map(Role::as_str))
        .bind(filter.limit)
        .bind(filter.offset)
        .fetch_all(&self.readers)
        .await?;
        page(rows)
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

    async fn change_password(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        keep: SessionId,
        ending: &Ending,
    ) -> Result<Option<Vec<Denial>>> {
        let mut tx = self.begin().await?;
        let updated =
            sqlx::query("UPDATE accounts SET password_hash = $1, pepper_id = $2 WHERE id = $3 AND password_hash = $4")
                .bind(&new.bcrypt)
                .bind(&new.pepper_id)
                .bind(&id.as_bytes()[..])
                .bind(&old.bcrypt)
                .execute(&mut *tx)
                .await?;
        if updated.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query("UPDATE sessions SET authenticated_at = $1 WHERE id = $2 AND ended_at IS NULL")
            .bind(ending.event.at.as_millis())
            .bind(&keep.as_bytes()[..])
            .execute(&mut *tx)
            .await?;
        let denials = end_all(&mut tx, id, Which::AllBut(keep), ending).await?;
        record(&mut tx, &ending.event).await?;
        tx.commit().await?;
        Ok(Some(denials))
    }

    async fn set_role(&self, id: UserId, role: Role, ending: &Ending) -> Result<Option<Vec<Denial>>> {
        let mut tx = self.begin().await?;
        let account: Option<AccountRow> =
            sqlx::query_as(ACCOUNT_BY_ID).bind(&id.as_bytes()[..]).fetch_optional(&mut *tx).await?;
        let Some(account) = account.map(Account::try_from).transpose()? else {
            return Ok(None);
        };
        sqlx::query("UPDATE accounts SET role = $1 WHERE id = $2")
            .bind(role.as_str())
            .bind(&id.as_bytes()[..])
            .execute(&mut *tx)
            .await?;
        if account.role == Role::Admin && role != Role::Admin {
            require_admin(&mut tx).await?;
        }
        let denials = end_all(&mut tx, id, Which::All, ending).await?;
        record(&mut tx, &ending.event).await?;
        tx.commit().await?;
        Ok(Some(denials))
    }

    async fn delete_account(&self, id: UserId, denial: &Denial, event: &SecurityEvent) -> Result<bool> {
        let mut tx = self.begin().await?;
        let role: Option<String> = sqlx::query_scalar("DELETE FROM accounts WHERE id = $1 RETURNING role")
            .bind(&id.as_bytes()[..])
            .fetch_optional(&mut *tx)
            .await?;
        let Some(role) = role else {
            return Ok(false);
        };
        if role == Role::Admin.as_str() {
            require_admin(&mut tx).await?;
        }
        deny(&mut tx, &[*denial]).await?;
        record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    }
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

/// Fails, and so undoes the unit of work, when no administrator is left.
async fn require_admin(tx: &mut Transaction<'_, Sqlite>) -> Result<()> {
    let is_left: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM accounts WHERE role = $1)")
        .bind(Role::Admin.as_str())
        .fetch_one(&mut **tx)
        .await?;
    if is_left { Ok(()) } else { Err(StoreError::LastAdmin) }
}
