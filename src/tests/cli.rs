//! The binary: its settings, what it refuses to start on, and the accounts that it makes.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

pub const PRODUCTION: [&str; 4] = ["--mode", "production", "--public-origin", "https://app.example"];
pub const KEYS: [(&str, &str); 3] = [
    ("access-token.key", "8Dk2zv0b1PcJ8wXr0mQ9b3dYtq7Zl5uR2nVhXw4sTeA="),
    ("refresh-token.key", "Gm1xT9s2Qe7Lr4bW8zNc6yPa3vUk5jHd0fEoXiMqAtY="),
    ("pepper.key", "3pVbR7kN1wZq8mTe5yXc9aLu2dGf6hJs4oQi0rEvWtM="),
];
const PASSWORD: &str = "a stub stays with its issuer";

pub struct Run {
    pub ok: bool,
    pub out: String,
    pub err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { ok: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Runs the binary over a data folder, with no settings from this environment.
pub fn run(data: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_counterfoil"))
        .args(arguments)
        .env_clear()
        .env("COUNTERFOIL_DATA_DIR", data)
        .env("COUNTERFOIL_BCRYPT_COST", if arguments.contains(&"production") { "12" } else { "4" })
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have refused to start before it read anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

pub fn write_key(data: &Path, name: &str, content: &str, mode: u32) {
    let path = data.join("keys").join(name);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A data folder with good keys.
pub fn with_keys() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join("keys")).unwrap();
    for (name, key) in KEYS {
        write_key(data.path(), name, key, 0o600);
    }
    data
}

fn check(data: &Path, more: &[&str]) -> Run {
    run(data, &[&["config", "check"], &PRODUCTION[..], more].concat(), "")
}

#[track_caller]
fn assert_refused(run: &Run, setting: &str, because: &str) {
    assert!(!run.ok, "{}", run.out);
    assert!(run.err.contains(setting) && run.err.contains(because), "{}", run.err);
    assert!(!KEYS.iter().any(|(_, key)| run.err.contains(key)), "{}", run.err);
}

#[test]
fn production_starts_on_good_secrets() {
    let run = check(with_keys().path(), &[]);
    assert!(run.ok, "{}", run.err);
    assert!(run.out.contains("The settings are good."), "{}", run.out);
    assert!(!KEYS.iter().any(|(_, key)| run.out.contains(key)), "no key is printed");
}

#[test]
fn production_makes_no_secret_and_names_the_one_that_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    assert_refused(&check(empty.path(), &[]), "COUNTERFOIL_ACCESS_TOKEN_KEY_FILE", "does not exist");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
    for (name, setting) in [
        ("access-token.key", "COUNTERFOIL_ACCESS_TOKEN_KEY_FILE"),
        ("refresh-token.key", "COUNTERFOIL_REFRESH_TOKEN_KEY_FILE"),
        ("pepper.key", "COUNTERFOIL_PEPPER_FILE"),
    ] {
        let data = with_keys();
        fs::remove_file(data.path().join("keys").join(name)).unwrap();
        assert_refused(&check(data.path(), &[]), setting, "does not exist");
        write_key(data.path(), name, KEYS[0].1, 0o644);
        assert_refused(&check(data.path(), &[]), setting, "chmod 600");
        for weak in ["secret", "", "c2VjcmV0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            write_key(data.path(), name, weak, 0o600);
            assert_refused(&check(data.path(), &[]), setting, "keys/");
        }
    }
}

#[test]
fn each_secret_is_a_secret_of_its_own() {
    let data = with_keys();
    write_key(data.path(), "refresh-token.key", KEYS[0].1, 0o600);
    assert_refused(&check(data.path(), &[]), "COUNTERFOIL_REFRESH_TOKEN_KEY_FILE", "its own");
    let data = with_keys();
    write_key(data.path(), "pepper.key", KEYS[1].1, 0o600);
    assert_refused(&check(data.path(), &[]), "COUNTERFOIL_PEPPER_FILE", "its own");
}

#[test]
fn production_refuses_the_switches_of_development() {
    let data = with_keys();
    assert_refused(&check(data.path(), &["--insecure-cookies"]), "COUNTERFOIL_INSECURE_COOKIES", "off");
    assert_refused(&check(data.path(), &["--bcrypt-cost", "11"]), "COUNTERFOIL_BCRYPT_COST", "12");
    let http =
        run(data.path(), &["config", "check", "--mode", "production", "--public-origin", "http://app.example"], "");
    assert_refused(&http, "COUNTERFOIL_PUBLIC_ORIGIN", "https");
}

#[test]
fn serve_refuses_what_check_refuses() {
    let empty = tempfile::tempdir().unwrap();
    let run = run(empty.path(), &[&["serve"], &PRODUCTION[..]].concat(), "");
    assert_refused(&run, "COUNTERFOIL_ACCESS_TOKEN_KEY_FILE", "does not exist");
}

#[test]
fn development_makes_private_secrets() {
    let data = tempfile::tempdir().unwrap();
    let run = run(data.path(), &["config", "check"], "");
    assert!(run.ok, "{}", run.err);
    let mode = |path: &str| fs::metadata(data.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("keys"), 0o700);
    for (name, _) in KEYS {
        assert_eq!(mode(&format!("keys/{name}")), 0o600, "{name}");
    }
}

#[test]
fn the_help_lists_every_setting() {
    let data = tempfile::tempdir().unwrap();
    let run = run(data.path(), &["--help"], "");
    assert!(run.ok);
    let source = include_str!("../server/config.rs");
    let settings: Vec<_> = source.split("env = \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(settings.len() > 15, "{settings:?}");
    for setting in settings {
        assert!(setting.starts_with("COUNTERFOIL_"));
        assert!(run.out.contains(setting), "{setting}\n{}", run.out);
    }
}

#[test]
fn the_database_and_its_folder_are_private() {
    let data = tempfile::tempdir().unwrap();
    let inner = data.path().join("inner");
    let flags = ["user", "list", "--data-dir", inner.to_str().unwrap()];
    assert!(run(data.path(), &flags, "").ok);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    assert_eq!(mode(&inner.join("counterfoil.db")), 0o600);
    assert!(inner.join("counterfoil.db").is_file());
}

#[test]
fn accounts_are_created_listed_and_given_roles() {
    let data = tempfile::tempdir().unwrap();
    let create =
        |email: &str, password: &str| run(data.path(), &["user", "create", "--email", email], &format!("{password}\n"));
    let created = create("Alice@Example.com", PASSWORD);
    assert!(created.ok, "{}", created.err);
    assert!(created.out.contains("alice@example.com (user)"), "{}", created.out);
    assert!(!created.out.contains(PASSWORD) && !created.err.contains(PASSWORD));

    let role = run(data.path(), &["user", "set-role", "--email", "alice@example.com", "--role", "admin"], "");
    assert!(role.ok, "{}", role.err);
    let list = run(data.path(), &["user", "list"], "");
    let lines: Vec<_> = list.out.lines().collect();
    assert_eq!(lines.len(), 1, "{}", list.out);
    assert!(lines[0].contains("admin") && lines[0].ends_with("alice@example.com"), "{}", lines[0]);
}

#[test]
fn accounts_that_cannot_be_created_say_why() {
    let data = tempfile::tempdir().unwrap();
    let create = |email: &str, input: &str| run(data.path(), &["user", "create", "--email", email], input);
    assert!(create("alice@example.com", PASSWORD).ok, "a last line needs no end");
    for (email, input, because) in [
        ("alice@example.com", PASSWORD, "already has an account"),
        ("nobody", PASSWORD, "email address"),
        ("bob@example.com", "short\n", "15 characters"),
        ("bob@example.com", "", "15 characters"),
        ("bob@example.com", "password1234567\n", "common"),
    ] {
        let run = create(email, input);
        assert!(!run.ok && run.err.contains(because), "{because}: {}", run.err);
    }
    let role = run(data.path(), &["user", "set-role", "--email", "nobody@example.com", "--role", "admin"], "");
    assert!(!role.ok && role.err.contains("nobody@example.com"), "{}", role.err);
    let unknown = run(data.path(), &["user", "set-role", "--email", "alice@example.com", "--role", "root"], "");
    assert!(!unknown.ok && unknown.err.contains("`user` or `admin`"), "{}", unknown.err);
}

#[test]
fn pruning_says_what_it_deleted() {
    let data = tempfile::tempdir().unwrap();
    let run = run(data.path(), &["prune"], "");
    assert!(run.ok, "{}", run.err);
    assert_eq!(run.out, "deleted 0 expired denials, 0 sessions long over, 0 old events\n");
}

#[test]
fn a_password_never_stands_on_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let run = run(data.path(), &["user", "create", "--email", "a@example.com", "--password", PASSWORD], "");
    assert!(!run.ok && run.err.contains("--password"), "{}", run.err);
}

#[test]
fn the_longest_exposure_to_a_revoked_token_is_printed_and_no_password() {
    let data = with_keys();
    let url = ["--redis-url", "redis://:hush-hush@127.0.0.1:1"];
    for (flags, exposure) in [
        (&[][..], "2s, the store's"),
        (&url, "5s; then access tokens are refused"),
        (&[url[0], url[1], "--denylist-blind", "allow"], "without Redis 2s, the store's; without both 15m"),
    ] {
        let run = check(data.path(), flags);
        assert!(run.ok && run.out.contains(exposure), "{}{}", run.out, run.err);
        assert!(!run.out.contains("hush-hush"), "{}", run.out);
    }
}
