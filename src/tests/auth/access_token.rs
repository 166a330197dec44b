//! Access tokens from outside: expiry, and forgeries made with the right key and without it.

use crate::support::{Forger, START, TestApp, minutes, segments};
use counterfoil::shared::Code;
use serde_json::{Value, json};

#[tokio::test]
async fn the_life_is_at_most_fifteen_minutes_and_is_what_the_answer_says() {
    let (app, mut user) = TestApp::with_user().await;
    for _ in 0..20 {
        let answer = user.refresh(&app).await;
        let claims = segments(&user.token).1;
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!((855..=900).contains(&life), "{life}");
        assert_eq!(answer.json()["expires_in"], life);
    }
}

#[tokio::test]
async fn lives_differ_so_that_clients_do_not_refresh_in_step() {
    let (app, mut user) = TestApp::with_user().await;
    let mut lives = std::collections::HashSet::new();
    for _ in 0..20 {
        lives.insert(user.refresh(&app).await.json()["expires_in"].as_i64());
    }
    assert!(lives.len() > 3, "{lives:?}");
}

#[tokio::test]
async fn it_expires_to_the_second_with_its_own_code() {
    let (app, user) = TestApp::with_user().await;
    let exp = segments(&user.token).1["exp"].as_i64().unwrap();
    let life = u64::try_from(exp - START.as_secs()).unwrap();
    app.advance(std::time::Duration::from_millis(life * 1000 - 1));
    user.me(&app).await.assert_ok();
    app.advance(std::time::Duration::from_millis(1));
    user.me(&app).await.assert_problem(Code::TokenExpired);
}

#[tokio::test]
async fn an_expired_and_revoked_token_is_not_worth_a_refresh() {
    let (app, mut user) = TestApp::with_user().await;
    let copy = user.clone();
    user.logout(&app).await;
    copy.me(&app).await.assert_problem(Code::TokenRevoked);
    app.advance(minutes(16));
    copy.me(&app).await.assert_problem(Code::TokenExpired);
}

#[tokio::test]
async fn it_holds_what_a_verifier_needs_and_no_personal_data() {
    let (_, user) = TestApp::with_user().await;
    let (header, claims) = segments(&user.token);
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&header), ["alg", "kid", "typ"]);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("HS256"), &json!("at+jwt")));
    assert_eq!(members(&claims), ["aud", "exp", "gen", "iat", "iss", "jti", "role", "sid", "sub"]);
    assert!(!claims.to_string().contains("alice"));
}

#[tokio::test]
async fn a_token_signed_with_the_right_key_is_accepted() {
    let (app, user) = TestApp::with_user().await;
    let forged = TestApp::forger().with_claim(&user.token, "extra", json!({ "unknown": [1, 2] }));
    app.get("/api/me").bearer(&forged).send().await.assert_ok();
}

#[tokio::test]
async fn a_token_signed_with_another_key_is_not() {
    let (app, user) = TestApp::with_user().await;
    let (header, claims) = segments(&user.token);
    let forged = Forger::new(&[9; 32]).sign(&header, &claims);
    app.get("/api/me").bearer(&forged).send().await.assert_problem(Code::InvalidToken);
}

#[tokio::test]
async fn a_token_without_a_signature_is_not() {
    let (app, user) = TestApp::with_user().await;
    let head = user.token.rsplit_once('.').unwrap().0;
    for forged in [format!("{head}."), head.to_owned(), format!("{head}.AAAA")] {
        app.get("/api/me").bearer(&forged).send().await.assert_problem(Code::InvalidToken);
    }
}

#[tokio::test]
async fn an_account_or_a_session_that_does_not_exist_is_nobody() {
    let (app, user) = TestApp::with_user().await;
    let signer = TestApp::forger();
    let nobody = signer.sign(&signer.header(), &Forger::claims());
    let other_account = signer.with_claim(&user.token, "sub", json!("1".repeat(32)));
    let other_session = signer.with_claim(&user.token, "sid", json!("2".repeat(32)));
    for token in [nobody, other_account, other_session] {
        app.get("/api/me").bearer(&token).send().await.assert_problem(Code::TokenRevoked);
    }
}

#[tokio::test]
async fn strange_subjects_never_break_the_server() {
    let (app, user) = TestApp::with_user().await;
    let signer = TestApp::forger();
    for sub in
        [json!("a\0b"), json!(""), json!("9223372036854775808"), json!(1), json!("'; DROP TABLE accounts"), json!([])]
    {
        let token = signer.with_claim(&user.token, "sub", sub);
        app.get("/api/me").bearer(&token).send().await.assert_problem(Code::InvalidToken);
    }
}

#[tokio::test]
async fn an_unknown_role_grants_nothing_and_breaks_nothing() {
    let (app, user) = TestApp::with_user().await;
    for role in [json!("root"), json!("Admin"), json!("admin,user"), json!(["admin"]), json!(1)] {
        let forged = TestApp::forger().with_claim(&user.token, "role", role);
        app.get("/api/me").bearer(&forged).send().await.assert_problem(Code::InvalidToken);
    }
}

#[tokio::test]
async fn a_token_outlives_neither_its_session_nor_a_week_of_silence() {
    let app = TestApp::with(&["--session-absolute-life", "20m", "--session-idle-life", "20m"]).await;
    let mut user = crate::support::User::register(&app, "alice@example.com").await;
    app.advance(minutes(14));
    user.refresh(&app).await;
    app.advance(minutes(7));
    let status = user.me(&app).await.status;
    assert_eq!(status, 401, "the session ended a minute ago");
}
