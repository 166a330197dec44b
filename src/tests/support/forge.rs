//! Somebody who knows the key that signs access tokens, and so can sign what this server never would.

use super::START;
use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaEncoding},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use counterfoil::server::{
    auth::signing_key::{SigningAlgorithm, SigningKey},
    entropy::SystemEntropy,
    secret::Secret,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// Signs whatever is asked.
pub struct Forger {
    sign: Sign,
    alg: String,
    kid: String,
}

impl Forger {
    /// With an HS256 key.
    pub fn new(secret: &[u8]) -> Self {
        Self::hmac("HS256", hmac::HMAC_SHA256, secret, &Secret::from_bytes(secret).id())
    }

    /// With a key of this server, as it does itself.
    pub fn of(key: &SigningKey) -> Self {
        let private = private_half(key);
        let sign: Sign = match key.algorithm() {
            SigningAlgorithm::Hs256 => return Self::new(&private),
            SigningAlgorithm::Rs256 => return Self::rsa("RS256", &RSA_PKCS1_SHA256, key),
            SigningAlgorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).unwrap();
                Box::new(move |message| pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec())
            }
            SigningAlgorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(&private).unwrap();
                Box::new(move |message| pair.sign(message).as_ref().to_vec())
            }
        };
        Self { sign, alg: key.algorithm().to_string(), kid: key.id().to_owned() }
    }

    /// With an HMAC key that goes by this name.
    pub fn hmac(alg: &str, algorithm: hmac::Algorithm, secret: &[u8], kid: &str) -> Self {
        let key = hmac::Key::new(algorithm, secret);
        let sign = Box::new(move |message: &[u8]| hmac::sign(&key, message).as_ref().to_vec());
        Self { sign, alg: alg.to_owned(), kid: kid.to_owned() }
    }

    /// With an RSA key of this server, in another way than its own.
    pub fn rsa(alg: &str, encoding: &'static dyn RsaEncoding, key: &SigningKey) -> Self {
        let pair = rsa::KeyPair::from_pkcs8(&private_half(key)).unwrap();
        let sign = Box::new(move |message: &[u8]| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        });
        Self { sign, alg: alg.to_owned(), kid: key.id().to_owned() }
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "typ": "at+jwt", "kid": self.kid })
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let head = format!("{}.{}", encode(header), encode(claims));
        let signature = (self.sign)(head.as_bytes());
        format!("{head}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A token like a real one, with one claim changed; `null` takes it away.
    pub fn with_claim(&self, like: &str, name: &str, value: Value) -> String {
        let mut claims = segments(like).1;
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        self.sign(&self.header(), &claims)
    }

    /// A token like a real one, with one member of the header changed.
    pub fn with_header(&self, like: &str, name: &str, value: Value) -> String {
        let mut header = self.header();
        header[name] = value;
        self.sign(&header, &segments(like).1)
    }

    /// The claims of a token for a session that does not exist.
    pub fn claims() -> Value {
        json!({
            "iss": super::ORIGIN, "aud": super::ORIGIN, "sub": "1".repeat(32), "sid": "2".repeat(32), "gen": 0,
            "jti": "3".repeat(32), "role": "user", "iat": START.as_secs(), "exp": START.as_secs() + 900,
        })
    }
}

/// What a key file says of this key, decoded.
pub fn private_half(key: &SigningKey) -> Vec<u8> {
    STANDARD.decode(&*key.expose()).unwrap()
}

/// The same key of this algorithm in every test: making one with RSA takes a while.
pub fn signing_key(algorithm: SigningAlgorithm) -> SigningKey {
    static MADE: LazyLock<Mutex<HashMap<SigningAlgorithm, String>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap();
    let text = made
        .entry(algorithm)
        .or_insert_with(|| SigningKey::generate(algorithm, &SystemEntropy).unwrap().expose().to_string());
    SigningKey::parse(algorithm, text).unwrap()
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The header and the claims of a token, read without any check.
#[track_caller]
pub fn segments(token: &str) -> (Value, Value) {
    let mut parts =
        token.split('.').map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()));
    (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap())
}
