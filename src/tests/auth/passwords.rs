//! Which passwords open an account, from outside (SECURITY table H).

use crate::support::{Answer, TestApp};
use counterfoil::server::store::AccountStore;
use counterfoil::shared::{Code, Email};
use serde_json::json;

async fn call(app: &TestApp, path: &str, password: &str) -> Answer {
    app.post(path).json(&json!({ "email": "alice@example.com", "password": password })).send().await
}

/// An account with this password, and the passwords that must not open it.
async fn assert_only(password: &str, others: &[String]) {
    let app = TestApp::new().await;
    call(&app, "/auth/register", password).await.assert_ok();
    call(&app, "/auth/login", password).await.assert_ok();
    for other in others {
        call(&app, "/auth/login", other).await.assert_problem(Code::InvalidCredentials);
    }
}

#[tokio::test]
async fn sixty_four_emoji_count_to_the_last() {
    let long = "🎫".repeat(64);
    assert_only(&long, &[format!("{}🎟", "🎫".repeat(63)), "🎫".repeat(63), "🎫".repeat(65)]).await;
}

#[tokio::test]
async fn nothing_is_cut_off_at_72_bytes() {
    let long = format!("{}{}", "x".repeat(72), "the tail counts");
    assert_only(&long, &["x".repeat(72), format!("{}{}", "x".repeat(72), "the tail differs")]).await;
}

#[tokio::test]
async fn spaces_case_and_width_count() {
    let password = "correct horse battery";
    let others =
        [" correct horse battery", "correct horse battery ", "Correct horse battery", "ｃorrect horse battery"];
    assert_only(password, &others.map(str::to_owned)).await;
}

#[tokio::test]
async fn nul_is_a_character_like_any_other() {
    let password = "correct horse battery";
    let others = [format!("{password}\0"), format!("{password}\0{password}"), format!("\0{password}")];
    assert_only(password, &others).await;
    assert_only("correct\0horse battery", &["correct".to_owned(), "correct\0horse batterz".to_owned()]).await;
}

#[tokio::test]
async fn both_unicode_forms_of_an_accent_are_one_password() {
    let app = TestApp::new().await;
    call(&app, "/auth/register", "caf\u{e9} au lait, grand").await.assert_ok();
    call(&app, "/auth/login", "cafe\u{301} au lait, grand").await.assert_ok();
    call(&app, "/auth/login", "cafe au lait, grand").await.assert_problem(Code::InvalidCredentials);
}

#[tokio::test]
async fn fifteen_characters_of_any_kind_are_enough_and_1024_bytes_are_accepted() {
    for password in ["fifteen letters", &"🎫".repeat(15), &"ab".repeat(512)] {
        assert_only(password, &[]).await;
    }
}

#[tokio::test]
async fn two_people_with_one_password_have_two_hashes() {
    let app = TestApp::new().await;
    for email in ["alice@example.com", "bob@example.com"] {
        let body = json!({ "email": email, "password": "correct horse battery" });
        app.post("/auth/register").json(&body).send().await.assert_ok();
    }
    let mut hashes = Vec::new();
    for email in ["alice@example.com", "bob@example.com"] {
        let credentials = app.store.credentials(&Email::parse(email).unwrap()).await.unwrap().unwrap();
        hashes.push(credentials.password.bcrypt);
    }
    assert_ne!(hashes[0], hashes[1]);
    assert!(hashes.iter().all(|hash| hash.starts_with("$2b$04$")), "{hashes:?}");
}
