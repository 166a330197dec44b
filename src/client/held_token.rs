//! The access token that this tab holds, in one buffer that is wiped when it goes.

use super::refresh::Grant;
use crate::shared::wire::{AccessToken, TokenResponse, User};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use zeroize::Zeroizing;

/// An access token and what is known about it.
pub struct HeldToken {
    /// The token.
    pub token: AccessToken,
    /// Whose.
    pub user: User,
    /// Its life in seconds from when it was issued.
    pub life: u32,
}

/// What may be shown of an access token: its decoded parts, and never the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The header, as indented JSON.
    pub header: String,
    /// The claims, as indented JSON.
    pub payload: String,
    /// How many characters the signature has.
    pub signature_chars: usize,
    /// The token's life in seconds.
    pub life: u32,
}

impl HeldToken {
    /// Takes the token out of a response.
    pub fn new(response: TokenResponse) -> Self {
        Self { token: response.access_token, user: response.user, life: response.expires_in }
    }

    /// The response that it came with, for another tab.
    pub fn to_response(&self) -> TokenResponse {
        TokenResponse {
            access_token: self.token.clone(),
            token_type: crate::shared::wire::TokenType::Bearer,
            expires_in: self.life,
            user: self.user.clone(),
        }
    }

    /// What may be shown of it.
    pub fn ticket(&self) -> Option<Ticket> {
        let mut parts = self.token.expose().split('.');
        let header = indented(parts.next()?)?;
        let payload = indented(parts.next()?)?;
        Some(Ticket { header, payload, signature_chars: parts.next()?.len(), life: self.life })
    }
}

/// What tells the token of a response from others.
pub fn grant_of(response: &TokenResponse) -> Option<Grant> {
    #[derive(Deserialize)]
    struct Lineage {
        sid: String,
        r#gen: u32,
    }
    let payload = response.access_token.expose().split('.').nth(1)?;
    let lineage: Lineage = serde_json::from_slice(&decoded(payload)?).ok()?;
    Some(Grant { session: lineage.sid, generation: lineage.r#gen, life: u64::from(response.expires_in) * 1000 })
}

fn decoded(part: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(part).ok().map(Zeroizing::new)
}

fn indented(part: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(&decoded(part)?).ok()?;
    serde_json::to_string_pretty(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::{HeldToken, grant_of};
    use crate::shared::{
        Role,
        wire::{AccessToken, TokenResponse, TokenType, User},
    };
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    fn response() -> TokenResponse {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let token =
            format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(r#"{"sid":"5e55","gen":7}"#), part("0123456789"));
        TokenResponse {
            access_token: AccessToken::new(token),
            token_type: TokenType::Bearer,
            expires_in: 900,
            user: User { id: "1d".into(), email: "alice@example.com".into(), role: Role::User },
        }
    }

    #[test]
    fn a_grant_is_read_from_the_claims() {
        let grant = grant_of(&response()).unwrap();
        assert_eq!((grant.session.as_str(), grant.generation, grant.life), ("5e55", 7, 900_000));
    }

    #[test]
    fn a_ticket_shows_the_decoded_parts_and_no_signature() {
        let ticket = HeldToken::new(response()).ticket().unwrap();
        assert!(ticket.header.contains("\"alg\": \"HS256\"") && ticket.payload.contains("\"gen\": 7"));
        assert_eq!(ticket.signature_chars, 14);
    }
}
