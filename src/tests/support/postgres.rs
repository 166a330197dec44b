//! A place of a test's own on a real PostgreSQL: a schema, for it is made and dropped in no time.

use counterfoil::server::{
    archive,
    entropy::SystemEntropy,
    id::SessionId,
    store::{Store, postgres::PostgresStore},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
    sync::Once,
    thread,
};
use url::Url;

/// Empty at first, and dropped with this.
pub struct PostgresDatabase {
    server: Url,
    name: String,
    through: Option<SocketAddr>,
}

impl PostgresDatabase {
    /// A new one, or nothing where there is no server for tests.
    pub async fn create() -> Option<Self> {
        let server = server()?;
        let name = format!("counterfoil_test_{}", SessionId::generate(&SystemEntropy));
        execute(&server, format!("CREATE SCHEMA {name}")).await.unwrap();
        Some(Self { server, name, through: None })
    }

    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        if let Some(address) = self.through {
            url.set_ip_host(address.ip()).unwrap();
            url.set_port(Some(address.port())).unwrap();
        }
        let search_path = format!("-c search_path={}", self.name);
        url.query_pairs_mut().append_pair("options", &search_path).append_pair("application_name", &self.name);
        url.into()
    }

    pub fn options(&self) -> PgConnectOptions {
        self.url().parse().unwrap()
    }

    /// Where its server listens.
    pub fn address(&self) -> SocketAddr {
        self.server.socket_addrs(|| Some(5432)).unwrap()[0]
    }

    /// The same, with its server behind another address.
    pub fn through(mut self, address: SocketAddr) -> Self {
        self.through = Some(address);
        self
    }

    pub async fn open(&self) -> PostgresStore {
        PostgresStore::open(&self.options(), 4).await.unwrap()
    }

    /// All that it holds, as `counterfoil export` writes it.
    pub async fn backup(&self) -> Vec<u8> {
        let store = self.open().await;
        let mut bytes = Vec::new();
        archive::export(&store, &mut bytes).await.unwrap();
        store.close().await;
        bytes
    }

    /// Empties it, and takes a backup in.
    pub async fn restore(&self, backup: &[u8]) {
        let store = self.open().await;
        execute(&self.url().parse().unwrap(), "TRUNCATE accounts, sessions, denials, events".to_owned()).await.unwrap();
        archive::import(&store, backup).await.unwrap();
        store.close().await;
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // Whatever is still connected goes first, for it may hold a lock.
        let statement = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{0}';
             SET lock_timeout = '5s';
             DROP SCHEMA {0} CASCADE",
            self.name
        );
        let server = self.server.clone();
        // A runtime of its own, for the test's may be at its end.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&server, statement))
        });
        if let Err(error) = dropping.join().unwrap() {
            let _ = writeln!(io::stderr(), "{} stays behind: {error}", self.name);
        }
    }
}

/// The server for tests. Where it has to be there (`scripts/test.sh` says so), its absence is a failure.
fn server() -> Option<Url> {
    static SAID: Once = Once::new();
    if let Ok(url) = env::var("COUNTERFOIL_TEST_POSTGRES_URL") {
        return Some(url.parse().unwrap());
    }
    assert_ne!(env::var("COUNTERFOIL_TEST_SERVICES").as_deref(), Ok("required"), "no PostgreSQL for the tests");
    SAID.call_once(|| {
        // Past the harness, which keeps what a good test prints to itself.
        let advice = "not run on PostgreSQL: `eval \"$(scripts/services.sh start)\"` brings one";
        let _ = writeln!(io::stderr(), "{advice}");
    });
    None
}

async fn execute(server: &Url, statement: String) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(server.as_str()).await?;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
    connection.close().await
}
