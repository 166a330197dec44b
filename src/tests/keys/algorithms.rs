//! What a session does, it does with every algorithm.

use super::ASYMMETRIC;
use crate::support::{TestApp, User, minutes, secs, segments};
use counterfoil::{server::auth::signing_key::SigningAlgorithm, shared::Code};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};

#[tokio::test]
async fn a_session_lives_and_ends_with_every_algorithm() {
    for algorithm in [&[SigningAlgorithm::Hs256], &ASYMMETRIC[..]].concat() {
        let app = TestApp::signing(algorithm).await;
        let mut user = User::register(&app, "alice@example.com").await;
        let key = app.keys().get().current(crate::support::START).id().to_owned();
        assert_eq!(segments(&user.token).0, json!({ "alg": algorithm.name(), "typ": "at+jwt", "kid": key }));
        user.me(&app).await.assert_ok();
        user.refresh(&app).await;
        user.me(&app).await.assert_ok();
        let copy = user.clone();
        user.logout(&app).await;
        copy.me(&app).await.assert_problem(Code::TokenRevoked);
        app.advance(minutes(16));
        copy.me(&app).await.assert_problem(Code::TokenExpired);
    }
}

#[tokio::test]
async fn whoever_has_the_jwks_can_verify_and_nobody_else_needs_to_be_asked() {
    for algorithm in ASYMMETRIC {
        let app = TestApp::signing(algorithm).await;
        let user = User::register(&app, "alice@example.com").await;
        let jwks: JwkSet = serde_json::from_value(app.get("/.well-known/jwks.json").send().await.json()).unwrap();
        let header = jsonwebtoken::decode_header(&user.token).unwrap();
        let jwk = jwks.find(&header.kid.unwrap()).unwrap();
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[crate::support::ORIGIN]);
        validation.set_issuer(&[crate::support::ORIGIN]);
        let decoding = DecodingKey::from_jwk(jwk).unwrap();
        let claims = jsonwebtoken::decode::<Value>(&user.token, &decoding, &validation).unwrap().claims;
        assert_eq!(claims["sub"], user.me(&app).await.json()["id"]);
    }
}

/// Where others verify too, a thief may use the access token where this server does not see it: DESIGN section 3.
#[tokio::test]
async fn an_unproven_successor_is_recovered_for_ten_minutes_where_others_verify() {
    for (algorithm, wait, outcome) in [
        (SigningAlgorithm::Hs256, minutes(60), None),
        (SigningAlgorithm::Es256, minutes(10), None),
        (SigningAlgorithm::Es256, minutes(10) + secs(1), Some(Code::RefreshTokenReused)),
    ] {
        let app = TestApp::signing(algorithm).await;
        let mut user = User::register(&app, "alice@example.com").await;
        let mut parent = user.clone();
        user.refresh(&app).await;
        app.advance(wait);
        let answer = parent.try_refresh(&app).await;
        match outcome {
            None => answer.assert_ok(),
            Some(code) => {
                answer.assert_problem(code);
                &answer
            }
        };
    }
}
