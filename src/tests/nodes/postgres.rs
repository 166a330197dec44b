//! A PostgreSQL of a test's own, which it may stop and start.

use super::say;
use crate::support::free_address;
use std::{
    env, fs,
    net::SocketAddr,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A server on an address of its own, until it is dropped.
pub struct PostgresServer {
    pub address: SocketAddr,
    programs: PathBuf,
    folder: TempDir,
}

impl PostgresServer {
    /// Starts one; nothing where the programs are not installed and nobody requires them.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(env::var_os("COUNTERFOIL_TEST_SERVICES").is_none(), "PostgreSQL is not installed");
            say("not run: PostgreSQL is not installed");
            return None;
        };
        let server = Self { address: free_address(), programs, folder: tempfile::tempdir().unwrap() };
        fs::set_permissions(server.folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        fs::create_dir(server.data()).unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(server.data()).status().unwrap().success());
        }
        let data = server.data();
        let data = data.to_str().unwrap();
        server.run("initdb", &["-D", data, "-U", "counterfoil", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        server.control("start");
        Some(server)
    }

    /// Ends it as a crash would, and starts it again.
    pub fn restart(&self) {
        self.control("stop");
        self.control("start");
    }

    fn control(&self, what: &str) {
        let (data, log) = (self.data(), self.data().join("log"));
        let flags = format!("-h 127.0.0.1 -p {} -k '' -c fsync=off -c max_connections=200", self.address.port());
        let mut words = vec![what, "-w", "-D", data.to_str().unwrap(), "-l", log.to_str().unwrap()];
        words.extend(if what == "stop" { ["-m", "immediate"] } else { ["-o", &flags] });
        self.run("pg_ctl", &words);
    }

    /// Runs a program of PostgreSQL's, which refuses to be root.
    fn run(&self, program: &str, words: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let status = command.args(words).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{} {words:?}", program.display());
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.control("stop");
    }
}

/// The URL of the database at an address that leads to such a server.
pub fn url_at(address: SocketAddr) -> String {
    format!("postgres://counterfoil@{address}/postgres?sslmode=disable")
}

/// Debian keeps them out of PATH.
fn programs() -> Option<PathBuf> {
    let folders =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    folders.chain(env::split_paths(&path)).find(|folder| folder.join("initdb").is_file())
}

fn is_root() -> bool {
    fs::metadata(Path::new("/proc/self")).is_ok_and(|metadata| metadata.uid() == 0)
}
