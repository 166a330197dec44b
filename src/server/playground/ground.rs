//! What every visitor of the playground stands on: a store, keys, and an account of each role.

use super::visit::ACCESS_TOKEN_LIFE;
use crate::{
    server::{
        auth::{
            key_set::{KeyPolicy, KeySet, SigningKeys},
            signing_key::{SigningAlgorithm, SigningKey},
        },
        clock::Timestamp,
        entropy::Entropy,
        error::Error,
        id::UserId,
        secret::Secret,
        store::{
            Store, StoreError,
            bounded::BoundedStore,
            model::{Account, NewAccount, PasswordHash},
            postgres::PostgresStore,
            sqlite::SqliteStore,
        },
    },
    shared::{Email, Role},
};
use sqlx::postgres::PgConnectOptions;
use std::{fmt::Display, sync::Arc};
use tempfile::TempDir;

/// Beside the app's own tables, never among them.
const SCHEMA: &str = "counterfoil_playground";
const CONNECTIONS: u32 = 2;

/// A store, keys, and an account of each role.
pub struct Ground {
    pub store: Arc<dyn Store>,
    pub keys: Arc<SigningKeys>,
    pub secret: Secret,
    user: Account,
    admin: Account,
    _folder: Option<TempDir>,
}

impl Ground {
    /// The ground in the database that the nodes share, or else in a folder that goes with this process. Its keys
    /// hang on the secret alone, so that they are the same on every node.
    ///
    /// # Errors
    /// When the store cannot be made.
    pub async fn new(
        database: Option<&PgConnectOptions>,
        secret: &Secret,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let policy = KeyPolicy { algorithm: SigningAlgorithm::EdDsa, token_life: ACCESS_TOKEN_LIFE };
        let key = SigningKey::from_seed(&secret.derive("counterfoil playground access token")).map_err(internal)?;
        let keys = KeySet::of_one(key, policy, now).map_err(internal)?;
        let (store, folder): (Arc<dyn Store>, _) = if let Some(server) = database {
            (Arc::new(BoundedStore(PostgresStore::open_in(SCHEMA, server, CONNECTIONS).await?)), None)
        } else {
            let folder = tempfile::tempdir().map_err(internal)?;
            (Arc::new(SqliteStore::open(&folder.path().join("playground.db")).await?), Some(folder))
        };
        Ok(Self {
            user: account(&*store, "alice@lab.invalid", Role::User, entropy, now).await?,
            admin: account(&*store, "admin@lab.invalid", Role::Admin, entropy, now).await?,
            keys: Arc::new(SigningKeys::new(keys)),
            secret: secret.clone(),
            store,
            _folder: folder,
        })
    }

    /// The account of this role.
    pub const fn account(&self, role: Role) -> &Account {
        match role {
            Role::User => &self.user,
            Role::Admin => &self.admin,
        }
    }
}

/// An account that no password opens; the one that another node has made, if it has.
async fn account(
    store: &dyn Store,
    email: &str,
    role: Role,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<Account, Error> {
    let email = Email::parse(email).map_err(|_| Error::InvalidEmail)?;
    let account = Account { id: UserId::generate(entropy), email, role, created_at: now };
    let password = PasswordHash { bcrypt: String::new(), pepper_id: String::new() };
    match store.create_account(&NewAccount { account: account.clone(), password }).await {
        Err(StoreError::EmailTaken) => {}
        made => return Ok(made.map(|()| account)?),
    }
    let found = store.credentials(&account.email).await?;
    found.map(|found| found.account).ok_or_else(|| Error::Internal("an account of the playground is gone".into()))
}

fn internal(error: impl Display) -> Error {
    Error::Internal(error.to_string())
}
