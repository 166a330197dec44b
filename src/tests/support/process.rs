//! The binary as a process of its own, for what belongs to a whole process.

use super::{Reply, Socket};
use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    ops::Range,
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

/// The ports that tests take by number.
const PORTS: Range<u32> = 10_000..32_000;

/// `counterfoil serve` over a folder of its own, until it is dropped.
pub struct ServerProcess {
    pub address: SocketAddr,
    flags: Vec<String>,
    child: Child,
    folder: TempDir,
}

impl ServerProcess {
    /// Starts it with these flags and waits until it listens.
    pub fn start(flags: &[&str]) -> Self {
        let (folder, address) = (tempfile::tempdir().unwrap(), free_address());
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let child = start(address, &flags, &folder);
        Self { address, flags, child, folder }
    }

    /// Ends it from one moment to the next (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again over what it left.
    pub fn restart(&mut self) {
        self.child = start(self.address, &self.flags, &self.folder);
    }

    /// Sends one request on a connection of its own.
    pub async fn send(&self, request: &str) -> Reply {
        Socket::exchange(self.address, request).await
    }
}

fn start(address: SocketAddr, flags: &[String], folder: &TempDir) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_counterfoil"))
        .args(["serve", "--no-lab", "--bcrypt-cost", "4", "--listen", &address.to_string()])
        .args(flags)
        .env_clear()
        .env("COUNTERFOIL_DATA_DIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    // To its last line: what it says to nobody would end it.
    assert!(said.map_while(Result::ok).any(|line| line.contains("Stop with Ctrl-C")), "it did not start");
    child
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine on which nobody listens, and which stays a test's own while its server is away: it is
/// given once, and below those that the system hands out.
pub fn free_address() -> SocketAddr {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Another run of the tests at the same time begins elsewhere.
    let first = process::id().wrapping_mul(241);
    loop {
        let port =
            PORTS.start + (first.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed))) % (PORTS.end - PORTS.start);
        let address = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).unwrap()));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
