//! Form and size, before anything is decoded.

use super::{MAX_BYTES, assert_good, assert_invalid, assert_invalid_because, issued, with_claim};
use serde_json::json;

#[test]
fn there_are_three_segments() {
    let token = issued();
    let (head, signature) = token.rsplit_once('.').unwrap();
    for bad in
        ["", ".", "..", "...", head, &token[1..], &format!("{token}."), &format!(".{token}"), &format!("{token}.x")]
    {
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
            format!("{}=", parts[index]),
            format!("{}==", parts[index]),
            format!(" {}", parts[index]),
            format!("{}\n", parts[index]),
            format!("{}+", parts[index]),
            format!("{}\0", parts[index]),
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
