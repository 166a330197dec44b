//! Access tokens that only look like ours, for every algorithm with a public half (SECURITY T-01 to T-08).

use super::ASYMMETRIC;
use crate::support::{Forger, START, TestApp, User, private_half, segments, signing_key};
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use counterfoil::{
    server::{
        auth::signing_key::{SigningAlgorithm, SigningKey},
        entropy::SystemEntropy,
    },
    shared::Code,
};
use serde_json::{Value, json};

/// The application with a key of an algorithm, somebody signed in, and a forger who has that key.
struct Scene {
    app: TestApp,
    user: User,
    key: SigningKey,
    forger: Forger,
}

async fn scene(algorithm: SigningAlgorithm) -> Scene {
    let app = TestApp::signing(algorithm).await;
    let user = User::register(&app, "alice@example.com").await;
    let key = signing_key(algorithm);
    let forger = Forger::of(&key);
    Scene { app, user, key, forger }
}

impl Scene {
    async fn assert_code(&self, token: &str, code: Code) {
        self.app.get("/api/me").bearer(token).send().await.assert_problem(code);
    }

    async fn assert_invalid(&self, token: &str) {
        self.assert_code(token, Code::InvalidToken).await;
    }

    async fn assert_good(&self, token: &str) {
        self.app.get("/api/me").bearer(token).send().await.assert_ok();
    }

    fn with_signature(&self, signature: impl AsRef<[u8]>) -> String {
        let head = self.user.token.rsplit_once('.').unwrap().0;
        format!("{head}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(self.user.token.rsplit_once('.').unwrap().1).unwrap()
    }
}

/// Every way in which a public key is written down.
fn public_forms(key: &SigningKey) -> Vec<Vec<u8>> {
    let private = private_half(key);
    let spki: PublicKeyX509Der<'_> = match key.algorithm() {
        SigningAlgorithm::Rs256 => rsa::KeyPair::from_pkcs8(&private).unwrap().public_key().as_der().unwrap(),
        SigningAlgorithm::Es256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).unwrap();
            pair.public_key().as_der().unwrap()
        }
        _ => Ed25519KeyPair::from_pkcs8(&private).unwrap().public_key().as_der().unwrap(),
    };
    let der = spki.as_ref().to_vec();
    let lines: Vec<_> = STANDARD.encode(&der).as_bytes().chunks(64).map(<[u8]>::to_vec).collect();
    let pem = [b"-----BEGIN PUBLIC KEY-----".to_vec(), lines.join(&b'\n'), b"-----END PUBLIC KEY-----".to_vec()];
    let pem = pem.join(&b'\n');
    let jwk = serde_json::to_value(key.public().unwrap()).unwrap();
    let mut forms = vec![der, [&pem[..], b"\n"].concat(), pem, jwk.to_string().into_bytes(), Vec::new()];
    for member in ["n", "x", "y", "e"] {
        if let Some(text) = jwk[member].as_str() {
            forms.push(text.as_bytes().to_vec());
            forms.push(URL_SAFE_NO_PAD.decode(text).unwrap());
        }
    }
    forms
}

#[tokio::test]
async fn a_public_key_is_never_an_hmac_key() {
    let sizes = [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)];
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        for form in public_forms(&scene.key) {
            for (alg, size) in sizes {
                let forger = Forger::hmac(alg, size, &form, scene.key.id());
                let honest = forger.sign(&forger.header(), &segments(&scene.user.token).1);
                scene.assert_invalid(&honest).await;
                let disguised = forger.with_header(&scene.user.token, "alg", json!(algorithm.name()));
                scene.assert_invalid(&disguised).await;
            }
        }
    }
}

#[tokio::test]
async fn the_algorithm_is_the_keys_own_and_never_the_tokens() {
    let names = ["none", "None", "nOnE", "none ", "", "HS256", "RS256", "RS384", "PS256", "ES256", "ES384", "EdDSA"];
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        for alg in names.iter().filter(|alg| **alg != algorithm.name()) {
            let token = scene.forger.with_header(&scene.user.token, "alg", json!(alg));
            scene.assert_invalid(&token).await;
            scene.assert_invalid(&format!("{}.", token.rsplit_once('.').unwrap().0)).await;
        }
        for alg in [Value::Null, json!([]), json!([algorithm.name()]), json!(256)] {
            scene.assert_invalid(&scene.forger.with_header(&scene.user.token, "alg", alg)).await;
        }
    }
}

#[tokio::test]
async fn the_same_key_in_another_size_or_padding_is_another_algorithm() {
    let rsa = scene(SigningAlgorithm::Rs256).await;
    for (alg, encoding) in [("RS384", &RSA_PKCS1_SHA384), ("RS512", &RSA_PKCS1_SHA512)]
        .map(|(alg, encoding)| (alg, encoding as _))
        .into_iter()
        .chain([("PS256", &RSA_PSS_SHA256 as _)])
    {
        let forger = Forger::rsa(alg, encoding, &rsa.key);
        rsa.assert_invalid(&forger.sign(&forger.header(), &segments(&rsa.user.token).1)).await;
        rsa.assert_invalid(&forger.with_header(&rsa.user.token, "alg", json!("RS256"))).await;
    }
    let ec = scene(SigningAlgorithm::Es256).await;
    let larger = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let head = ec.user.token.rsplit_once('.').unwrap().0;
    let signature = larger.sign(&SystemRandom::new(), head.as_bytes()).unwrap();
    ec.assert_invalid(&ec.with_signature(signature)).await;
}

#[tokio::test]
async fn a_signature_that_is_cut_extended_empty_or_zero_is_refused() {
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        let good = scene.signature();
        scene.assert_good(&scene.with_signature(&good)).await;
        let length = good.len();
        let variants = [
            Vec::new(),
            vec![0],
            vec![0; length],
            vec![0xff; length],
            good[..length - 1].to_vec(),
            good[1..].to_vec(),
            good[..length / 2].to_vec(),
            [&good[..], &[0]].concat(),
            [&[0], &good[..]].concat(),
            [&good[length / 2..], &good[..length / 2]].concat(),
        ];
        for variant in variants {
            scene.assert_invalid(&scene.with_signature(variant)).await;
        }
        for index in (0..length).step_by(7) {
            let mut flipped = good.clone();
            flipped[index] ^= 1;
            scene.assert_invalid(&scene.with_signature(flipped)).await;
        }
    }
}

/// CVE-2022-21449: r and s of zero, or of the group's order, made every signature good.
#[tokio::test]
async fn an_ecdsa_signature_has_numbers_in_their_range_and_the_form_of_jws() {
    let scene = scene(SigningAlgorithm::Es256).await;
    let good = scene.signature();
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    for number in [[0; 32], order] {
        for signature in [[number, number].concat(), [&number, &good[32..]].concat(), [&good[..32], &number].concat()] {
            scene.assert_invalid(&scene.with_signature(signature)).await;
        }
    }
    let asn1 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &private_half(&scene.key)).unwrap();
    let head = scene.user.token.rsplit_once('.').unwrap().0;
    let signature = asn1.sign(&SystemRandom::new(), head.as_bytes()).unwrap();
    scene.assert_invalid(&scene.with_signature(signature)).await;
}

#[tokio::test]
async fn every_part_is_signed() {
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        let end = scene.user.token.rfind('.').unwrap();
        for index in (0..end).step_by(5) {
            let mut bytes = scene.user.token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            scene.assert_invalid(std::str::from_utf8(&bytes).unwrap()).await;
        }
    }
}

#[tokio::test]
async fn another_key_of_the_algorithm_signs_nothing_whatever_it_calls_itself() {
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        let claims = segments(&scene.user.token).1;
        let stranger = SigningKey::generate(algorithm, &SystemEntropy).unwrap();
        let forger = Forger::of(&stranger);
        scene.assert_invalid(&forger.sign(&forger.header(), &claims)).await;
        scene.assert_invalid(&forger.sign(&scene.forger.header(), &claims)).await;
        let jwk = serde_json::to_value(stranger.public().unwrap()).unwrap();
        for (name, value) in [
            ("jwk", jwk),
            ("jku", json!("http://localhost:3000/jwks.json")),
            ("x5u", json!("http://localhost:3000/cert.pem")),
            ("x5c", json!([STANDARD.encode("certificate")])),
        ] {
            scene.assert_invalid(&forger.with_header(&scene.user.token, name, value.clone())).await;
            scene.assert_invalid(&scene.forger.with_header(&scene.user.token, name, value)).await;
        }
    }
}

#[tokio::test]
async fn an_unknown_kid_is_nobodys() {
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        let long = "k".repeat(1500);
        for kid in ["", "00000000", "../../etc/passwd", "' OR 1=1 --", "a\0b", &long] {
            scene.assert_invalid(&scene.forger.with_header(&scene.user.token, "kid", json!(kid))).await;
        }
        for kid in [Value::Null, json!(1), json!({}), json!([scene.key.id()])] {
            scene.assert_invalid(&scene.forger.with_header(&scene.user.token, "kid", kid)).await;
        }
    }
}

/// The forger has the key here, so that each check is met alone.
#[tokio::test]
async fn header_and_claims_are_checked_after_the_signature() {
    for algorithm in ASYMMETRIC {
        let scene = scene(algorithm).await;
        let (forger, like) = (&scene.forger, &scene.user.token);
        scene.assert_good(&forger.with_claim(like, "extra", json!({ "unknown": [1, 2] }))).await;
        for (name, value) in [
            ("typ", json!("JWT")),
            ("typ", json!("refresh+jwt")),
            ("typ", Value::Null),
            ("crit", json!(["exp"])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
        ] {
            scene.assert_invalid(&forger.with_header(like, name, value)).await;
        }
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", Value::Null),
            ("aud", json!("https://other.example")),
            ("aud", json!([])),
            ("exp", json!(START.as_secs() + 365 * 86400)),
            ("exp", json!("never")),
            ("exp", Value::Null),
            ("nbf", json!(START.as_secs() + 3600)),
            ("sub", json!("a\0b")),
            ("role", json!("root")),
            ("jti", json!("")),
        ] {
            scene.assert_invalid(&forger.with_claim(like, name, value)).await;
        }
        let past = json!({ "iat": START.as_secs() - 900, "exp": START.as_secs() - 1 });
        let mut claims = segments(like).1;
        claims["iat"] = past["iat"].clone();
        claims["exp"] = past["exp"].clone();
        scene.assert_code(&forger.sign(&forger.header(), &claims), Code::TokenExpired).await;
        scene.assert_code(&forger.sign(&forger.header(), &Forger::claims()), Code::TokenRevoked).await;
    }
}
