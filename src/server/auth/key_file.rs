//! The file of the signing keys, in either of two forms: lines of base64, or the key set that our commands write.

use super::{
    key_set::{KeyPolicy, KeySet, KeySetError, ScheduledKey},
    signing_key::{KeyError, SigningAlgorithm, SigningKey},
};
use crate::server::{
    clock::Timestamp,
    entropy::Entropy,
    secret::{self, SecretError, SecretFile},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// Where the signing keys are kept, and what the settings say about them.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
    policy: KeyPolicy,
}

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is no such file.
    #[error("{0} does not exist; `counterfoil keys rotate` makes the first key")]
    Missing(PathBuf),
    /// It cannot be read, or is not private, or a line of it is no secret.
    #[error(transparent)]
    Secret(SecretError),
    /// It is no key set. What stands there is not repeated: it may be a key.
    #[error("{0}, line {1}: not a key set as `counterfoil keys rotate` writes it")]
    Malformed(PathBuf, usize),
    /// One of its keys is none.
    #[error("{0}, key {1}: {2}")]
    Key(PathBuf, String, KeyError),
    /// A key has another one's name.
    #[error("{0}: the key {1} is named {2}")]
    Misnamed(PathBuf, String, String),
    /// Its keys make no set.
    #[error("{0} {1}")]
    Set(PathBuf, KeySetError),
    /// A new one cannot be written.
    #[error("{0} cannot be written: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// The form that our commands write. Moments are in seconds since 1970 UTC.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    keys: Vec<RawKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    kid: String,
    alg: SigningAlgorithm,
    private: Zeroizing<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current_from: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_at: Option<i64>,
}

/// A new content, complete and on the disk, beside the file that it will replace.
pub struct Draft<'a> {
    file: NamedTempFile,
    target: &'a KeyFile,
}

impl KeyFile {
    /// The file at this path.
    pub const fn new(path: PathBuf, policy: KeyPolicy) -> Self {
        Self { path, policy }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`KeyFileError`] when it is missing, readable by others, or holds what is no key set.
    pub fn load(&self) -> Result<KeySet, KeyFileError> {
        let text = secret::read_private(&self.path).map_err(|error| match error {
            SecretError::Missing(path) => KeyFileError::Missing(path),
            other => KeyFileError::Secret(other),
        })?;
        let keys = if text.trim_start().starts_with('{') { self.read_set(&text)? } else { self.read_lines(&text)? };
        KeySet::new(keys, self.policy).map_err(|error| KeyFileError::Set(self.path.clone(), error))
    }

    /// Reads it, and makes it with a new key first when there is none.
    ///
    /// # Errors
    /// As [`KeyFile::load`].
    pub fn load_or_create(&self, entropy: &dyn Entropy, now: Timestamp) -> Result<KeySet, KeyFileError> {
        match self.load() {
            Err(KeyFileError::Missing(_)) => {
                self.draft(&self.only(self.generate(entropy)?, now)?)?.publish()?;
                self.load()
            }
            result => result,
        }
    }

    /// A set of this key alone, which signs at once.
    ///
    /// # Errors
    /// [`KeySetError::OtherKind`] when it is of another kind than the settings say.
    pub fn only(&self, key: SigningKey, now: Timestamp) -> Result<KeySet, KeyFileError> {
        KeySet::of_one(key, self.policy, now).map_err(|error| KeyFileError::Set(self.path.clone(), error))
    }

    /// A new key of the algorithm that the settings say.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn generate(&self, entropy: &dyn Entropy) -> Result<SigningKey, KeyFileError> {
        SigningKey::generate(self.policy.algorithm, entropy)
            .map_err(|error| KeyFileError::Key(self.path.clone(), "new".to_owned(), error))
    }

    /// Keeps other commands from changing the file until the result is dropped.
    ///
    /// # Errors
    /// When the folder cannot be locked.
    pub fn lock(&self) -> Result<File, KeyFileError> {
        let lock = || {
            let folder = File::open(self.folder())?;
            folder.lock()?;
            Ok(folder)
        };
        lock().map_err(|error| KeyFileError::Io(self.path.clone(), error))
    }

    /// Writes a set beside the file, readable by this user alone.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn draft(&self, set: &KeySet) -> Result<Draft<'_>, KeyFileError> {
        let secs = |moment: Option<Timestamp>| moment.map(Timestamp::as_secs);
        let raw = |scheduled: &ScheduledKey| RawKey {
            kid: scheduled.key.id().to_owned(),
            alg: scheduled.key.algorithm(),
            private: scheduled.key.expose(),
            published_at: secs(scheduled.published_at),
            current_from: secs(scheduled.current_from),
            retired_at: secs(scheduled.retired_at),
        };
        let raw = RawSet { keys: set.keys().iter().map(raw).collect() };
        let write = || {
            let text = Zeroizing::new(serde_json::to_vec_pretty(&raw)?);
            let mut file = NamedTempFile::new_in(self.folder())?;
            file.write_all(&text)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        let file = write().map_err(|error| KeyFileError::Io(self.path.clone(), error))?;
        Ok(Draft { file, target: self })
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    fn read_set(&self, text: &str) -> Result<Vec<ScheduledKey>, KeyFileError> {
        let raw: RawSet =
            serde_json::from_str(text).map_err(|error| KeyFileError::Malformed(self.path.clone(), error.line()))?;
        raw.keys.into_iter().map(|raw| self.read_key(raw)).collect()
    }

    fn read_key(&self, raw: RawKey) -> Result<ScheduledKey, KeyFileError> {
        let key = SigningKey::parse(raw.alg, &raw.private)
            .map_err(|error| KeyFileError::Key(self.path.clone(), raw.kid.clone(), error))?;
        if key.id() != raw.kid {
            return Err(KeyFileError::Misnamed(self.path.clone(), key.id().to_owned(), raw.kid));
        }
        let moment = |secs: Option<i64>| secs.map(Timestamp::from_secs);
        Ok(ScheduledKey {
            key,
            published_at: moment(raw.published_at),
            current_from: moment(raw.current_from),
            retired_at: moment(raw.retired_at),
        })
    }

    fn read_lines(&self, text: &str) -> Result<Vec<ScheduledKey>, KeyFileError> {
        let secrets = SecretFile::parse(&self.path, text).map_err(KeyFileError::Secret)?;
        Ok(ScheduledKey::of_secrets(&secrets))
    }
}

impl Draft<'_> {
    /// Puts it in the file's place: a reader sees the old content or the new one, whole.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn publish(self) -> Result<(), KeyFileError> {
        let Self { file, target } = self;
        let publish = || {
            file.persist(&target.path)?;
            File::open(target.folder())?.sync_all()
        };
        publish().map_err(|error| KeyFileError::Io(target.path.clone(), error))
    }
}

#[cfg(test)]
mod tests;
