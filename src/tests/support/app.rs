//! The application, as `main` builds it, over parameters that the test holds.

use super::{Call, CountingStore, Forger, ManualClock, PostgresDatabase, START, SeededEntropy, User, signing_key};
use axum::Router;
use clap::Parser;
use counterfoil::server::{
    archive,
    auth::{
        key_feed::KeyFeed,
        key_set::{KeySet, SigningKeys},
        signing_key::{SigningAlgorithm, SigningKey},
    },
    bootstrap,
    clock::Clock,
    config::Settings,
    entropy::SystemEntropy,
    router::router,
    secret::SecretFile,
    state::{AppState, Foundation, Secrets},
};
use std::{env, fs, path::PathBuf, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::task::AbortHandle;

/// The keys of refresh tokens and of passwords.
const KEYS: [[u8; 32]; 2] = [[0xb2; 32], [0xc3; 32]];

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// The application under test, with everything that it stands on.
pub struct TestApp {
    folder: TempDir,
    /// What it keeps everything in, where that is not SQLite.
    database: Option<PostgresDatabase>,
    flags: Vec<String>,
    entropy: Arc<SeededEntropy>,
    pub clock: Arc<ManualClock>,
    pub store: Arc<CountingStore>,
    pub state: AppState,
    pub router: Router,
    following: AbortHandle,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With these settings beside the tests' own. `COUNTERFOIL_TEST_STORE=postgres` runs a test over PostgreSQL.
    pub async fn with(flags: &[&str]) -> Self {
        Self::seeded(1, flags).await
    }

    /// With randomness of its own, for one that is not alone.
    pub async fn seeded(seed: u64, flags: &[&str]) -> Self {
        let database = match env::var("COUNTERFOIL_TEST_STORE").as_deref() {
            Ok("postgres") => Some(PostgresDatabase::create().await.expect("a PostgreSQL for the tests")),
            _ => None,
        };
        Self::over(database, seed, flags).await
    }

    /// Over this database, or SQLite.
    pub async fn over(database: Option<PostgresDatabase>, seed: u64, flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        if let Some(database) = &database {
            flags.extend(["--database-url".to_owned(), database.url()]);
        }
        let clock = Arc::new(ManualClock::new());
        let entropy = Arc::new(SeededEntropy::new(seed));
        let (store, state) = start(&folder, &flags, &clock, &entropy).await;
        let router = router(state.clone());
        let following = follow(&state);
        Self { folder, database, flags, entropy, clock, store, state, router, following }
    }

    /// With a key of this algorithm.
    pub async fn signing(algorithm: SigningAlgorithm) -> Self {
        Self::with(&["--access-token-algorithm", &algorithm.name().to_lowercase()]).await
    }

    /// With no limit that a test of something else could meet.
    pub async fn without_limits() -> Self {
        let limits = ["--login-limit", "--register-limit", "--refresh-limit", "--lockout"];
        Self::with(&limits.map(|limit| [limit, "100000/1s"]).concat()).await
    }

    /// With a user who has just signed up.
    pub async fn with_user() -> (Self, User) {
        let app = Self::new().await;
        let user = User::register(&app, "alice@example.com").await;
        (app, user)
    }

    pub fn get(&self, path: &str) -> Call {
        Call::new(self.router.clone(), "GET", path)
    }

    /// A call as this site's own page makes it.
    pub fn post(&self, path: &str) -> Call {
        Call::from_own_page(self.router.clone(), "POST", path)
    }

    /// The keys in force.
    pub fn keys(&self) -> &Arc<SigningKeys> {
        self.state.sessions.access_tokens.keys()
    }

    /// Rotates the signing key as the command does, and lets the server notice.
    pub fn rotate_key(&self, algorithm: SigningAlgorithm, at_once: bool) {
        let file = self.state.settings.key_file();
        let key = SigningKey::generate(algorithm, &SystemEntropy).unwrap();
        let set = file.load().unwrap().rotate(key, at_once, self.clock.now()).unwrap();
        file.draft(&set).unwrap().publish().unwrap();
        KeyFeed::new(file, self.keys().clone()).look();
    }

    pub fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// Stops the application and starts it over the same database.
    pub async fn restart(&mut self) {
        self.state.sessions.store.close().await;
        self.start_again().await;
    }

    /// Hears and tells the other nodes nothing any more.
    pub fn leave(&self) {
        self.following.abort();
    }

    /// The database as a backup would have it.
    pub async fn backup(&mut self) -> Vec<u8> {
        self.state.sessions.store.close().await;
        let bytes = match &self.database {
            None => fs::read(self.database_file()).unwrap(),
            Some(database) => database.backup().await,
        };
        self.start_again().await;
        bytes
    }

    /// Stops the application and starts it over an earlier database.
    pub async fn restore(&mut self, backup: &[u8]) {
        self.state.sessions.store.close().await;
        match &self.database {
            None => {
                for suffix in ["db-wal", "db-shm"] {
                    let _ = fs::remove_file(self.database_file().with_extension(suffix));
                }
                fs::write(self.database_file(), backup).unwrap();
            }
            Some(database) => database.restore(backup).await,
        }
        self.start_again().await;
    }

    /// Stops the application and starts it over PostgreSQL, with all that it has kept.
    pub async fn move_to(&mut self, database: PostgresDatabase) {
        let mut archive = Vec::new();
        archive::export(&*self.store, &mut archive).await.unwrap();
        self.state.sessions.store.close().await;
        database.restore(&archive).await;
        self.flags.extend(["--database-url".to_owned(), database.url()]);
        self.database = Some(database);
        self.start_again().await;
    }

    /// Everything that the database holds, as bytes.
    pub async fn database(&mut self) -> Vec<u8> {
        self.backup().await
    }

    /// Who knows the key that signs access tokens.
    pub fn forger() -> Forger {
        Forger::of(&signing_key(SigningAlgorithm::Hs256))
    }

    async fn start_again(&mut self) {
        self.following.abort();
        (self.store, self.state) = start(&self.folder, &self.flags, &self.clock, &self.entropy).await;
        self.router = router(self.state.clone());
        self.following = follow(&self.state);
    }

    fn database_file(&self) -> PathBuf {
        self.state.settings.database_file()
    }
}

/// As `serve` does.
fn follow(state: &AppState) -> AbortHandle {
    tokio::spawn(state.clone().follow_others()).abort_handle()
}

/// The key file, which the first start makes with the tests' own key of the algorithm.
fn keys(settings: &Settings) -> KeySet {
    let file = settings.key_file();
    if !file.path().exists() {
        fs::create_dir_all(file.folder()).unwrap();
        let key = signing_key(settings.access_token_algorithm);
        let set = KeySet::of_one(key, settings.key_policy(), START).unwrap();
        file.draft(&set).unwrap().publish().unwrap();
    }
    file.load().unwrap()
}

async fn start(
    folder: &TempDir,
    flags: &[String],
    clock: &Arc<ManualClock>,
    entropy: &Arc<SeededEntropy>,
) -> (Arc<CountingStore>, AppState) {
    let path = folder.path().to_str().unwrap();
    let own = [["--bcrypt-cost", "4"], ["--hash-threads", "2"], ["--data-dir", path], ["--site-root", path]];
    let own = own.into_iter().filter(|[name, _]| !flags.iter().any(|flag| flag == name)).flatten();
    let all = std::iter::once("test").chain(own).chain(flags.iter().map(String::as_str));
    let settings = Flags::try_parse_from(all).unwrap().settings;
    settings.check().unwrap();
    let key = |index: usize| SecretFile::from_keys(std::iter::once(&KEYS[index][..]));
    let store = Arc::new(CountingStore::new(bootstrap::store(&settings).await.unwrap()));
    let foundation = Foundation {
        secrets: Secrets { access_token: keys(&settings), refresh_token: key(0), pepper: key(1) },
        settings,
        store: store.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    };
    let state = AppState::new(foundation).await.unwrap();
    store.forget();
    (store, state)
}
