//! Secrets: files of one base64 key a line, the first current, the others still accepted.

use super::entropy::Entropy;
use aws_lc_rs::{digest, hkdf};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use std::{
    collections::HashSet,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The fewest bytes a key may have (RFC 7518 section 3.2).
pub const MIN_BYTES: usize = 32;
/// Random bytes repeat few values; text and patterns repeat many.
const MIN_DISTINCT: usize = 16;

/// A secret key of at least [`MIN_BYTES`] bytes. It wipes its memory when dropped and never prints itself.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The keys of one file. There is always a current one.
#[derive(Clone)]
pub struct SecretFile {
    keys: Vec<Secret>,
}

/// Why a secret file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no such file.
    #[error("{0} does not exist; make it with `openssl rand -base64 32`, readable by this user alone")]
    Missing(PathBuf),
    /// The file cannot be read or made.
    #[error("{0} cannot be used: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// Others on this machine can read it.
    #[error("{0} can be read by others (mode {1:o}); chmod 600 it")]
    Exposed(PathBuf, u32),
    /// A line is no base64, too short, or not random.
    #[error("{0}, line {1}: {2}")]
    Weak(PathBuf, usize, &'static str),
    /// No key in it.
    #[error("{0} holds no key")]
    Empty(PathBuf),
}

impl Secret {
    /// A key with these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Its bytes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// A key for one purpose (HKDF-SHA-256, RFC 5869), so that no two purposes share one.
    ///
    /// # Panics
    /// Never: 32 bytes are within HKDF's bound.
    #[expect(clippy::expect_used, reason = "32 bytes are within HKDF's bound of 255 blocks")]
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(&self.0)
            .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|output| output.fill(&mut *key))
            .expect("HKDF gives 32 bytes");
        key
    }

    /// A name that says nothing about the key: the first 8 hex digits of a hash of a derived key.
    pub fn id(&self) -> String {
        let digest = digest::digest(&digest::SHA256, &*self.derive("counterfoil key id"));
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| digest.as_ref()[index]);
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }

    /// Reads a key from base64.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, &'static str> {
        let bytes = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(line).ok())
            .map(Zeroizing::new)
            .ok_or("not base64")?;
        if bytes.len() < MIN_BYTES {
            return Err("shorter than 32 bytes");
        }
        if bytes.iter().collect::<HashSet<_>>().len() < MIN_DISTINCT || bytes.is_ascii() {
            return Err("not random; a key is random bytes in base64, not a phrase");
        }
        Ok(Self(bytes))
    }
}

impl SecretFile {
    /// Reads the file.
    ///
    /// # Errors
    /// [`SecretError`] when it is missing, readable by others, or holds a weak key.
    pub fn load(path: &Path) -> Result<Self, SecretError> {
        Self::parse(path, &read_private(path)?)
    }

    /// Reads what stands in the file.
    ///
    /// # Errors
    /// [`SecretError`] when there is no key in it, or a weak one.
    pub fn parse(path: &Path, text: &str) -> Result<Self, SecretError> {
        let keys = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(number, line)| Secret::parse(line).map_err(|why| SecretError::Weak(path.to_owned(), number, why)))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(SecretError::Empty(path.to_owned())) } else { Ok(Self { keys }) }
    }

    /// Reads the file, and makes it with a new random key first when there is none.
    ///
    /// # Errors
    /// As [`SecretFile::load`].
    pub fn load_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, SecretError> {
        if !path.exists() {
            let key = Zeroizing::new(entropy.bytes::<MIN_BYTES>());
            let line = Zeroizing::new(STANDARD.encode(*key) + "\n");
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .and_then(|mut file| file.write_all(line.as_bytes()))
                .map_err(|error| SecretError::Io(path.to_owned(), error))?;
        }
        Self::load(path)
    }

    /// A file with these keys, the current one first, as if it had been read.
    ///
    /// # Panics
    /// When there are none.
    pub fn from_keys<'a>(keys: impl Iterator<Item = &'a [u8]>) -> Self {
        let keys: Vec<_> = keys.map(Secret::from_bytes).collect();
        assert!(!keys.is_empty(), "a secret file holds a key");
        Self { keys }
    }

    /// The key to make new things with.
    pub fn current(&self) -> &Secret {
        &self.keys[0]
    }

    /// Every accepted key, the current one first.
    pub fn all(&self) -> &[Secret] {
        &self.keys
    }
}

/// Reads a file that this user alone may read.
///
/// # Errors
/// [`SecretError`] when it is missing or readable by others.
pub fn read_private(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => SecretError::Missing(path.to_owned()),
        _ => SecretError::Io(path.to_owned(), error),
    };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SecretError::Exposed(path.to_owned(), mode));
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::{SecretError, SecretFile};
    use crate::server::entropy::SystemEntropy;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn load(content: &str, mode: u32) -> Result<SecretFile, SecretError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        SecretFile::load(&path)
    }

    const GOOD: &str = "8Dk2zv0b1PcJ8wXr0mQ9b3dYtq7Zl5uR2nVhXw4sTeA=\n";

    #[test]
    fn a_random_key_of_32_bytes_is_accepted() {
        assert_eq!(load(GOOD, 0o600).unwrap().current().expose().len(), 32);
    }

    #[test]
    fn weak_keys_are_refused() {
        for weak in [
            "secret",
            "c2VjcmV0",
            "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "8Dk2zv0b1PcJ8wXr0mQ9b3dYtq7Zl5uR2nVhXw4sTQ==",
        ] {
            assert!(matches!(load(weak, 0o600), Err(SecretError::Weak(..))), "{weak}");
        }
        assert!(matches!(load("# none\n\n", 0o600), Err(SecretError::Empty(_))));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        assert!(matches!(load(GOOD, 0o644), Err(SecretError::Exposed(_, 0o644))));
        assert!(matches!(load(GOOD, 0o640), Err(SecretError::Exposed(_, 0o640))));
    }

    #[test]
    fn a_made_file_is_private_and_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = SecretFile::load_or_create(&path, &SystemEntropy).unwrap();
        let read = SecretFile::load_or_create(&path, &SystemEntropy).unwrap();
        assert_eq!(made.current().id(), read.current().id());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
