use super::{KeyError, SigningAlgorithm, SigningKey};
use crate::server::entropy::SystemEntropy;
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{self, KeySize},
    signature::Ed25519KeyPair,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use std::sync::LazyLock;

const ALL: [SigningAlgorithm; 4] =
    [SigningAlgorithm::Hs256, SigningAlgorithm::Rs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];

static KEYS: LazyLock<Vec<SigningKey>> =
    LazyLock::new(|| ALL.map(|algorithm| SigningKey::generate(algorithm, &SystemEntropy).unwrap()).into());

fn error(algorithm: SigningAlgorithm, text: &str) -> KeyError {
    SigningKey::parse(algorithm, text).err().unwrap()
}

#[test]
fn a_key_is_what_it_was_when_it_is_read_again() {
    for key in KEYS.iter() {
        let again = SigningKey::parse(key.algorithm(), &key.expose()).unwrap();
        assert_eq!((again.id(), again.algorithm()), (key.id(), key.algorithm()));
        let token = key.sign("at+jwt", &json!({ "n": 1 })).unwrap();
        assert_eq!(again.verify::<Value>(&token).unwrap(), json!({ "n": 1 }));
        assert_eq!(again.public().is_some(), key.algorithm().is_asymmetric());
    }
}

#[test]
fn no_key_verifies_what_another_signed() {
    for signer in KEYS.iter() {
        let token = signer.sign("at+jwt", &json!({})).unwrap();
        for other in KEYS.iter().filter(|other| other.id() != signer.id()) {
            assert!(other.verify::<Value>(&token).is_err(), "{} by {}", signer.algorithm(), other.algorithm());
        }
    }
}

#[test]
fn a_key_is_of_one_algorithm() {
    for key in KEYS.iter() {
        for other in ALL.into_iter().filter(|other| *other != key.algorithm() && other.is_asymmetric()) {
            assert_eq!(error(other, &key.expose()), KeyError::Malformed(other), "{}", key.algorithm());
        }
    }
    for text in ["", "secret", "MFEC", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        for algorithm in ALL.into_iter().filter(|algorithm| algorithm.is_asymmetric()) {
            assert_eq!(error(algorithm, text), KeyError::Malformed(algorithm));
        }
    }
}

#[test]
fn weak_keys_are_refused() {
    let pair = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    assert!(matches!(error(SigningAlgorithm::Rs256, &STANDARD.encode(der.as_ref())), KeyError::Weak(_)));
    for weak in
        ["c2VjcmV0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="]
    {
        assert!(matches!(error(SigningAlgorithm::Hs256, weak), KeyError::Weak(_)), "{weak}");
    }
}

/// Appendix A of RFC 8037: a key and its thumbprint.
#[test]
fn the_name_of_a_public_key_is_its_thumbprint() {
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SigningKey::parse(SigningAlgorithm::EdDsa, &STANDARD.encode([&head[..], &seed].concat())).unwrap();
    assert_eq!(key.id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn an_ed25519_key_with_its_public_half_inside_is_refused_and_not_misread() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let long = STANDARD.encode(pair.to_pkcs8().unwrap());
    assert_eq!(error(SigningAlgorithm::EdDsa, &long), KeyError::Malformed(SigningAlgorithm::EdDsa));
}
