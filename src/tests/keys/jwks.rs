//! `GET /.well-known/jwks.json` (RFC 7517, SECURITY M-02).

use super::ASYMMETRIC;
use crate::support::{Answer, TestApp, minutes, private_half};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use counterfoil::server::auth::signing_key::SigningAlgorithm;
use serde_json::{Value, json};

const JWKS: &str = "/.well-known/jwks.json";

async fn jwks(app: &TestApp) -> Answer {
    let answer = app.get(JWKS).send().await;
    answer.assert_ok();
    answer
}

#[tokio::test]
async fn it_holds_public_members_and_nothing_else() {
    let members = [
        (SigningAlgorithm::Rs256, vec!["alg", "e", "kid", "kty", "n", "use"]),
        (SigningAlgorithm::Es256, vec!["alg", "crv", "kid", "kty", "use", "x", "y"]),
        (SigningAlgorithm::EdDsa, vec!["alg", "crv", "kid", "kty", "use", "x"]),
    ];
    for (algorithm, members) in members {
        let app = TestApp::signing(algorithm).await;
        app.rotate_key(algorithm, false);
        let json = jwks(&app).await.json();
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["keys"]);
        let keys = json["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2);
        assert_ne!(keys[0]["kid"], keys[1]["kid"]);
        for key in keys {
            assert_eq!(key.as_object().unwrap().keys().collect::<Vec<_>>(), members);
            assert_eq!((&key["alg"], &key["use"]), (&json!(algorithm.name()), &json!("sig")));
        }
        if algorithm == SigningAlgorithm::Rs256 {
            assert_eq!(URL_SAFE_NO_PAD.decode(keys[0]["n"].as_str().unwrap()).unwrap().len() * 8, 3072);
        }
    }
}

#[tokio::test]
async fn no_private_half_and_no_hmac_key_is_ever_in_it() {
    for algorithm in [&[SigningAlgorithm::Hs256], &ASYMMETRIC[..]].concat() {
        let app = TestApp::signing(algorithm).await;
        app.rotate_key(algorithm, true);
        app.rotate_key(algorithm, false);
        let answer = jwks(&app).await;
        let json = answer.json();
        let keys = json["keys"].as_array().unwrap();
        assert_eq!(keys.len(), if algorithm == SigningAlgorithm::Hs256 { 0 } else { 3 });
        for key in keys {
            for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
                assert_eq!(key.get(private), None, "{algorithm}");
            }
            assert_ne!(key["kty"], "oct");
        }
        for scheduled in app.keys().get().keys() {
            let private = private_half(&scheduled.key);
            // An Ed25519 secret is what PKCS#8 ends with; a piece from the end of the others is as telling.
            let end = &private[private.len() - 18..];
            assert!(!answer.text().contains(&URL_SAFE_NO_PAD.encode(end)));
            assert!(!answer.text().contains(scheduled.key.expose().as_str()));
        }
    }
}

#[tokio::test]
async fn with_hs256_it_is_empty() {
    let app = TestApp::new().await;
    assert_eq!(jwks(&app).await.json(), json!({ "keys": [] }));
}

#[tokio::test]
async fn it_is_cached_for_five_minutes_and_asked_for_by_its_tag() {
    let app = TestApp::signing(SigningAlgorithm::Es256).await;
    let first = jwks(&app).await;
    assert_eq!(first.header("content-type"), Some("application/jwk-set+json"));
    assert_eq!(first.header("cache-control"), Some("public, max-age=300"));
    let tag = first.header("etag").unwrap();
    let weak = format!("\"other\", W/{tag}");
    for known in [tag, &weak, "*"] {
        let answer = app.get(JWKS).header("if-none-match", known).send().await;
        answer.assert_status(304);
        assert_eq!(answer.text(), "");
        assert_eq!(answer.header("etag"), Some(tag));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    }
    for other in ["\"other\"", "", "\u{e9}", &tag[1..]] {
        assert_eq!(app.get(JWKS).header("if-none-match", other).send().await.json(), first.json());
    }
    app.rotate_key(SigningAlgorithm::Es256, false);
    app.get(JWKS).header("if-none-match", tag).send().await.assert_ok();
}

#[tokio::test]
async fn it_holds_the_next_the_current_and_the_retired_key_and_no_key_that_is_gone() {
    let app = TestApp::signing(SigningAlgorithm::EdDsa).await;
    let kids = async || {
        let json = jwks(&app).await.json();
        json["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect::<Vec<Value>>()
    };
    let old = kids().await;
    app.rotate_key(SigningAlgorithm::Es256, false);
    let both = kids().await;
    assert_eq!((both.len(), &both[0]), (2, &old[0]), "published at once");
    app.advance(minutes(6));
    assert_eq!(kids().await, both, "signs, and the old one verifies");
    app.advance(minutes(16));
    assert_eq!(kids().await, both[1..], "the last token of the old one has ended");
}
