use super::{KeyFile, KeyFileError};
use crate::{
    server::{
        auth::{
            key_set::{KeyPolicy, KeySet, KeySetError},
            signing_key::{KeyError, SigningAlgorithm},
        },
        clock::Timestamp,
        entropy::SystemEntropy,
        secret::{Secret, SecretError},
    },
    shared::wire::KeyState,
};
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt, time::Duration};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_123);
const LINES: [&str; 2] =
    ["8Dk2zv0b1PcJ8wXr0mQ9b3dYtq7Zl5uR2nVhXw4sTeA=", "Gm1xT9s2Qe7Lr4bW8zNc6yPa3vUk5jHd0fEoXiMqAtY="];

struct Scene {
    folder: TempDir,
    file: KeyFile,
}

fn scene(algorithm: SigningAlgorithm) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let policy = KeyPolicy { algorithm, token_life: Duration::from_mins(15) };
    let file = KeyFile::new(folder.path().join("key"), policy);
    Scene { folder, file }
}

impl Scene {
    fn write(&self, content: &str) {
        fs::write(self.file.path(), content).unwrap();
        self.chmod(0o600);
    }

    fn chmod(&self, mode: u32) {
        fs::set_permissions(self.file.path(), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn save(&self, set: &KeySet) {
        self.file.draft(set).unwrap().publish().unwrap();
    }

    fn first(&self) -> KeySet {
        self.file.only(self.file.generate(&SystemEntropy).unwrap(), NOW).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file.path()).unwrap()).unwrap()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }

    #[track_caller]
    fn refused(&self) -> KeyFileError {
        let error = self.file.load().err().expect("refused");
        let content = fs::read_to_string(self.file.path()).unwrap_or_default();
        // A name has 43 characters, a private half has more.
        for secret in content.split(['"', '\n', ' ']).filter(|word| word.len() > 43) {
            assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
        }
        error
    }
}

#[test]
fn a_made_file_is_private_and_reads_the_same_again() {
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa] {
        let scene = scene(algorithm);
        let made = scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
        let read = scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
        assert_eq!(made.describe(NOW), read.describe(NOW));
        assert_eq!((read.current(NOW).algorithm(), scene.files()), (algorithm, 1));
        assert_eq!(fs::metadata(scene.file.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn every_time_of_every_key_is_kept() {
    let scene = scene(SigningAlgorithm::EdDsa);
    let set = scene.first();
    let set = set.rotate(scene.file.generate(&SystemEntropy).unwrap(), true, NOW).unwrap();
    let set = set.rotate(scene.file.generate(&SystemEntropy).unwrap(), false, NOW).unwrap();
    scene.save(&set);
    assert_eq!(scene.file.load().unwrap().describe(NOW), set.describe(NOW));
}

#[test]
fn lines_are_hs256_keys_of_which_the_first_signs() {
    let scene = scene(SigningAlgorithm::Hs256);
    scene.write(&format!("# ours\n{}\n\n{}\n", LINES[0], LINES[1]));
    let set = scene.file.load().unwrap();
    let ids = LINES.map(|line| Secret::parse(line).unwrap().id());
    assert_eq!(set.current(NOW).id(), ids[0]);
    assert!(set.verifier(&ids[1], NOW).is_some());
}

#[test]
fn the_first_rotation_turns_lines_into_a_key_set() {
    let scene = scene(SigningAlgorithm::Hs256);
    scene.write(&LINES.join("\n"));
    let set = scene.file.load().unwrap();
    let set = set.rotate(scene.file.generate(&SystemEntropy).unwrap(), false, NOW).unwrap();
    scene.save(&set);
    let set = scene.file.load().unwrap();
    assert_eq!(set.current(NOW).id(), Secret::parse(LINES[0]).unwrap().id());
    let states: Vec<_> = set.describe(NOW).iter().map(|key| key.state).collect();
    assert_eq!(states, [KeyState::Retired, KeyState::Current, KeyState::Next]);
    assert_eq!(scene.json()["keys"][1]["private"], LINES[0]);
}

#[test]
fn a_missing_file_says_how_to_make_one() {
    let scene = scene(SigningAlgorithm::Es256);
    let error = scene.refused();
    assert!(matches!(error, KeyFileError::Missing(_)) && error.to_string().contains("counterfoil keys rotate"));
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    for mode in [0o644, 0o640, 0o604, 0o660] {
        let scene = scene(SigningAlgorithm::EdDsa);
        scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
        scene.chmod(mode);
        assert!(matches!(scene.refused(), KeyFileError::Secret(SecretError::Exposed(_, found)) if found == mode));
    }
}

#[test]
fn a_broken_file_is_refused_and_not_repeated() {
    let scene = scene(SigningAlgorithm::EdDsa);
    scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
    let good = scene.json();
    let changed = |name: &str, value: Value| {
        let mut json = good.clone();
        json["keys"][0][name] = value;
        scene.write(&json.to_string());
        scene.refused()
    };
    let secret = good["keys"][0]["private"].clone();
    for error in [
        changed("current_from", secret.clone()),
        changed("alg", secret.clone()),
        changed("alg", json!("none")),
        changed("alg", json!("HS384")),
        changed("private", json!([secret.clone()])),
        changed("private", Value::Null),
        changed("more", json!(1)),
    ] {
        assert!(matches!(error, KeyFileError::Malformed(_, 1)), "{error}");
    }
    assert!(matches!(changed("alg", json!("ES256")), KeyFileError::Key(_, _, KeyError::Malformed(_))));
    assert!(matches!(changed("private", json!("AAAA")), KeyFileError::Key(_, _, KeyError::Malformed(_))));
    assert!(matches!(changed("kid", json!("another")), KeyFileError::Misnamed(..)));
    scene.write(r#"{"keys":[]}"#);
    assert!(matches!(scene.refused(), KeyFileError::Set(_, KeySetError::Empty)));
    let text = good.to_string();
    scene.write(&text[..text.len() / 2]);
    assert!(matches!(scene.refused(), KeyFileError::Malformed(..)));
}

#[test]
fn hmac_and_asymmetric_keys_never_share_a_file() {
    let [hmac, asymmetric] = [SigningAlgorithm::Hs256, SigningAlgorithm::Es256].map(scene);
    for scene in [&hmac, &asymmetric] {
        scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
    }
    let both = json!({ "keys": [hmac.json()["keys"][0], asymmetric.json()["keys"][0]] }).to_string();
    for scene in [&hmac, &asymmetric] {
        scene.write(&both);
        assert!(matches!(scene.refused(), KeyFileError::Set(_, KeySetError::Mixed)));
    }
    asymmetric.write(LINES[0]);
    let error = asymmetric.refused().to_string();
    assert!(error.contains("HS256") && error.contains("COUNTERFOIL_ACCESS_TOKEN_KEY_FILE"), "{error}");
}

#[test]
fn a_draft_that_is_not_published_changes_nothing_and_leaves_nothing() {
    let scene = scene(SigningAlgorithm::EdDsa);
    let old = scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
    let draft = scene.file.draft(&scene.first()).unwrap();
    assert_eq!(scene.files(), 2, "the draft stands beside the file");
    assert_eq!(scene.file.load().unwrap().describe(NOW), old.describe(NOW));
    drop(draft);
    assert_eq!(scene.files(), 1);
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let scene = scene(SigningAlgorithm::EdDsa);
    scene.file.load_or_create(&SystemEntropy, NOW).unwrap();
    let sets = [0, 1].map(|_| scene.first());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..100).for_each(|index| scene.save(&sets[index % 2])));
        while !writer.is_finished() {
            assert_eq!(scene.file.load().unwrap().keys().len(), 1);
        }
    });
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_and_the_file_stays() {
    let scene = scene(SigningAlgorithm::EdDsa);
    let set = scene.first();
    fs::create_dir(scene.file.path()).unwrap();
    let error = scene.file.draft(&set).unwrap().publish().expect_err("a folder is not replaced by a file");
    assert!(matches!(error, KeyFileError::Io(..)));
    assert_eq!(scene.files(), 1, "the draft is gone");
}
