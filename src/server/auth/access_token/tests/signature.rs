//! The signature: of one algorithm, by one key of a list, over every byte.

use super::{KEY, NOW, OLD_KEY, assert_good, assert_invalid, b64, header, issued, kid, payload, sign_with, with_claim};
use crate::server::secret::Secret;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

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
    let variants = [
        Vec::new(),
        signature[..31].to_vec(),
        signature[..16].to_vec(),
        vec![0; 32],
        vec![0; 64],
        [&signature[..], &[0]].concat(),
    ];
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
