//! The victim's access tokens: signed with a key of the lab's own, under an issuer that the real site refuses.

use crate::server::{clock::Timestamp, entropy::Entropy, id::LabId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The issuer of the lab's tokens.
pub const ISSUER: &str = "counterfoil-lab";
/// How long a token lives.
const LIFE: Duration = Duration::from_mins(5);
/// How long it lives where tokens are short-lived.
const SHORT_LIFE: Duration = Duration::from_secs(30);

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    /// Always Alice.
    pub sub: String,
    /// The lab that it is good in.
    pub lab: String,
    /// The run that it is good in.
    pub run: u32,
    iat: i64,
    exp: i64,
    /// The key that it is bound to (RFC 9449 section 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// The key that a token is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The thumbprint of the public key (RFC 7638).
    pub jkt: String,
}

/// Signs and verifies the lab's tokens.
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl Tokens {
    /// With a key that lives as long as the process.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let secret = entropy.bytes::<32>();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        // The expiry is compared with a clock that tests can hold.
        validation.validate_exp = false;
        validation.validate_aud = false;
        Self { signing: EncodingKey::from_secret(&secret), verifying: DecodingKey::from_secret(&secret), validation }
    }

    /// A token for Alice; nothing, if it cannot be signed.
    pub fn mint(&self, lab: LabId, run: u32, short: bool, jkt: Option<String>, now: Timestamp) -> Option<String> {
        let header = Header { typ: Some("at+jwt".into()), kid: Some("lab".into()), ..Header::new(Algorithm::HS256) };
        let claims = Claims {
            iss: ISSUER.into(),
            sub: "alice".into(),
            lab: lab.to_string(),
            run,
            iat: now.as_secs(),
            exp: (now + if short { SHORT_LIFE } else { LIFE }).as_secs(),
            cnf: jkt.map(|jkt| Confirmation { jkt }),
        };
        encode(&header, &claims, &self.signing).ok()
    }

    /// Whether a token was made in this lab, in whatever run.
    pub fn is_of(&self, token: &str, lab: LabId) -> bool {
        let decoded = decode::<Claims>(token, &self.verifying, &self.validation);
        decoded.is_ok_and(|decoded| decoded.claims.lab == lab.to_string())
    }

    /// What a token says, if it is good now in this run.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(&self, token: &str, lab: LabId, run: u32, now: Timestamp) -> Result<Claims, &'static str> {
        let decoded = decode::<Claims>(token, &self.verifying, &self.validation);
        let claims = decoded.map_err(|_| "the token is not the bank's")?.claims;
        if claims.lab != lab.to_string() || claims.run != run {
            return Err("the token is of an earlier run");
        }
        if claims.exp <= now.as_secs() { Err("the token has expired") } else { Ok(claims) }
    }
}

#[cfg(test)]
mod tests {
    use super::Tokens;
    use crate::server::{clock::Timestamp, entropy::SystemEntropy, id::LabId};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
    const LAB: LabId = LabId::from_bytes([7; 16]);

    #[test]
    fn a_token_is_good_in_its_lab_and_run_until_it_expires() {
        let tokens = Tokens::new(&SystemEntropy);
        for (short, life) in [(false, 300), (true, 30)] {
            let token = tokens.mint(LAB, 1, short, None, NOW).unwrap();
            let at = |seconds| Timestamp::from_secs(NOW.as_secs() + seconds);
            assert!(tokens.verify(&token, LAB, 1, at(life - 1)).is_ok());
            assert!(tokens.verify(&token, LAB, 1, at(life)).is_err());
            assert!(tokens.verify(&token, LAB, 2, NOW).is_err());
            assert!(tokens.verify(&token, LabId::from_bytes([8; 16]), 1, NOW).is_err());
            assert!(Tokens::new(&SystemEntropy).verify(&token, LAB, 1, NOW).is_err());
        }
    }
}
