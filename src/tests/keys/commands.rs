//! `counterfoil keys`, over the binary.

use crate::cli::{KEYS, PRODUCTION, Run, run, with_keys};
use counterfoil::{
    server::store::{EventStore, sqlite::SqliteStore},
    shared::{
        EventKind,
        wire::{KeyState, SigningKey},
    },
};
use std::{collections::HashSet, fs, os::unix::fs::PermissionsExt, path::Path};
use tempfile::TempDir;

const FILE: &str = "keys/access-token.key";

fn keys(data: &Path, algorithm: &str, arguments: &[&str]) -> Run {
    run(data, &[&["keys"], arguments, &["--access-token-algorithm", algorithm]].concat(), "")
}

#[track_caller]
fn done(run: &Run) {
    assert!(run.ok, "{}{}", run.out, run.err);
}

#[track_caller]
fn list(data: &Path, algorithm: &str) -> Vec<SigningKey> {
    let run = keys(data, algorithm, &["list", "--json"]);
    done(&run);
    serde_json::from_str(&run.out).unwrap()
}

fn states(keys: &[SigningKey]) -> Vec<KeyState> {
    keys.iter().map(|key| key.state).collect()
}

/// A data folder with keys of the other kinds, but none for access tokens.
fn without_key() -> TempDir {
    let data = with_keys();
    fs::remove_file(data.path().join(FILE)).unwrap();
    data
}

#[test]
fn the_first_key_is_made_for_production_and_signs_at_once() {
    for algorithm in ["hs256", "rs256", "es256", "eddsa"] {
        let data = without_key();
        let check = [&["config", "check", "--access-token-algorithm", algorithm], &PRODUCTION[..]].concat();
        let refused = run(data.path(), &check, "");
        assert!(!refused.ok && refused.err.contains("counterfoil keys rotate"), "{}", refused.err);

        done(&run(
            data.path(),
            &[&["keys", "rotate", "--access-token-algorithm", algorithm], &PRODUCTION[..]].concat(),
            "",
        ));
        let listed = list(data.path(), algorithm);
        assert_eq!(states(&listed), [KeyState::Current]);
        assert_eq!(listed[0].algorithm.to_lowercase(), algorithm);
        assert_eq!(fs::metadata(data.path().join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);

        let checked = run(data.path(), &check, "");
        done(&checked);
        assert!(
            checked.out.contains(&format!("{} {} (current)", listed[0].algorithm, listed[0].kid)),
            "{}",
            checked.out
        );
    }
}

#[test]
fn a_rotation_is_one_command_that_tells_the_whole_overlap() {
    let data = without_key();
    done(&keys(data.path(), "es256", &["rotate"]));
    let rotation = keys(data.path(), "eddsa", &["rotate"]);
    done(&rotation);
    let listed = list(data.path(), "es256");
    assert_eq!(states(&listed), [KeyState::Current, KeyState::Next]);
    assert_eq!((&*listed[0].algorithm, &*listed[1].algorithm), ("ES256", "EdDSA"));
    let [old, new] = [&listed[0], &listed[1]];
    assert_eq!(new.current_from.unwrap() - new.published_at.unwrap(), 360);
    assert_eq!((old.retired_at, old.ends_at), (new.current_from, new.current_from.map(|from| from + 960)));
    for said in [&*old.kid, &new.kid, "signs until", "verifies until", "signs from", "nothing else to do"] {
        assert!(rotation.out.contains(said), "{said}: {}", rotation.out);
    }
    let again = keys(data.path(), "es256", &["rotate"]);
    assert!(!again.ok && again.err.contains(&new.kid), "{}", again.err);
    assert_eq!(list(data.path(), "es256"), listed);
}

#[test]
fn a_rotation_at_once_leaves_the_old_key_to_verify() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    done(&keys(data.path(), "eddsa", &["rotate", "--now"]));
    assert_eq!(states(&list(data.path(), "eddsa")), [KeyState::Retired, KeyState::Current]);
}

#[test]
fn a_file_of_lines_becomes_a_key_set_with_the_same_current_key() {
    let data = with_keys();
    let old = list(data.path(), "hs256");
    assert_eq!((states(&old), old[0].published_at), (vec![KeyState::Current], None));
    done(&keys(data.path(), "hs256", &["rotate"]));
    let listed = list(data.path(), "hs256");
    assert_eq!((states(&listed), &listed[0].kid), (vec![KeyState::Current, KeyState::Next], &old[0].kid));
    assert!(fs::read_to_string(data.path().join(FILE)).unwrap().contains(KEYS[0].1));
}

#[test]
fn the_other_kind_of_key_needs_a_file_of_its_own() {
    let data = with_keys();
    let before = fs::read(data.path().join(FILE)).unwrap();
    let refused = keys(data.path(), "es256", &["rotate"]);
    assert!(!refused.ok && refused.err.contains("COUNTERFOIL_ACCESS_TOKEN_KEY_FILE"), "{}", refused.err);
    assert_eq!(fs::read(data.path().join(FILE)).unwrap(), before);
    let serve = [&["serve", "--access-token-algorithm", "es256"], &PRODUCTION[..]].concat();
    let refused = run(data.path(), &serve, "");
    assert!(!refused.ok && refused.err.contains("never share a verifier"), "{}", refused.err);
    let other = data.path().join("keys/es256.json");
    done(&keys(data.path(), "es256", &["rotate", "--access-token-key-file", other.to_str().unwrap()]));
}

#[test]
fn a_key_that_does_not_sign_is_taken_out() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    done(&keys(data.path(), "eddsa", &["rotate"]));
    let next = list(data.path(), "eddsa").pop().unwrap();
    done(&keys(data.path(), "eddsa", &["retire", "--kid", &next.kid]));
    let left = list(data.path(), "eddsa");
    assert_eq!((states(&left), left[0].retired_at), (vec![KeyState::Current], None));
    let unknown = keys(data.path(), "eddsa", &["retire", "--kid", &next.kid]);
    assert!(!unknown.ok && unknown.err.contains("keys list"), "{}", unknown.err);
}

#[test]
fn an_identifier_may_begin_like_a_flag() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    let unknown = keys(data.path(), "eddsa", &["retire", "--kid", "-b"]);
    assert!(!unknown.ok && unknown.err.contains("there is no key -b"), "{}", unknown.err);
}

#[test]
fn the_key_that_signs_is_taken_out_only_with_a_word_and_takes_all_others_with_it() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    done(&keys(data.path(), "eddsa", &["rotate", "--now"]));
    done(&keys(data.path(), "eddsa", &["rotate"]));
    let before = list(data.path(), "eddsa");
    assert_eq!(states(&before), [KeyState::Retired, KeyState::Current, KeyState::Next]);
    let refused = keys(data.path(), "eddsa", &["retire", "--kid", &before[1].kid]);
    assert!(!refused.ok && refused.err.contains("--now"), "{}", refused.err);
    assert!(refused.err.contains("Every access token in use is refused"), "{}", refused.err);
    assert_eq!(list(data.path(), "eddsa"), before);

    done(&keys(data.path(), "eddsa", &["retire", "--kid", &before[1].kid, "--now"]));
    let after = list(data.path(), "eddsa");
    assert_eq!(states(&after), [KeyState::Current]);
    assert!(!before.iter().any(|key| key.kid == after[0].kid));
}

#[test]
fn no_command_prints_a_private_key() {
    let data = with_keys();
    for arguments in
        [&["list"][..], &["list", "--json"], &["rotate"], &["list"], &["rotate"], &["retire", "--kid", "x"]]
    {
        let run = keys(data.path(), "hs256", arguments);
        let file = fs::read_to_string(data.path().join(FILE)).unwrap();
        for word in file.split(['"', '\n']).filter(|word| word.len() > 40) {
            assert!(!run.out.contains(word) && !run.err.contains(word), "{arguments:?}");
        }
    }
}

#[tokio::test]
async fn every_change_is_a_security_event_with_the_name_of_the_key() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    done(&keys(data.path(), "eddsa", &["rotate"]));
    let [first, next] = <[_; 2]>::try_from(list(data.path(), "eddsa")).unwrap();
    done(&keys(data.path(), "eddsa", &["retire", "--kid", &next.kid]));
    assert!(!keys(data.path(), "eddsa", &["retire", "--kid", &first.kid]).ok);
    done(&keys(data.path(), "eddsa", &["retire", "--kid", &first.kid, "--now"]));
    let last = list(data.path(), "eddsa").pop().unwrap();

    let store = SqliteStore::open(&data.path().join("counterfoil.db")).await.unwrap();
    let mut events = store.events(None, 10).await.unwrap();
    events.sort_by_key(|event| event.at.as_millis());
    let told: Vec<_> = events.into_iter().map(|event| (event.kind, event.detail)).collect();
    let expected = [
        (EventKind::KeyRotated, first.kid.clone()),
        (EventKind::KeyRotated, next.kid.clone()),
        (EventKind::KeyRetired, next.kid),
        (EventKind::KeyRetired, first.kid),
        (EventKind::KeyRotated, last.kid),
    ];
    assert_eq!(told.iter().collect::<HashSet<_>>(), expected.iter().collect());
    assert_eq!(told.len(), 5);
}

#[test]
fn an_event_that_cannot_be_written_stops_the_change() {
    let data = without_key();
    done(&keys(data.path(), "eddsa", &["rotate"]));
    let before = list(data.path(), "eddsa");
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir(elsewhere.path().join("counterfoil.db")).unwrap();
    let file = data.path().join(FILE);
    let refused = keys(elsewhere.path(), "eddsa", &["rotate", "--access-token-key-file", file.to_str().unwrap()]);
    assert!(!refused.ok);
    assert_eq!(list(data.path(), "eddsa"), before);
    assert_eq!(fs::read_dir(data.path().join("keys")).unwrap().count(), 3, "no draft is left");
}
