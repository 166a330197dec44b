//! `counterfoil doctor`: what it sees, and what its exit status says of it.

use crate::support::RedisServer;
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};
use tempfile::TempDir;

/// A data folder that a server has used, and a built site.
fn deployment() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    fs::write(folder.path().join("site/pkg/counterfoil.wasm"), "").unwrap();
    assert!(counterfoil(folder.path(), &["prune"]).status.success());
    folder
}

fn counterfoil(folder: &Path, words: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_counterfoil"))
        .args(words)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("COUNTERFOIL_DATA_DIR", folder.join("data"))
        .env("COUNTERFOIL_SITE_ROOT", folder.join("site"))
        // Nobody listens there.
        .env("COUNTERFOIL_PUBLIC_ORIGIN", "http://localhost:9")
        .output()
        .unwrap()
}

/// The exit status, and the findings by what was looked at.
fn examined(folder: &Path, flags: &[&str]) -> (i32, impl Fn(&str) -> (String, String)) {
    let output = counterfoil(folder, &[&["doctor", "--json"], flags].concat());
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let find = move |check: &str| {
        let found = findings.iter().find(|finding| finding["check"] == check).unwrap();
        (found["verdict"].as_str().unwrap().to_owned(), found["says"].as_str().unwrap().to_owned())
    };
    (output.status.code().unwrap(), find)
}

#[test]
fn a_good_deployment_has_no_failure() {
    let folder = deployment();
    let (status, find) = examined(folder.path(), &[]);
    assert_eq!(status, 1, "development and a server that is not up are warnings");
    for check in ["settings", "keys", "file modes", "database", "clock", "site", "listeners", "proxies"] {
        assert_eq!(find(check).0, "ok", "{check}: {}", find(check).1);
    }
    assert_eq!(find("mode").0, "warn");
    assert_eq!(find("public origin").0, "warn");
}

#[test]
fn settings_that_do_not_fit_fail() {
    let folder = deployment();
    let (status, find) = examined(folder.path(), &["--session-idle-life", "1m"]);
    assert_eq!(status, 2);
    assert!(find("settings").0 == "fail" && find("settings").1.contains("COUNTERFOIL_SESSION_IDLE_LIFE"));
}

#[test]
fn production_without_its_secrets_fails_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--mode", "production", "--public-origin", "https://app.example"];
    let (status, find) = examined(folder.path(), &flags);
    assert_eq!((status, &*find("settings").0, &*find("keys").0), (2, "fail", "fail"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_database_that_others_can_read_fails() {
    let folder = deployment();
    let database = folder.path().join("data/counterfoil.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, find) = examined(folder.path(), &[]);
    assert_eq!((status, &*find("file modes").0), (2, "fail"));
    assert!(find("file modes").1.contains("chmod"));
}

#[test]
fn a_database_that_is_none_fails() {
    let folder = deployment();
    fs::write(folder.path().join("data/counterfoil.db"), "not a database, but long enough to look like something")
        .unwrap();
    let (status, find) = examined(folder.path(), &[]);
    assert_eq!((status, &*find("database").0), (2, "fail"));
}

#[tokio::test]
async fn events_from_the_future_mean_that_the_clock_is_wrong() {
    let folder = deployment();
    let url = format!("sqlite://{}", folder.path().join("data/counterfoil.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let event =
        "INSERT INTO events (at, kind, detail, user_agent, ip) VALUES (99999999999999, 'signed_in', '', '', '')";
    sqlx::query(event).execute(&pool).await.unwrap();
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 3").execute(&pool).await.unwrap();
    pool.close().await;
    let (status, find) = examined(folder.path(), &[]);
    assert_eq!((status, &*find("clock").0), (2, "fail"));
    assert_eq!(find("database").0, "warn", "a change of the schema is due");
}

#[test]
fn a_site_that_was_not_built_and_open_listeners_are_seen() {
    let folder = deployment();
    fs::remove_file(folder.path().join("site/pkg/counterfoil.wasm")).unwrap();
    let (status, find) = examined(folder.path(), &["--listen", "0.0.0.0:3000"]);
    assert_eq!(status, 2);
    assert_eq!((&*find("site").0, &*find("listeners").0), ("fail", "warn"));
}

#[test]
fn a_lab_that_others_can_reach_is_seen() {
    let folder = deployment();
    let (_, find) = examined(folder.path(), &["--lab-bind", "0.0.0.0"]);
    let (verdict, said) = find("listeners");
    assert!(verdict == "warn" && said.contains("COUNTERFOIL_LAB=off"), "{said}");
    let (_, find) = examined(folder.path(), &["--lab-bind", "0.0.0.0", "--lab", "off"]);
    assert_eq!(find("listeners").0, "ok");
}

#[test]
fn people_read_a_line_a_check() {
    let folder = deployment();
    let output = counterfoil(folder.path(), &["doctor"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 10, "{text}");
    assert!(
        text.lines().all(|line| ["ok ", "warn ", "FAIL "].iter().any(|verdict| line.starts_with(verdict))),
        "{text}"
    );
}

#[test]
fn nodes_that_are_not_heard_and_a_redis_that_is_away_are_seen() {
    let Some(mut redis) = RedisServer::start() else { return };
    let folder = deployment();
    let url = redis.url();
    let flags = ["--redis-url", &*url];
    assert_eq!(examined(folder.path(), &flags).1("other nodes").0, "warn");
    redis.stop();
    assert_eq!(examined(folder.path(), &flags).1("other nodes").0, "fail");
}
