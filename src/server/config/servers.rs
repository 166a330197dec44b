//! Where state is kept: the database, and what several nodes share.

use super::{DatabaseUrl, SettingError, Settings};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::{fs, path::PathBuf};

impl Settings {
    /// SQLite's file, where no server is set.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("counterfoil.db")
    }

    /// How to connect to PostgreSQL, where it is set.
    ///
    /// # Errors
    /// When its URL is none.
    pub fn database_server(&self) -> Result<Option<PgConnectOptions>, SettingError> {
        let refused = |problem: &str| SettingError { setting: "COUNTERFOIL_DATABASE_URL", problem: problem.to_owned() };
        self.database_url.as_ref().map(DatabaseUrl::options).transpose().map_err(refused)
    }

    /// How to connect to Redis, where it is set.
    ///
    /// # Errors
    /// When its URL is none, or there is no authority in the file of authorities.
    pub fn redis_server(&self) -> Result<Option<redis::Client>, SettingError> {
        let refused = |setting, problem: String| SettingError { setting, problem };
        let Some(url) = &self.redis_url else { return Ok(None) };
        let client = url.client().map_err(|error| refused("COUNTERFOIL_REDIS_URL", error.to_string()))?;
        let Some(path) = &self.redis_ca_file else { return Ok(Some(client)) };
        let refused = |problem: String| refused("COUNTERFOIL_REDIS_CA_FILE", problem);
        let authorities = fs::read_to_string(path).map_err(|error| refused(format!("{}: {error}", path.display())))?;
        if !authorities.contains("-----BEGIN CERTIFICATE-----") {
            return Err(refused(format!("{} holds no certificate", path.display())));
        }
        url.client_trusting(authorities.into()).map(Some).map_err(|error| refused(error.to_string()))
    }

    /// Redis and whom it has to convince, as far as it may be printed.
    pub fn redis_name(&self) -> String {
        let Some(url) = &self.redis_url else { return "none, one node".to_owned() };
        let host = url.host().unwrap_or_default();
        match &self.redis_ca_file {
            Some(path) => format!("{host}, by the authorities in {}", path.display()),
            None => host,
        }
    }

    /// Whether nobody on the network can stand between this node and the database.
    pub fn database_is_private(&self) -> bool {
        let Ok(Some(server)) = self.database_server() else { return true };
        let is_here = server.get_socket().is_some() || matches!(server.get_host(), "localhost" | "127.0.0.1" | "::1");
        is_here || matches!(server.get_ssl_mode(), PgSslMode::VerifyFull)
    }

    /// The database, as far as it may be printed.
    pub fn database_name(&self) -> String {
        self.database_url.as_ref().map_or_else(|| self.database_file().display().to_string(), ToString::to_string)
    }
}
