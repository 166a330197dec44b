//! Proofs of possession (RFC 9449), as far as the lab shows them: which key, for which request, when, with which nonce.

use crate::server::clock::Timestamp;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::ThumbprintHash};
use serde::Deserialize;

/// How far the time of a proof may be off, in seconds.
const TOLERANCE: i64 = 60;

/// What a proof is for.
pub struct Expected<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The address of the request, without its query.
    pub url: &'a str,
    /// The access token that came with it.
    pub token: Option<&'a str>,
    /// The nonce that it has to carry.
    pub nonce: Option<&'a str>,
    /// The present moment.
    pub now: Timestamp,
}

#[derive(Deserialize)]
struct Proof {
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

/// The thumbprint of the key that signed a proof, if the proof is good for the request (RFC 9449 section 4.3).
///
/// # Errors
/// Why it is not.
pub fn verify(proof: &str, expected: &Expected) -> Result<String, &'static str> {
    let header = decode_header(proof).map_err(|_| "the proof is malformed")?;
    let jwk = header.jwk.filter(|_| header.typ.as_deref() == Some("dpop+jwt") && header.alg == Algorithm::ES256);
    let jwk = jwk.ok_or("the proof is of another form")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| "the key of the proof is malformed")?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let proof = decode::<Proof>(proof, &key, &validation).map_err(|_| "the signature of the proof is wrong")?.claims;
    if proof.htm != expected.method || proof.htu != expected.url {
        return Err("the proof is for another request");
    }
    if (proof.iat - expected.now.as_secs()).abs() > TOLERANCE {
        return Err("the proof is of another time");
    }
    let hash = expected.token.map(|token| URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes())));
    if proof.ath != hash {
        return Err("the proof is for another token");
    }
    if expected.nonce.is_some_and(|nonce| proof.nonce.as_deref() != Some(nonce)) {
        return Err("the proof lacks the newest nonce");
    }
    jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| "the key of the proof is malformed")
}
