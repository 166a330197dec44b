//! Somebody who knows the key that signs access tokens, and so can sign what this server never would.

use super::START;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use counterfoil::server::secret::Secret;
use serde_json::{Value, json};

/// Signs with HS256 whatever is asked.
pub struct Forger {
    key: hmac::Key,
    kid: String,
}

impl Forger {
    pub fn new(secret: &[u8]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret), kid: Secret::from_bytes(secret).id() }
    }

    pub fn header(&self) -> Value {
        json!({ "alg": "HS256", "typ": "at+jwt", "kid": self.kid })
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let head = format!("{}.{}", encode(header), encode(claims));
        let signature = hmac::sign(&self.key, head.as_bytes());
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

    /// The claims of a token for a session that does not exist.
    pub fn claims() -> Value {
        json!({
            "iss": super::ORIGIN, "aud": super::ORIGIN, "sub": "1".repeat(32), "sid": "2".repeat(32), "gen": 0,
            "jti": "3".repeat(32), "role": "user", "iat": START.as_secs(), "exp": START.as_secs() + 900,
        })
    }
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
