//! From settings to services: folders, secrets, the store and, in development, demo accounts.

use super::{
    clock::{Clock, SystemClock, Timestamp},
    config::{Mode, SettingError, Settings},
    entropy::{Entropy, SystemEntropy},
    error::Error,
    secret::SecretFile,
    state::{AppState, Foundation, Secrets},
    store::{
        Inspection, Store,
        bounded::BoundedStore,
        postgres::{self, PostgresStore},
        sqlite::{self, SqliteStore},
    },
};
use crate::shared::Role;
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use zeroize::Zeroizing;

/// The accounts that development starts with.
const DEMO: [(&str, Role); 2] = [("demo@example.com", Role::User), ("admin@example.com", Role::Admin)];
/// Where their passwords are kept, in the data folder.
const DEMO_FILE: &str = "demo-accounts.txt";

/// Checks the settings and reads the secrets; in development, makes those that are missing.
///
/// # Errors
/// The setting that is wrong, or whose secret is missing or weak.
pub fn secrets(settings: &Settings, entropy: &dyn Entropy, now: Timestamp) -> Result<Secrets, SettingError> {
    settings.check()?;
    let keys = settings.keys_folder();
    let failed = |setting| move |problem: String| SettingError { setting, problem };
    if settings.mode == Mode::Development {
        private_folder(&keys).map_err(|error| failed("COUNTERFOIL_DATA_DIR")(error.to_string()))?;
    }
    let load = |setting, chosen: &Option<PathBuf>, name: &str| {
        let path = chosen.clone().unwrap_or_else(|| keys.join(name));
        let file = match settings.mode {
            Mode::Development => SecretFile::load_or_create(&path, entropy),
            Mode::Production => SecretFile::load(&path),
        };
        file.map_err(|error| failed(setting)(error.to_string()))
    };
    let key_file = settings.key_file();
    let access_token = match settings.mode {
        Mode::Development => key_file.load_or_create(entropy, now),
        Mode::Production => key_file.load(),
    };
    let access_token = access_token.map_err(|error| failed("COUNTERFOIL_ACCESS_TOKEN_KEY_FILE")(error.to_string()))?;
    let refresh_token =
        load("COUNTERFOIL_REFRESH_TOKEN_KEY_FILE", &settings.refresh_token_key_file, "refresh-token.key")?;
    let pepper = load("COUNTERFOIL_PEPPER_FILE", &settings.pepper_file, "pepper.key")?;
    let holds = |file: &SecretFile, id: &str| file.all().iter().any(|secret| secret.id() == id);
    let signs_with_a_key_of =
        |file: &SecretFile| access_token.keys().iter().any(|scheduled| holds(file, scheduled.key.id()));
    if signs_with_a_key_of(&refresh_token) {
        return Err(failed("COUNTERFOIL_REFRESH_TOKEN_KEY_FILE")(
            "holds a key of access tokens; each has its own".into(),
        ));
    }
    if signs_with_a_key_of(&pepper) || pepper.all().iter().any(|secret| holds(&refresh_token, &secret.id())) {
        return Err(failed("COUNTERFOIL_PEPPER_FILE")("holds a key of tokens; each has its own".into()));
    }
    Ok(Secrets { access_token, refresh_token, pepper })
}

/// Opens the store and puts the services together.
///
/// # Errors
/// What went wrong, naming the setting where it is one.
pub async fn open(settings: Settings) -> Result<AppState, Box<dyn std::error::Error>> {
    let entropy = Arc::new(SystemEntropy);
    let secrets = secrets(&settings, &*entropy, SystemClock.now())?;
    let store = store(&settings).await?;
    let foundation = Foundation { settings, secrets, store, clock: Arc::new(SystemClock), entropy };
    Ok(AppState::new(foundation).await?)
}

/// Opens the store alone.
///
/// # Errors
/// The store's, naming the setting where it is a server; or when the store's folder cannot be made.
pub async fn store(settings: &Settings) -> Result<Arc<dyn Store>, Box<dyn std::error::Error>> {
    if let Some(server) = settings.database_server()? {
        let store = PostgresStore::open(&server, settings.database_connections).await;
        let store = store.map_err(|error| format!("COUNTERFOIL_DATABASE_URL: {error}"))?;
        return Ok(Arc::new(BoundedStore(store)));
    }
    private_folder(&settings.data_dir)?;
    Ok(Arc::new(SqliteStore::open(&settings.database_file()).await?))
}

/// Looks at the database and changes nothing. Nothing when there is none yet.
///
/// # Errors
/// The setting's, or the database's.
pub async fn inspect(settings: &Settings) -> Result<Option<Inspection>, Box<dyn std::error::Error>> {
    let file = settings.database_file();
    Ok(match settings.database_server()? {
        Some(server) => Some(postgres::inspect(&server).await?),
        None if file.exists() => Some(sqlite::inspect(&file).await?),
        None => None,
    })
}

/// Creates the demo accounts that do not exist yet. Their passwords are random, and kept in a private file of the
/// data folder, whose path is the result.
///
/// # Errors
/// The store's, or when the file cannot be written.
pub async fn demo_accounts(state: &AppState) -> Result<Vec<(String, Zeroizing<String>)>, Box<dyn std::error::Error>> {
    let mut created = Vec::new();
    for (email, role) in DEMO {
        let password = passphrase(&*state.sessions.entropy);
        match state.accounts.create(email, &password, role).await {
            Ok(_) => created.push((email.to_owned(), password)),
            Err(Error::EmailTaken) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if !created.is_empty() {
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(demo_file(&state.settings))?;
        for (email, password) in &created {
            writeln!(file, "{email}  {}", **password)?;
        }
    }
    Ok(created)
}

/// Where the passwords of the demo accounts are kept.
pub fn demo_file(settings: &Settings) -> PathBuf {
    settings.data_dir.join(DEMO_FILE)
}

/// Makes a folder that only this user can enter, with its parents.
pub fn private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        private_folder(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && fs::metadata(path)?.is_dir() => Ok(()),
        result => result,
    }
}

/// Five groups of five letters and digits, about 125 bits, without those that look alike.
fn passphrase(entropy: &dyn Entropy) -> Zeroizing<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = Zeroizing::new(entropy.bytes::<25>());
    let letters: Zeroizing<Vec<char>> =
        Zeroizing::new(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect());
    Zeroizing::new(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}
