//! A node: the binary, with settings of its own.

use super::until;
use crate::support::{free_address, request_text};
use std::{
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::browser::ask;

/// Where a node finds what it stands on.
#[derive(Clone)]
pub struct Surroundings {
    pub database_url: String,
    pub redis_url: String,
    /// What all nodes share of files: the keys.
    pub folder: PathBuf,
    /// More of its environment.
    pub more: Vec<(String, String)>,
}

/// A process, until it is dropped.
pub struct Node {
    pub address: SocketAddr,
    surroundings: Surroundings,
    child: Child,
}

impl Node {
    pub fn start(surroundings: Surroundings) -> Self {
        let address = free_address();
        let child = spawn(address, &surroundings);
        Self { address, surroundings, child }
    }

    /// Ends it without a word.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn start_again(&mut self) {
        self.child = spawn(self.address, &self.surroundings);
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Whether it has stopped by itself.
    pub fn has_stopped(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Whether its log says this.
    pub fn has_logged(&self, words: &str) -> bool {
        fs::read_to_string(log_file(&self.surroundings.folder, self.address)).unwrap().contains(words)
    }

    pub async fn until_ready(&self) {
        until("the node is ready", async || is_ready(self.address).await).await;
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

pub async fn is_ready(address: SocketAddr) -> bool {
    ask(address, &request_text("GET", "/readyz", &[], "")).await.is_some_and(|reply| reply.status == 200)
}

/// Runs a command of the binary over the files that the nodes share.
pub fn command(surroundings: &Surroundings, words: &[&str]) {
    assert!(binary(surroundings).args(words).stdout(Stdio::null()).status().unwrap().success(), "{words:?}");
}

fn binary(surroundings: &Surroundings) -> Command {
    let Surroundings { database_url, redis_url, folder, more } = surroundings;
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
    command
        .env_clear()
        .env("COUNTERFOIL_DATABASE_URL", database_url)
        .env("COUNTERFOIL_REDIS_URL", redis_url)
        .env("COUNTERFOIL_DATA_DIR", folder)
        .env("COUNTERFOIL_BCRYPT_COST", "4")
        .envs(more.iter().map(|(name, value)| (name, value)));
    for limit in ["LOGIN_LIMIT", "REGISTER_LIMIT", "REFRESH_LIMIT"] {
        command.env(format!("COUNTERFOIL_{limit}"), "1000000/1s");
    }
    command
}

fn spawn(address: SocketAddr, surroundings: &Surroundings) -> Child {
    let log = log_file(&surroundings.folder, address);
    binary(surroundings)
        .args(["serve", "--no-lab", "--listen", &address.to_string()])
        .stdout(Stdio::null())
        .stderr(File::options().create(true).append(true).open(log).unwrap())
        .spawn()
        .unwrap()
}

fn log_file(folder: &Path, address: SocketAddr) -> PathBuf {
    folder.join(format!("node-{}.log", address.port()))
}
