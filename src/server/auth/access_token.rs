//! Access tokens: JWTs that this server signs and verifies (DESIGN section 4, RFC 9068).

use super::{denylist::Denylist, key_set::SigningKeys};
use crate::{
    server::{
        clock::Timestamp,
        entropy::Entropy,
        id::{SessionId, TokenId, UserId},
    },
    shared::{Code, Role, wire},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::errors::ErrorKind;
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use std::{sync::Arc, time::Duration};

/// The media type of an access token in its header (RFC 9068 section 2.1).
const TYP: &str = "at+jwt";
/// Longer than any token this server issues.
const MAX_BYTES: usize = 4096;
/// How far `iat` and `nbf` may lie ahead, since clocks of several nodes differ. `exp` has no leeway.
const MAX_SKEW: Duration = Duration::from_mins(2);
/// The most, in per cent of the life, that jitter takes off, so that clients do not refresh in step.
const JITTER_PERCENT: u64 = 5;

/// What an access token says, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `sub`: whose.
    pub user_id: UserId,
    /// `sid`: of which session.
    pub session_id: SessionId,
    /// `gen`: the generation of the refresh token it was issued with.
    pub generation: u32,
    /// `jti`: which token.
    pub token_id: TokenId,
    /// `role`.
    pub role: Role,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// Whom and what an access token is issued for.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// Whose.
    pub user_id: UserId,
    /// With which role.
    pub role: Role,
    /// Of which session.
    pub session_id: SessionId,
    /// At which generation of it.
    pub generation: u32,
    /// When that session ends; no token of it lives longer.
    pub session_expires_at: Timestamp,
}

/// Why an access token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// Form, header, signature or claims are not those of a token of this server.
    #[error("the access token is not valid: {0}")]
    Invalid(&'static str),
    /// Another node signs with its key, and this one lacks it.
    #[error("another node signs with a key that this one lacks")]
    KeyElsewhere,
    /// It was good once.
    #[error("the access token has expired")]
    Expired,
    /// It was denied before it expired.
    #[error("the access token has been revoked")]
    Revoked,
}

impl AccessTokenError {
    /// The code on the wire.
    pub const fn code(self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidToken,
            Self::KeyElsewhere => Code::Unavailable,
            Self::Expired => Code::TokenExpired,
            Self::Revoked => Code::TokenRevoked,
        }
    }
}

/// Signs and verifies access tokens.
pub struct AccessTokens {
    keys: Arc<SigningKeys>,
    issuer: String,
    audience: String,
    life: Duration,
}

/// The claims on the wire; a missing, doubled or wrongly typed one is an error.
#[derive(Serialize, Deserialize)]
struct RawClaims {
    iss: String,
    aud: Audience,
    sub: String,
    sid: String,
    r#gen: u32,
    jti: String,
    role: String,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    nbf: Option<i64>,
}

/// RFC 7519 section 4.1.3: a string or an array of strings.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Many(many) => many.iter().any(|one| one == audience),
        }
    }
}

/// The JOSE header. Members that could supply a key, or that a verifier must understand, are refused when present.
#[derive(Deserialize)]
struct RawHeader {
    alg: String,
    typ: String,
    kid: String,
    #[serde(default, deserialize_with = "present")]
    crit: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    b64: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    zip: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    jwk: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    jku: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    x5u: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    x5c: Option<IgnoredAny>,
}

/// A member that is present must have its type; `null` is not absence.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl AccessTokens {
    /// Signs with the current key and accepts every key of the set that is not gone.
    pub const fn new(keys: Arc<SigningKeys>, issuer: String, audience: String, life: Duration) -> Self {
        Self { keys, issuer, audience, life }
    }

    /// The keys in force.
    pub const fn keys(&self) -> &Arc<SigningKeys> {
        &self.keys
    }

    /// The longest that an access token lives.
    pub const fn life(&self) -> Duration {
        self.life
    }

    // region: sign
    /// Issues a token. Its life is the setting less up to 5 % of jitter, or what is left of the session.
    ///
    /// # Errors
    /// When the signing library fails, which it does for no input of ours.
    pub fn issue(
        &self,
        grant: &Grant,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<(wire::AccessToken, u32), jsonwebtoken::errors::Error> {
        let life = self.life.as_secs();
        let jittered = life - entropy.below(life * JITTER_PERCENT / 100);
        let left = jittered.min(grant.session_expires_at.since(now).as_secs()).max(1);
        let expires_at = Timestamp::from_secs(now.as_secs()) + Duration::from_secs(left);
        let claims = RawClaims {
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            sub: grant.user_id.to_string(),
            sid: grant.session_id.to_string(),
            r#gen: grant.generation,
            jti: TokenId::generate(entropy).to_string(),
            role: grant.role.to_string(),
            iat: now.as_secs(),
            exp: expires_at.as_secs(),
            nbf: None,
        };
        let token = self.keys.sign(TYP, &claims, now)?;
        // `iat` and `exp` count whole seconds, so of the first one only a part is left.
        let expires_in = u32::try_from(expires_at.since(now).as_secs()).unwrap_or(u32::MAX);
        Ok((wire::AccessToken::new(token), expires_in))
    }
    // endregion

    // region: verify
    /// Verifies a token in the order of DESIGN section 4: form and size, header, signature, claims, denylist.
    /// Costs no I/O.
    ///
    /// # Errors
    /// [`AccessTokenError`] of the first step that fails.
    pub fn verify(&self, token: &str, denylist: &Denylist, now: Timestamp) -> Result<Claims, AccessTokenError> {
        let claims = self.authenticate(token, now)?;
        if now >= claims.expires_at {
            return Err(AccessTokenError::Expired);
        }
        if denylist.denies(&claims) {
            return Err(AccessTokenError::Revoked);
        }
        Ok(claims)
    }

    /// Verifies that this server issued the token, whether or not it has expired or been revoked since:
    /// what sign-out needs.
    ///
    /// # Errors
    /// [`AccessTokenError::Invalid`] when it did not, and [`AccessTokenError::KeyElsewhere`] when only another node
    /// can know.
    pub fn authenticate(&self, token: &str, now: Timestamp) -> Result<Claims, AccessTokenError> {
        use AccessTokenError::{Invalid, KeyElsewhere};
        let header = read_header(token)?;
        let keys = self.keys.get();
        let Some(key) = keys.verifier(&header.kid, now) else {
            return Err(if self.keys.signs_elsewhere(&header.kid) { KeyElsewhere } else { Invalid("kid") });
        };
        if header.alg != key.algorithm().name() {
            return Err(Invalid("alg"));
        }
        let claims = key.verify(token).map_err(|error| match error.kind() {
            ErrorKind::Json(_) => Invalid("claims"),
            _ => Invalid("signature"),
        })?;
        self.check(&claims, now)
    }
    // endregion

    fn check(&self, raw: &RawClaims, now: Timestamp) -> Result<Claims, AccessTokenError> {
        use AccessTokenError::Invalid;
        if raw.iss != self.issuer {
            return Err(Invalid("iss"));
        }
        if !raw.aud.contains(&self.audience) {
            return Err(Invalid("aud"));
        }
        let issued_at = Timestamp::from_secs(raw.iat);
        let expires_at = Timestamp::from_secs(raw.exp);
        if issued_at > now + MAX_SKEW || expires_at.since(issued_at) > self.life || raw.exp <= raw.iat {
            return Err(Invalid("iat or exp"));
        }
        if raw.nbf.is_some_and(|nbf| Timestamp::from_secs(nbf) > now + MAX_SKEW) {
            return Err(Invalid("nbf"));
        }
        Ok(Claims {
            user_id: raw.sub.parse().map_err(|_| Invalid("sub"))?,
            session_id: raw.sid.parse().map_err(|_| Invalid("sid"))?,
            generation: raw.r#gen,
            token_id: raw.jti.parse().map_err(|_| Invalid("jti"))?,
            role: raw.role.parse().map_err(|_| Invalid("role"))?,
            issued_at,
            expires_at,
        })
    }
}

/// The header of a token of the right form and size, without a member that is refused.
fn read_header(token: &str) -> Result<RawHeader, AccessTokenError> {
    use AccessTokenError::Invalid;
    if token.len() > MAX_BYTES {
        return Err(Invalid("size"));
    }
    let mut segments = token.split('.');
    let (Some(header), Some(payload), Some(_), None) =
        (segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return Err(Invalid("form"));
    };
    let text = |part| URL_SAFE_NO_PAD.decode(part).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    // The parser passes over members that it does not know, whatever bytes they hold.
    let (Some(header), Some(_)) = (text(header), text(payload)) else {
        return Err(Invalid("form"));
    };
    let header: RawHeader = serde_json::from_str(&header).map_err(|_| Invalid("header"))?;
    let refused = [&header.crit, &header.b64, &header.zip, &header.jwk, &header.jku, &header.x5u, &header.x5c];
    if refused.iter().any(|member| member.is_some()) {
        return Err(Invalid("header"));
    }
    if header.typ != TYP {
        return Err(Invalid("typ"));
    }
    Ok(header)
}

#[cfg(test)]
mod tests;
