//! The header: `alg`, `typ`, `kid`, and the members that are refused.

use super::{assert_good, assert_invalid, assert_invalid_because, header, kid, payload, sign, with_header};
use serde_json::{Value, json};

#[test]
fn the_algorithm_is_the_keys_own() {
    for alg in
        ["none", "None", "nOnE", "NONE", "none ", "", "HS384", "HS512", "hs256", "HS256 ", "RS256", "ES256", "EdDSA"]
    {
        assert_invalid_because("alg", &with_header("alg", json!(alg)));
    }
    for alg in [Value::Null, json!([]), json!(["HS256"]), json!({}), json!(256), json!(true)] {
        assert_invalid_because("header", &with_header("alg", alg));
    }
    let missing = json!({ "typ": "at+jwt", "kid": kid() });
    assert_invalid_because("header", &sign(missing.to_string(), payload().to_string()));
}

#[test]
fn no_algorithm_needs_no_signature_and_gets_nothing() {
    for alg in ["none", "None", "nOnE"] {
        let token = with_header("alg", json!(alg));
        let (head, _) = token.rsplit_once('.').unwrap();
        assert_invalid(&format!("{head}."));
        assert_invalid(&token);
    }
}

#[test]
fn the_type_is_that_of_an_access_token() {
    for typ in ["JWT", "jwt", "refresh+jwt", "application/at+jwt", "AT+JWT", "at+jwt ", "none", ""] {
        assert_invalid_because("typ", &with_header("typ", json!(typ)));
    }
    for typ in [Value::Null, json!(1), json!(["at+jwt"])] {
        assert_invalid_because("header", &with_header("typ", typ));
    }
    let missing = json!({ "alg": "HS256", "kid": kid() });
    assert_invalid_because("header", &sign(missing.to_string(), payload().to_string()));
}

#[test]
fn the_key_is_one_of_a_list() {
    let long = "k".repeat(1500);
    for kid in ["", "00000000", "../../etc/passwd", "' OR 1=1 --", "a\0b", "|sleep 5", &kid().to_uppercase(), &long] {
        assert_invalid_because("kid", &with_header("kid", json!(kid)));
    }
    for kid in [Value::Null, json!(1), json!({}), json!([kid()])] {
        assert_invalid_because("header", &with_header("kid", kid));
    }
    let missing = json!({ "alg": "HS256", "typ": "at+jwt" });
    assert_invalid_because("header", &sign(missing.to_string(), payload().to_string()));
}

#[test]
fn nothing_in_the_header_supplies_a_key() {
    let key = json!({ "kty": "oct", "k": "AAAA" });
    for (name, value) in [
        ("jwk", key),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
    ] {
        assert_invalid_because("header", &with_header(name, value));
    }
}

#[test]
fn what_a_verifier_must_understand_is_not_understood() {
    for (name, value) in [
        ("crit", json!(["b64"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
    ] {
        assert_invalid_because("header", &with_header(name, value));
    }
}

#[test]
fn null_is_a_value_and_not_absence() {
    for name in ["crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"] {
        assert_invalid_because("header", &with_header(name, Value::Null));
    }
}

#[test]
fn a_member_that_comes_twice_is_refused() {
    let kid = kid();
    for doubled in [
        format!(r#"{{"alg":"HS256","alg":"none","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"none","alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"HS256","typ":"at+jwt","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}","kid":"{kid}"}}"#),
    ] {
        assert_invalid(&sign(doubled, payload().to_string()));
    }
}

#[test]
fn members_without_meaning_are_passed_over() {
    for (name, value) in [("x", json!(1)), ("note", json!({ "deep": [1, [2]] })), ("cty", json!("text"))] {
        assert_good(&with_header(name, value));
    }
    let spaced = format!("{{ \"alg\" : \"HS256\",\n\t\"typ\":\"at+jwt\", \"kid\":\"{}\" }}", kid());
    assert_good(&sign(spaced, payload().to_string()));
}

#[test]
fn the_header_is_a_json_object_in_utf_8() {
    let array = json!(["HS256", "at+jwt", kid()]).to_string();
    let text = header().to_string();
    for bad in [
        array,
        "null".into(),
        "\"x\"".into(),
        String::new(),
        "{".into(),
        format!("\u{feff}{text}"),
        format!("{text}{text}"),
    ] {
        assert_invalid(&sign(bad, payload().to_string()));
    }
    let mut bytes = text.strip_suffix('}').unwrap().as_bytes().to_vec();
    bytes.extend_from_slice(b",\"x\":\"\xff\"}");
    assert_invalid(&sign(bytes, payload().to_string()));
}
