//! Which database there is, and moving from one to the other.

use crate::{
    cli::run,
    support::{PostgresDatabase, TestApp, User, minutes, secs},
};
use counterfoil::shared::Code;
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

const URL: &str = "postgres://alice:hunter2-in-a-url@127.0.0.1:9/users?sslmode=disable";

#[tokio::test]
async fn every_session_goes_on_over_postgresql_and_every_denial_holds() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let mut app = TestApp::new().await;
    let mut alice = User::register(&app, "alice@example.com").await;
    let mut thief = alice.clone();
    alice.refresh(&app).await;
    let mut bob = User::register(&app, "bob@example.com").await;
    let signed_out = bob.clone();
    bob.logout(&app).await;

    app.move_to(database).await;
    signed_out.me(&app).await.assert_problem(Code::TokenRevoked);
    signed_out.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    alice.me(&app).await.assert_ok();
    app.advance(minutes(1));
    alice.refresh(&app).await;
    alice.me(&app).await.assert_ok();
    alice.elsewhere(&app).await.me(&app).await.assert_ok();
    app.advance(secs(11));
    thief.try_refresh(&app).await.assert_problem(Code::RefreshTokenReused);
}

#[test]
fn migrating_makes_the_database_and_says_when_there_is_nothing_to_do() {
    let data = tempfile::tempdir().unwrap();
    let first = run(data.path(), &["migrate"], "");
    assert!(first.ok && first.out.contains("made"), "{}{}", first.out, first.err);
    let second = run(data.path(), &["migrate"], "");
    assert!(second.ok && second.out.contains("was up to date"), "{}{}", second.out, second.err);
}

#[tokio::test]
async fn an_export_is_private_and_an_import_wants_an_empty_database() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("users.jsonl");
    let path = file.to_str().unwrap();
    let created =
        run(data.path(), &["user", "create", "--email", "alice@example.com"], "a stub stays with its issuer\n");
    assert!(created.ok, "{}", created.err);
    let export = run(data.path(), &["export", path], "");
    assert!(export.ok && export.out.contains("1 accounts"), "{}{}", export.out, export.err);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!run(data.path(), &["export", path], "").ok, "no file is written over");
    let full = run(data.path(), &["import", path], "");
    assert!(!full.ok && full.err.contains("holds something already"), "{}", full.err);

    let Some(database) = PostgresDatabase::create().await else { return };
    let url = database.url();
    let import = run(data.path(), &["import", path, "--database-url", &url], "");
    assert!(import.ok && import.out.contains("1 accounts"), "{}{}", import.out, import.err);
    let list = run(data.path(), &["user", "list", "--database-url", &url], "");
    assert!(list.out.contains("alice@example.com"), "{}{}", list.out, list.err);
    let doctor = run(data.path(), &["doctor", "--database-url", &url], "");
    assert!(doctor.out.contains("its schema is up to date"), "{}", doctor.out);
}

#[test]
fn the_password_in_its_url_is_never_printed() {
    let data = tempfile::tempdir().unwrap();
    let with = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_counterfoil"))
            .args(words)
            .env_clear()
            .env("COUNTERFOIL_DATA_DIR", data.path())
            .env("COUNTERFOIL_DATABASE_URL", URL)
            .output()
            .unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let check = with(&["config", "check"]);
    assert!(check.contains("postgres://127.0.0.1:9/users"), "{check}");
    let refused = with(&["user", "list"]);
    assert!(refused.contains("COUNTERFOIL_DATABASE_URL"), "{refused}");
    let doctor = with(&["doctor"]);
    assert!(doctor.contains("postgres://127.0.0.1:9/users"), "{doctor}");
    for text in [check, refused, doctor, with(&["--help"])] {
        assert!(!text.contains("hunter2") && !text.contains("alice"), "{text}");
    }
}
