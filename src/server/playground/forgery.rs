//! Access tokens that are not as they should be, each refused at a line of its own.

use super::checklist::Line;
use crate::server::{
    auth::signing_key::{SigningAlgorithm, SigningKey},
    clock::Timestamp,
    entropy::Entropy,
    error::Error,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgery {
    /// The payload says more than was signed.
    Promoted,
    /// `alg: none`.
    Unsigned,
    /// HS256 with the public key as the secret.
    Confused,
    /// Signed by somebody else's key.
    UnknownKey,
    /// Signed by a key that it brings along.
    OwnKey,
    /// Signed by the right key, but as another kind of token.
    OtherType,
    /// Issued by another server that shares the key.
    OtherIssuer,
    /// Meant for another service.
    OtherAudience,
    /// Without an end.
    Endless,
    /// With an end in ten years.
    TooLong,
    /// Run out.
    Expired,
}

impl Forgery {
    /// Every one, in the order of the checklist.
    pub const ALL: [Self; 11] = [
        Self::OwnKey,
        Self::OtherType,
        Self::UnknownKey,
        Self::Unsigned,
        Self::Confused,
        Self::Promoted,
        Self::Endless,
        Self::OtherIssuer,
        Self::OtherAudience,
        Self::TooLong,
        Self::Expired,
    ];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promoted => "promoted",
            Self::Unsigned => "unsigned",
            Self::Confused => "confused",
            Self::UnknownKey => "unknown_key",
            Self::OwnKey => "own_key",
            Self::OtherType => "other_type",
            Self::OtherIssuer => "other_issuer",
            Self::OtherAudience => "other_audience",
            Self::Endless => "endless",
            Self::TooLong => "too_long",
            Self::Expired => "expired",
        }
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Promoted => "role → admin",
            Self::Unsigned => "alg: none",
            Self::Confused => "HS256 with the public key",
            Self::UnknownKey => "unknown kid",
            Self::OwnKey => "brings its own key",
            Self::OtherType => "wrong typ",
            Self::OtherIssuer => "other iss",
            Self::OtherAudience => "other aud",
            Self::Endless => "no exp",
            Self::TooLong => "exp in ten years",
            Self::Expired => "expired",
        }
    }

    /// What the forger hopes for.
    pub const fn hope(self) -> &'static str {
        match self {
            Self::Promoted => "The payload is only base64url, so anybody can write admin into it.",
            Self::Unsigned => "A verifier that asks the token how to check it is told: not at all.",
            Self::Confused => {
                "The public key is no secret. A verifier that takes alg from the token uses it as an HMAC secret \
                 (the class of CVE-2015-9235)."
            }
            Self::UnknownKey => "A verifier that falls back to some default key may take it.",
            Self::OwnKey => {
                "A verifier that trusts jwk in the header checks the forger's signature with the forger's key."
            }
            Self::OtherType => "An ID token or an invitation, signed by the same server, shown as an access token.",
            Self::OtherIssuer => "A staging server with a copy of the key issued it.",
            Self::OtherAudience => "It was issued for another service, which passes it on.",
            Self::Endless => "Without exp there is nothing to compare with the clock.",
            Self::TooLong => "A stolen token that outlives the thief's patience.",
            Self::Expired => "It was good once, and its signature still is.",
        }
    }

    /// The line of the checklist that refuses it.
    pub const fn refused_at(self) -> Line {
        match self {
            Self::OwnKey => Line::Header,
            Self::OtherType => Line::Type,
            Self::UnknownKey => Line::Key,
            Self::Unsigned | Self::Confused => Line::Algorithm,
            Self::Promoted => Line::Signature,
            Self::Endless => Line::Claims,
            Self::OtherIssuer => Line::Issuer,
            Self::OtherAudience => Line::Audience,
            Self::TooLong => Line::Sense,
            Self::Expired => Line::Expiry,
        }
    }
}

/// Where forgeries are made: out of a good token and the key that signed it.
pub struct Workshop<'a> {
    /// The good token.
    pub good: &'a str,
    /// The key that signed it.
    pub key: &'a SigningKey,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// The present moment.
    pub now: Timestamp,
}

impl Workshop<'_> {
    /// Makes one.
    ///
    /// # Errors
    /// When a library fails, which it does for no input of ours.
    pub fn make(&self, forgery: Forgery) -> Result<String, Error> {
        let mut claims: Value = self.part(1)?;
        let mut header: Value = self.part(0)?;
        let signature = self.good.rsplit('.').next().unwrap_or_default();
        let typ = header["typ"].as_str().unwrap_or_default().to_owned();
        let now = self.now.as_secs();
        match forgery {
            Forgery::Promoted => {
                claims["role"] = json!("admin");
                return Ok(format!("{}.{}.{signature}", encode(&header), encode(&claims)));
            }
            Forgery::Unsigned => {
                header["alg"] = json!("none");
                return Ok(format!("{}.{}.", encode(&header), encode(&claims)));
            }
            Forgery::Confused => {
                let public = serde_json::to_vec(&self.key.public()).unwrap_or_default();
                let header =
                    Header { typ: Some(typ), kid: Some(self.key.id().to_owned()), ..Header::new(Algorithm::HS256) };
                return Ok(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&public))?);
            }
            Forgery::UnknownKey => return Ok(self.stranger()?.sign(&typ, &claims)?),
            Forgery::OwnKey => {
                let stranger = self.stranger()?;
                header["kid"] = json!(stranger.id());
                header["jwk"] = json!(stranger.public());
                let signed = stranger.sign(&typ, &claims)?;
                let signature = signed.rsplit('.').next().unwrap_or_default();
                return Ok(format!("{}.{}.{signature}", encode(&header), encode(&claims)));
            }
            Forgery::OtherType => return Ok(self.key.sign("JWT", &claims)?),
            Forgery::OtherIssuer => claims["iss"] = json!("https://staging.invalid"),
            Forgery::OtherAudience => claims["aud"] = json!("https://other.invalid"),
            Forgery::Endless => drop(claims.as_object_mut().and_then(|claims| claims.remove("exp"))),
            Forgery::TooLong => claims["exp"] = json!(now + 10 * 365 * 86400),
            Forgery::Expired => {
                claims["iat"] = json!(now - 1000);
                claims["exp"] = json!(now - 100);
            }
        }
        Ok(self.key.sign(&typ, &claims)?)
    }

    fn stranger(&self) -> Result<SigningKey, Error> {
        SigningKey::generate(SigningAlgorithm::EdDsa, self.entropy).map_err(|error| Error::Internal(error.to_string()))
    }

    fn part(&self, index: usize) -> Result<Value, Error> {
        let bytes = self.good.split('.').nth(index).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        value.ok_or_else(|| Error::Internal("a token of our own cannot be read".into()))
    }
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}
