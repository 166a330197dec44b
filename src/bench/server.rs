//! The server under load: a process of its own over data of its own.

use super::client::Client;
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// `counterfoil serve`, until it is dropped.
pub struct Server {
    pub host: String,
    child: Child,
    _folder: TempDir,
}

impl Server {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_counterfoil"))
            .args(["serve", "--log", "error", "--public-origin", &format!("http://localhost:{port}")])
            .env_clear()
            .envs(settings.iter().copied())
            .env("COUNTERFOIL_DATA_DIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        // To its last line: what it says to nobody would end it.
        assert!(said.map_while(Result::ok).any(|line| line.contains("Stop with Ctrl-C")), "the server did not start");
        Self { host: format!("127.0.0.1:{port}"), child, _folder: folder }
    }

    pub async fn connect(&self) -> Client {
        Client::connect(&self.host).await
    }

    /// Resident memory in MiB, where the system is Linux.
    pub fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kibibytes / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
