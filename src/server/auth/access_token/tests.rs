//! One test a check, in the order in which `verify` makes them. The forger here knows the key, so that each check
//! is met alone.

use super::{AccessTokenError, AccessTokens, Claims, Grant, MAX_BYTES};
use crate::{
    server::{
        auth::{
            denylist::{Denial, Denied, Denylist},
            key_set::{KeyPolicy, KeySet, ScheduledKey, SigningKeys},
            signing_key::SigningAlgorithm,
        },
        clock::Timestamp,
        entropy::SystemEntropy,
        id::{SessionId, TokenId, UserId},
        secret::{Secret, SecretFile},
    },
    shared::Role,
};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

mod claims;
mod form;
mod header;
mod signature;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const LIFE: Duration = Duration::from_mins(15);
const ISSUER: &str = "https://app.example";
const AUDIENCE: &str = "https://api.example";
const KEY: &[u8] = &[7; 32];
const OLD_KEY: &[u8] = &[8; 32];

fn tokens() -> AccessTokens {
    let keys = ScheduledKey::of_secrets(&SecretFile::from_keys([KEY, OLD_KEY].into_iter()));
    tokens_of(keys, SigningAlgorithm::Hs256)
}

fn tokens_of(keys: Vec<ScheduledKey>, algorithm: SigningAlgorithm) -> AccessTokens {
    let keys = KeySet::new(keys, KeyPolicy { algorithm, token_life: LIFE }).unwrap();
    AccessTokens::new(Arc::new(SigningKeys::new(keys)), ISSUER.into(), AUDIENCE.into(), LIFE)
}

fn verify(token: &str) -> Result<Claims, AccessTokenError> {
    verify_at(token, NOW)
}

fn verify_at(token: &str, now: Timestamp) -> Result<Claims, AccessTokenError> {
    tokens().verify(token, &Denylist::default(), now)
}

fn grant() -> Grant {
    Grant {
        user_id: UserId::from_bytes([1; 16]),
        role: Role::User,
        session_id: SessionId::from_bytes([2; 16]),
        generation: 3,
        session_expires_at: NOW + Duration::from_hours(168),
    }
}

fn issued() -> String {
    tokens().issue(&grant(), &SystemEntropy, NOW).unwrap().0.expose().to_owned()
}

fn kid() -> String {
    Secret::from_bytes(KEY).id()
}

fn header() -> Value {
    json!({ "alg": "HS256", "typ": "at+jwt", "kid": kid() })
}

fn payload() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "01".repeat(16), "sid": "02".repeat(16), "gen": 3, "jti": "04".repeat(16),
        "role": "user", "iat": NOW.as_secs(), "exp": NOW.as_secs() + 900,
    })
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs these bytes with this key, whatever they are.
fn sign_with(algorithm: hmac::Algorithm, key: &[u8], header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let head = format!("{}.{}", b64(header), b64(payload));
    let signature = hmac::sign(&hmac::Key::new(algorithm, key), head.as_bytes());
    format!("{head}.{}", b64(signature))
}

fn sign(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    sign_with(hmac::HMAC_SHA256, KEY, header, payload)
}

/// A good token but for one member of its header.
fn with_header(name: &str, value: Value) -> String {
    let mut header = header();
    header[name] = value;
    sign(header.to_string(), payload().to_string())
}

/// A good token but for one claim.
fn with_claim(name: &str, value: Value) -> String {
    let mut payload = payload();
    payload[name] = value;
    sign(header().to_string(), payload.to_string())
}

fn without_claim(name: &str) -> String {
    let mut payload = payload();
    payload.as_object_mut().unwrap().remove(name);
    sign(header().to_string(), payload.to_string())
}

#[track_caller]
fn assert_invalid(token: &str) {
    let result = verify(token);
    assert!(matches!(result, Err(AccessTokenError::Invalid(_))), "{result:?}: {token}");
}

#[track_caller]
fn assert_invalid_because(why: &'static str, token: &str) {
    assert_eq!(verify(token), Err(AccessTokenError::Invalid(why)));
}

#[track_caller]
fn assert_good(token: &str) {
    verify(token).unwrap();
}

#[test]
fn what_was_issued_is_what_is_read() {
    let claims = verify(&issued()).unwrap();
    assert_eq!((claims.user_id, claims.session_id), (grant().user_id, grant().session_id));
    assert_eq!((claims.generation, claims.role, claims.issued_at), (3, Role::User, NOW));
}

#[test]
fn the_forgers_own_token_is_good_before_anything_is_changed() {
    assert_good(&sign(header().to_string(), payload().to_string()));
}

#[test]
fn a_denied_token_is_revoked() {
    let token = issued();
    let claims = verify(&token).unwrap();
    let stranger = TokenId::from_bytes([9; 16]);
    for (subject, denied) in [
        (Denied::Token(claims.token_id), true),
        (Denied::Session(claims.session_id), true),
        (Denied::User(claims.user_id, NOW), true),
        (Denied::User(claims.user_id, NOW - Duration::from_secs(1)), false),
        (Denied::Token(stranger), false),
    ] {
        let denylist = Denylist::default();
        denylist.add(&[Denial { subject, expires_at: NOW + LIFE }], NOW);
        let result = tokens().verify(&token, &denylist, NOW);
        assert_eq!(result.err(), denied.then_some(AccessTokenError::Revoked), "{subject:?}");
    }
}

#[test]
fn a_bad_signature_is_never_told_that_it_was_revoked() {
    let denylist = Denylist::default();
    denylist.add(&[Denial { subject: Denied::Session(grant().session_id), expires_at: NOW + LIFE }], NOW);
    let forged = sign_with(hmac::HMAC_SHA256, &[9; 32], header().to_string(), payload().to_string());
    assert!(matches!(tokens().verify(&forged, &denylist, NOW), Err(AccessTokenError::Invalid(_))));
}

#[test]
fn sign_out_takes_an_expired_token_and_no_forged_one() {
    let later = NOW + Duration::from_hours(24);
    assert!(tokens().authenticate(&issued(), later).is_ok());
    let forged = sign_with(hmac::HMAC_SHA256, &[9; 32], header().to_string(), payload().to_string());
    assert!(tokens().authenticate(&forged, later).is_err());
}
