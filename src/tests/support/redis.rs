//! A Redis of a test's own, which it may pause, empty and stop.

use super::{Certificate, free_address};
use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection};
use std::{
    env,
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// A server on an address of its own, until it is dropped. It keeps nothing.
pub struct RedisServer {
    pub address: SocketAddr,
    scheme: &'static str,
    flags: Vec<String>,
    child: Child,
    _folder: TempDir,
}

impl RedisServer {
    /// Starts one; nothing where the program is not installed and nobody requires it.
    pub fn start() -> Option<Self> {
        Self::speaking("redis", |port| ["--port", port].map(str::to_owned).to_vec())
    }

    /// Starts one that shows this certificate and speaks nothing but TLS.
    pub fn start_tls(certificate: &Certificate) -> Option<Self> {
        let [file, key] = [certificate.file(), certificate.key()].map(|path| path.to_str().unwrap().to_owned());
        Self::speaking("rediss", |port| {
            let of_tls = ["--tls-cert-file", &file, "--tls-key-file", &key, "--tls-auth-clients", "no"];
            ["--port", "0", "--tls-port", port].into_iter().chain(of_tls).map(str::to_owned).collect()
        })
    }

    fn speaking(scheme: &'static str, flags: impl FnOnce(&str) -> Vec<String>) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(env::var_os("COUNTERFOIL_TEST_SERVICES").is_none(), "redis-server is not installed");
            let _ = writeln!(io::stderr(), "not run: redis-server is not installed");
            return None;
        }
        let (address, folder) = (free_address(), tempfile::tempdir().unwrap());
        let mut flags = flags(&address.port().to_string());
        flags.extend(own_flags(folder.path()));
        Some(Self { address, scheme, child: spawn(address, &flags), flags, _folder: folder })
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// A connection whose answers may take this long.
    pub async fn connect(&self, patience: Duration) -> MultiplexedConnection {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(patience)).set_response_timeout(Some(patience));
        let client = Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection_with_config(&config).await.unwrap()
    }

    /// Ends it without a word and starts another, which knows nothing.
    pub fn restart(&mut self) {
        self.stop();
        self.child = spawn(self.address, &self.flags);
    }

    /// Ends it without a word.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Holds it still: connections stay open, and nothing is answered.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// It keeps nothing, and its files are in this folder.
fn own_flags(folder: &Path) -> [String; 6] {
    ["--bind", "127.0.0.1", "--save", "", "--dir", folder.to_str().unwrap()].map(str::to_owned)
}

fn spawn(address: SocketAddr, flags: &[String]) -> Child {
    let mut child = Command::new("redis-server").args(flags).stdout(Stdio::null()).spawn().unwrap();
    while TcpStream::connect(address).is_err() {
        assert!(child.try_wait().unwrap().is_none(), "redis-server ended at once: {flags:?}");
        thread::sleep(Duration::from_millis(5));
    }
    child
}
