//! The binary as a process of its own, for what belongs to a whole process.

use super::{Reply, Socket};
use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

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

/// An address of this machine on which nobody listens.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
