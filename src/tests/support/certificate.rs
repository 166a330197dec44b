//! Certificates that are their own authority.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A server's certificate and its key, as files that go away with this.
pub struct Certificate(TempDir);

impl Certificate {
    /// For this name, written as a `subjectAltName`.
    pub fn of(name: &str) -> Self {
        let own = Self(tempfile::tempdir().unwrap());
        let settings = own.0.path().join("openssl.cnf");
        // The system's would make it a certificate that may not be a server's.
        fs::write(&settings, "[req]\ndistinguished_name = name\n[name]\n").unwrap();
        let status = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=test", "-addext", &format!("subjectAltName={name}")])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-config".as_ref(), settings.as_os_str()])
            .args(["-keyout".as_ref(), own.key().as_os_str(), "-out".as_ref(), own.file().as_os_str()])
            .stderr(Stdio::null())
            .status();
        assert!(status.expect("openssl is not installed").success());
        own
    }

    pub fn file(&self) -> PathBuf {
        self.0.path().join("certificate.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }
}
