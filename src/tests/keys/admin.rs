//! `GET /api/admin/keys`.

use crate::support::{START, TestApp, User, private_half, segments};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use counterfoil::{
    server::{
        auth::{administration::Actor, signing_key::SigningAlgorithm},
        id::UserId,
    },
    shared::{Code, Role},
};
use serde_json::json;

const KEYS: &str = "/api/admin/keys";

async fn admin(app: &TestApp) -> User {
    let mut user = User::register(app, "admin@example.com").await;
    let id: UserId = segments(&user.token).1["sub"].as_str().unwrap().parse().unwrap();
    app.state.administration.set_role(id, Role::Admin, Actor::default()).await.unwrap();
    user.login(app).await;
    user
}

#[tokio::test]
async fn an_administrator_sees_every_key_with_its_state_and_times() {
    let app = TestApp::signing(SigningAlgorithm::Es256).await;
    let admin = admin(&app).await;
    app.rotate_key(SigningAlgorithm::EdDsa, false);
    let start = START.as_secs();
    let kids: Vec<_> = app.keys().get().keys().iter().map(|scheduled| scheduled.key.id().to_owned()).collect();
    let answer = admin.get(&app, KEYS).send().await;
    let expected = json!({ "keys": [
        {
            "kid": kids[0], "algorithm": "ES256", "state": "current", "published_at": start, "current_from": start,
            "retired_at": start + 360, "ends_at": start + 360 + 960,
        },
        {
            "kid": kids[1], "algorithm": "EdDSA", "state": "next", "published_at": start, "current_from": start + 360,
        },
    ] });
    assert_eq!(answer.assert_ok().json(), expected);
}

#[tokio::test]
async fn nobody_sees_a_private_half() {
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa] {
        let app = TestApp::signing(algorithm).await;
        let text = admin(&app).await.get(&app, KEYS).send().await.text();
        let private = private_half(&app.keys().get().keys()[0].key);
        let end = &private[private.len() - 18..];
        for secret in [STANDARD.encode(&private), URL_SAFE_NO_PAD.encode(end)] {
            assert!(!text.contains(&secret), "{text}");
        }
    }
}

#[tokio::test]
async fn others_are_told_to_sign_in_or_that_they_may_not() {
    let (app, user) = TestApp::with_user().await;
    app.get(KEYS).send().await.assert_problem(Code::MissingToken);
    user.get(&app, KEYS).send().await.assert_problem(Code::Forbidden);
}
