//! A Redis of a test's own, which it may pause, empty and stop.

use super::free_address;
use std::{
    env,
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A server on an address of its own, until it is dropped. It keeps nothing.
pub struct RedisServer {
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl RedisServer {
    /// Starts one; nothing where the program is not installed and nobody requires it.
    pub fn start() -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(env::var_os("COUNTERFOIL_TEST_SERVICES").is_none(), "redis-server is not installed");
            let _ = writeln!(io::stderr(), "not run: redis-server is not installed");
            return None;
        }
        let (address, folder) = (free_address(), tempfile::tempdir().unwrap());
        Some(Self { address, child: spawn(address, &folder), folder })
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Ends it without a word and starts another, which knows nothing.
    pub fn restart(&mut self) {
        self.stop();
        self.child = spawn(self.address, &self.folder);
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

fn spawn(address: SocketAddr, folder: &TempDir) -> Child {
    let child = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &address.port().to_string(), "--save", "", "--dir"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while TcpStream::connect(address).is_err() {
        std::thread::yield_now();
    }
    child
}
