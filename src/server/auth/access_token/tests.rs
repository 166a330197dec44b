//! One test a check, in the order in which `verify` makes them. The forger here knows the key, so that each check
//! is met alone.

use super::{AccessTokenError, AccessTokens, Claims, Grant, MAX_BYTES};
use crate::{
    server::{
        auth::denylist::{Denial, Denied, Denylist},
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
use std::time::Duration;

mod claims;
mod header;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const LIFE: Duration = Duration::from_secs(900);
const ISSUER: &str = "https://app.example";
const AUDIENCE: &str = "https://api.example";
const KEY: &[u8] = &[7; 32];
const OLD_KEY: &[u8] = &[8; 32];

fn tokens() -> AccessTokens {
    let secrets = SecretFile::from_keys([KEY, OLD_KEY].into_iter());
    AccessTokens::new(&secrets, ISSUER.into(), AUDIENCE.into(), LIFE)
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
fn assert_invalid_because(why: &str, token: &str) {
    assert_eq!(verify(token), Err(AccessTokenError::Invalid(match why {
        "form" => "form",
        "size" => "size",
        "header" => "header",
        "kid" => "kid",
        other => panic!("{other} is no reason"),
    })));
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

// Form and size

#[test]
fn there_are_three_segments() {
    let token = issued();
    let (head, signature) = token.rsplit_once('.').unwrap();
    for bad in ["", ".", "..", "...", head, &token[1..], &format!("{token}."), &format!(".{token}"), &format!("{token}.x")] {
        assert_invalid(bad);
    }
    assert_invalid_because("form", &format!("{head}.{signature}.{signature}"));
    assert_invalid_because("form", &"a.".repeat(1000));
}

#[test]
fn a_token_of_another_size_than_ours_is_not_even_looked_at() {
    let padding = "x".repeat(MAX_BYTES);
    assert_invalid_because("size", &with_claim("padding", json!(padding)));
    assert_invalid_because("size", &"a".repeat(MAX_BYTES + 1));
    assert_invalid_because("size", &".".repeat(1_000_000));
    assert_good(&with_claim("padding", json!("x".repeat(2000))));
}

#[test]
fn base64_is_strict() {
    let token = issued();
    let parts: Vec<_> = token.split('.').collect();
    let join = |parts: &[&str]| parts.join(".");
    for index in 0..3 {
        let spoilt = [
            format!("{}=", parts[index]), format!("{}==", parts[index]), format!(" {}", parts[index]),
            format!("{}\n", parts[index]), format!("{}+", parts[index]), format!("{}\0", parts[index]),
            parts[index].replacen('e', "é", 1) + "é",
        ];
        for segment in spoilt {
            let mut changed = parts.clone();
            changed[index] = &segment;
            assert_invalid(&join(&changed));
        }
    }
    assert_invalid(&format!("{token} "));
    assert_invalid(&format!(" {token}"));
}

#[test]
fn stray_bits_in_the_last_character_are_refused() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let token = issued();
    let last = token.as_bytes()[token.len() - 1];
    let index = ALPHABET.iter().position(|letter| *letter == last).unwrap();
    // A signature of 32 bytes leaves two bits of its last character unused.
    for stray in 1..4 {
        let other = char::from(ALPHABET[index ^ stray]);
        assert_invalid(&format!("{}{other}", &token[..token.len() - 1]));
    }
}

#[test]
fn other_serialisations_are_refused() {
    let token = issued();
    let parts: Vec<_> = token.split('.').collect();
    let flattened = json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] });
    assert_invalid(&flattened.to_string());
    assert_invalid(&format!("{{\"a\":\"{token}\"}}"));
    assert_invalid("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaa.bbbb.cccc");
}

// Signature

#[test]
fn every_bit_of_the_signature_counts() {
    let token = issued();
    let (head, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_invalid(&format!("{head}.{}", b64(flipped)));
    }
}

#[test]
fn a_signature_that_is_cut_extended_empty_or_zero_is_refused() {
    let token = issued();
    let (head, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let variants = [Vec::new(), signature[..31].to_vec(), signature[..16].to_vec(), vec![0; 32], vec![0; 64], [&signature[..], &[0]].concat()];
    for variant in variants {
        assert_invalid(&format!("{head}.{}", b64(variant)));
    }
}

#[test]
fn every_changed_byte_of_header_and_payload_is_noticed() {
    let token = issued();
    let end = token.rfind('.').unwrap();
    for index in 0..end {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        assert_invalid(std::str::from_utf8(&bytes).unwrap());
    }
}

#[test]
fn the_signature_is_checked_before_any_claim() {
    let expired = with_claim("exp", json!(NOW.as_secs() - 1));
    let tampered = format!("{}A", &expired[..expired.len() - 1]);
    let tampered = if tampered == expired { format!("{}E", &expired[..expired.len() - 1]) } else { tampered };
    assert_invalid(&tampered);
    let stranger = sign_with(hmac::HMAC_SHA256, &[9; 32], header().to_string(), payload().to_string());
    assert_invalid(&stranger);
}

#[test]
fn another_hash_with_the_same_key_is_another_algorithm() {
    for (name, algorithm) in [("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        let mut honest = header();
        honest["alg"] = json!(name);
        assert_invalid(&sign_with(algorithm, KEY, honest.to_string(), payload().to_string()));
        assert_invalid(&sign_with(algorithm, KEY, header().to_string(), payload().to_string()));
    }
}

#[test]
fn what_is_no_key_signs_nothing() {
    for key in [&b""[..], &[0; 32], b"secret", b"your-256-bit-secret", kid().as_bytes(), &KEY[..31]] {
        assert_invalid(&sign_with(hmac::HMAC_SHA256, key, header().to_string(), payload().to_string()));
    }
}

#[test]
fn an_earlier_key_still_verifies_but_does_not_sign() {
    let mut old = header();
    old["kid"] = json!(Secret::from_bytes(OLD_KEY).id());
    assert_good(&sign_with(hmac::HMAC_SHA256, OLD_KEY, old.to_string(), payload().to_string()));
    assert_invalid(&sign_with(hmac::HMAC_SHA256, KEY, old.to_string(), payload().to_string()));
    let header = issued().split('.').next().map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert!(String::from_utf8(header).unwrap().contains(&kid()));
}

// Denylist

#[test]
fn a_denied_token_is_revoked() {
    let token = issued();
    let claims = verify(&token).unwrap();
    let stranger = TokenId::from_bytes([9; 16]);
    for (subject, denied) in [
        (Denied::Token(claims.token_id), true),
        (Denied::Session(claims.session_id), true),
        (Denied::User(claims.user_id, NOW), true),
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
    let later = NOW + Duration::from_secs(86_400);
    assert!(tokens().authenticate(&issued(), later).is_ok());
    let forged = sign_with(hmac::HMAC_SHA256, &[9; 32], header().to_string(), payload().to_string());
    assert!(tokens().authenticate(&forged, later).is_err());
}
