//! Takes over the key file when it has changed, so that a rotation needs no restart.

use super::{key_file::KeyFile, key_set::SigningKeys};
use std::{fs, os::unix::fs::MetadataExt, sync::Arc, time::Duration};

/// How long a new key may go unnoticed.
const INTERVAL: Duration = Duration::from_secs(2);

/// Watches the key file.
pub struct KeyFeed {
    file: KeyFile,
    keys: Arc<SigningKeys>,
    seen: Option<Version>,
}

/// What tells one content or mode of the file from the next: inode and time of change. Nothing for a missing file.
type Version = Option<(u64, i64, i64)>;

impl KeyFeed {
    /// Watches this file for these keys.
    pub const fn new(file: KeyFile, keys: Arc<SigningKeys>) -> Self {
        Self { file, keys, seen: None }
    }

    /// Looks again and again; never returns.
    pub async fn follow(mut self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            self.look();
        }
    }

    /// Takes the file over if it is not the one seen last. One that cannot be used is logged once, and the keys stay
    /// as they are.
    pub fn look(&mut self) {
        // Asked before reading: what is written in between is seen the next time.
        let version = fs::metadata(self.file.path())
            .map(|metadata| (metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
            .ok();
        if self.seen == Some(version) {
            return;
        }
        self.seen = Some(version);
        match self.file.load() {
            Ok(set) => self.keys.replace(set),
            Err(error) => tracing::error!(%error, "the signing keys could not be re-read; the old ones stay"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KeyFeed;
    use crate::server::{
        auth::{
            key_file::KeyFile,
            key_set::{KeyPolicy, SigningKeys},
            signing_key::SigningAlgorithm,
        },
        clock::Timestamp,
        entropy::SystemEntropy,
    };
    use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn file(folder: &Path) -> KeyFile {
        let policy = KeyPolicy { algorithm: SigningAlgorithm::EdDsa, token_life: Duration::from_mins(15) };
        KeyFile::new(folder.join("key"), policy)
    }

    fn rotate(file: &KeyFile) -> String {
        let set = file.only(file.generate(&SystemEntropy).unwrap(), NOW).unwrap();
        file.draft(&set).unwrap().publish().unwrap();
        set.current(NOW).id().to_owned()
    }

    #[test]
    fn a_changed_file_is_taken_over_and_one_that_cannot_be_used_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        let keys = Arc::new(SigningKeys::new(file.load_or_create(&SystemEntropy, NOW).unwrap()));
        let mut feed = KeyFeed::new(file.clone(), keys.clone());
        let current = || keys.get().current(NOW).id().to_owned();
        for _ in 0..3 {
            let new = rotate(&file);
            feed.look();
            assert_eq!(current(), new);
        }

        let good = current();
        let mode = |mode| fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        let content = fs::read(file.path()).unwrap();
        fs::write(file.path(), "{").unwrap();
        feed.look();
        fs::remove_file(file.path()).unwrap();
        feed.look();
        fs::write(file.path(), r#"{"keys":[]}"#).unwrap();
        mode(0o600);
        feed.look();
        assert_eq!(current(), good, "the old keys stay");

        let new = rotate(&file);
        mode(0o644);
        feed.look();
        assert_eq!(current(), good, "others could read it");
        mode(0o600);
        feed.look();
        assert_eq!(current(), new, "a change of mode alone is a change");
        fs::write(file.path(), content).unwrap();
        feed.look();
        assert_eq!(current(), good);
    }

    #[test]
    fn a_file_that_has_not_changed_is_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        let keys = Arc::new(SigningKeys::new(file.load_or_create(&SystemEntropy, NOW).unwrap()));
        let mut feed = KeyFeed::new(file, keys.clone());
        feed.look();
        let set = keys.get();
        feed.look();
        assert!(Arc::ptr_eq(&set, &keys.get()));
    }
}
