//! The claims: each is required, has its type, and is compared with what this server would have written.

use super::{
    AUDIENCE, AccessTokenError, Grant, ISSUER, LIFE, NOW, assert_good, assert_invalid, grant, header, issued, payload,
    sign, tokens, verify, verify_at, with_claim, without_claim,
};
use crate::server::{clock::Timestamp, entropy::SystemEntropy};
use serde_json::{Value, json};
use std::time::Duration;

fn at(seconds: i64) -> Value {
    json!(NOW.as_secs() + seconds)
}

#[test]
fn every_claim_is_required() {
    for name in ["iss", "aud", "sub", "sid", "gen", "jti", "role", "iat", "exp"] {
        assert_invalid(&without_claim(name));
        assert_invalid(&with_claim(name, Value::Null));
    }
}

#[test]
fn the_issuer_is_the_one_string() {
    let upper = ISSUER.to_uppercase();
    for iss in [json!(upper), json!(format!("{ISSUER}/")), json!("https://app"), json!([ISSUER]), json!(1), json!("")] {
        assert_invalid(&with_claim("iss", iss));
    }
}

#[test]
fn the_audience_contains_this_server() {
    for aud in
        [json!("other"), json!([]), json!([""]), json!(["other"]), json!(1), json!({}), json!(""), json!([AUDIENCE, 1])]
    {
        assert_invalid(&with_claim("aud", aud));
    }
    assert_good(&with_claim("aud", json!([AUDIENCE])));
    assert_good(&with_claim("aud", json!(["other", AUDIENCE])));
}

#[test]
fn the_expiry_is_a_number_in_the_future_to_the_millisecond() {
    let exp = NOW + LIFE;
    let token = with_claim("exp", at(900));
    assert!(verify_at(&token, exp - Duration::from_millis(1)).is_ok());
    assert_eq!(verify_at(&token, exp), Err(AccessTokenError::Expired));
    assert_eq!(verify_at(&token, exp + Duration::from_hours(24)), Err(AccessTokenError::Expired));
}

#[test]
fn an_expiry_of_another_type_is_refused() {
    let text = (NOW.as_secs() + 600).to_string();
    for exp in [
        json!(text),
        json!(true),
        json!([1_800_000_600]),
        json!({}),
        json!(-1),
        json!(0),
        json!(1.8e9),
        json!(u64::MAX),
    ] {
        assert_invalid(&with_claim("exp", exp));
    }
    let huge = payload().to_string().replace(&format!("\"exp\":{}", NOW.as_secs() + 900), "\"exp\":1e400");
    assert_invalid(&sign(header().to_string(), huge));
}

#[test]
fn the_life_is_bounded() {
    assert_good(&with_claim("exp", at(900)));
    for exp in [at(901), json!(4_102_444_800_i64), json!(i64::MAX), json!(i64::MIN)] {
        assert_invalid(&with_claim("exp", exp));
    }
    assert_invalid(&with_claim("iat", json!(NOW.as_secs() - 100_000)));
    assert_invalid(&with_claim("iat", json!(i64::MIN)));
}

#[test]
fn a_token_from_the_future_is_refused_but_for_a_skewed_clock() {
    let shifted = |seconds: i64| {
        let mut payload = payload();
        payload["iat"] = at(seconds);
        payload["exp"] = at(seconds + 600);
        sign(header().to_string(), payload.to_string())
    };
    assert_good(&shifted(100));
    for seconds in [121, 3600, 10_000_000] {
        assert_invalid(&shifted(seconds));
    }
}

#[test]
fn not_before_is_honoured_where_it_is_present() {
    assert_good(&with_claim("nbf", at(0)));
    for nbf in [
        at(3600),
        json!("never"),
        json!(NOW.as_secs().to_string()),
        Value::Null,
        json!([]),
        json!(true),
        json!(i64::MAX),
    ] {
        assert_invalid(&with_claim("nbf", nbf));
    }
}

#[test]
fn identifiers_are_identifiers() {
    for name in ["sub", "sid", "jti"] {
        let (upper, long) = ("AB".repeat(16), "0".repeat(33));
        for id in
            [json!(""), json!("1"), json!(upper), json!(long), json!(1), json!("a\0b"), json!(u64::MAX), json!(["x"])]
        {
            assert_invalid(&with_claim(name, id));
        }
    }
}

#[test]
fn the_generation_is_a_number() {
    for generation in [json!("3"), json!(-1), json!(1.5), json!(4_294_967_296_u64), json!([])] {
        assert_invalid(&with_claim("gen", generation));
    }
}

#[test]
fn the_role_is_a_role() {
    for role in [json!("root"), json!("Admin"), json!(""), json!("user admin"), json!(["admin"]), json!(1)] {
        assert_invalid(&with_claim("role", role));
    }
}

#[test]
fn a_claim_that_comes_twice_is_refused() {
    let text = payload().to_string();
    let body = text.strip_prefix('{').unwrap();
    let tail = text.strip_suffix('}').unwrap();
    for name in ["exp", "sub", "role", "iss", "aud", "iat", "sid", "jti", "gen"] {
        let value = &payload()[name];
        assert_invalid(&sign(header().to_string(), format!("{{\"{name}\":{value},{body}")));
        assert_invalid(&sign(header().to_string(), format!("{tail},\"{name}\":{value}}}")));
    }
}

#[test]
fn claims_without_meaning_are_passed_over() {
    assert_good(&with_claim("name", json!({ "deep": [1, [2, [3]]] })));
    assert_good(&sign(header().to_string(), format!("\n {} \t", payload())));
}

#[test]
fn the_payload_is_a_json_object() {
    let text = payload().to_string();
    let nested = issued();
    let bad = [
        "[]".to_owned(),
        "null".into(),
        "\"x\"".into(),
        "1".into(),
        String::new(),
        "{}".into(),
        format!("\u{feff}{text}"),
        format!("{text}{text}"),
        format!("{text}x"),
        text[..text.len() - 1].to_owned(),
        nested,
        format!("[{text}]"),
    ];
    for payload in bad {
        assert_invalid(&sign(header().to_string(), payload));
    }
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_invalid(&sign(header().to_string(), utf_16));
}

#[test]
fn an_array_of_the_right_values_is_no_payload() {
    let claims = payload();
    let order = ["iss", "aud", "sub", "sid", "gen", "jti", "role", "iat", "exp"];
    let values: Vec<_> = order.iter().map(|name| claims[name].clone()).collect();
    assert_invalid(&sign(header().to_string(), json!(values).to_string()));
}

#[test]
fn the_payload_is_utf_8_to_the_last_byte() {
    let text = payload().to_string();
    for bytes in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80"] {
        let mut payload = text.strip_suffix('}').unwrap().as_bytes().to_vec();
        payload.extend_from_slice(b",\"x\":\"");
        payload.extend_from_slice(bytes);
        payload.extend_from_slice(b"\"}");
        assert_invalid(&sign(header().to_string(), payload));
    }
}

#[test]
fn a_deep_payload_is_read_quickly_or_not_at_all() {
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let text = payload().to_string();
    let payload = format!("{},\"x\":{deep}}}", text.strip_suffix('}').unwrap());
    let result = verify(&sign(header().to_string(), payload));
    assert!(!matches!(result, Err(AccessTokenError::Expired | AccessTokenError::Revoked)), "{result:?}");
}

#[test]
fn a_life_has_jitter_within_its_bound() {
    let lives: Vec<_> = (0..200).map(|_| tokens().issue(&grant(), &SystemEntropy, NOW).unwrap().1).collect();
    assert!(lives.iter().all(|life| (855..=900).contains(life)), "{lives:?}");
    assert!(lives.iter().any(|life| *life != lives[0]));
}

#[test]
fn a_fraction_of_a_second_makes_no_life_too_long() {
    let now = Timestamp::from_millis(NOW.as_millis() + 999);
    for _ in 0..50 {
        let token = tokens().issue(&grant(), &SystemEntropy, now).unwrap().0;
        assert!(verify_at(token.expose(), now).is_ok());
    }
}

#[test]
fn no_token_outlives_its_session() {
    let ending = Grant { session_expires_at: NOW + Duration::from_mins(1), ..grant() };
    let (token, expires_in) = tokens().issue(&ending, &SystemEntropy, NOW).unwrap();
    assert_eq!(expires_in, 60);
    assert_eq!(verify(token.expose()).unwrap().expires_at, ending.session_expires_at);
}
