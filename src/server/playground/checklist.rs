//! The verifier's checklist: what [`verify`] looks at, in its order, and where it stopped.
//!
//! [`verify`]: crate::server::auth::access_token::AccessTokens::verify

use crate::{server::auth::access_token::AccessTokenError, shared::Code};
use serde::Serialize;

/// One line of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Size and form.
    Form,
    /// Members of the header.
    Header,
    /// `typ`.
    Type,
    /// `kid`.
    Key,
    /// `alg`.
    Algorithm,
    /// The signature.
    Signature,
    /// The form of the claims.
    Claims,
    /// `iss`.
    Issuer,
    /// `aud`.
    Audience,
    /// `iat`, `exp` and `nbf` against each other, and the identifiers.
    Sense,
    /// `exp` against the clock.
    Expiry,
    /// The denylist.
    Denylist,
}

impl Line {
    /// Every line, in the order of the verifier.
    pub const ALL: [Self; 12] = [
        Self::Form,
        Self::Header,
        Self::Type,
        Self::Key,
        Self::Algorithm,
        Self::Signature,
        Self::Claims,
        Self::Issuer,
        Self::Audience,
        Self::Sense,
        Self::Expiry,
        Self::Denylist,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "well-formed",
            Self::Header => "header",
            Self::Type => "typ",
            Self::Key => "kid",
            Self::Algorithm => "alg",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Issuer => "iss",
            Self::Audience => "aud",
            Self::Sense => "times and ids",
            Self::Expiry => "exp",
            Self::Denylist => "denylist",
        }
    }

    /// What it asks.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Form => "Three parts of base64url, 4096 bytes at most?",
            Self::Header => "Nothing in the header that brings a key or rules of its own?",
            Self::Type => "Is it an access token, at+jwt, and not some other JWT?",
            Self::Key => "Does kid name a key of this server?",
            Self::Algorithm => "Is alg the one algorithm of that key?",
            Self::Signature => "Did that key sign exactly these bytes?",
            Self::Claims => "Is every claim there, once, and of its type?",
            Self::Issuer => "Did this server issue it?",
            Self::Audience => "Is it meant for this server?",
            Self::Sense => "Was it issued in the past, for no longer than we ever issue?",
            Self::Expiry => "Has it not run out?",
            Self::Denylist => "Has nobody signed out since?",
        }
    }

    /// The line at which the verifier stopped.
    fn of(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Invalid("size" | "form") => Self::Form,
            AccessTokenError::Invalid("header") => Self::Header,
            AccessTokenError::Invalid("typ") => Self::Type,
            AccessTokenError::Invalid("kid") | AccessTokenError::KeyElsewhere => Self::Key,
            AccessTokenError::Invalid("alg") => Self::Algorithm,
            AccessTokenError::Invalid("signature") => Self::Signature,
            AccessTokenError::Invalid("claims") => Self::Claims,
            AccessTokenError::Invalid("iss") => Self::Issuer,
            AccessTokenError::Invalid("aud") => Self::Audience,
            AccessTokenError::Invalid(_) => Self::Sense,
            AccessTokenError::Expired => Self::Expiry,
            AccessTokenError::Revoked => Self::Denylist,
        }
    }
}

/// What the verifier said of a token.
#[derive(Serialize)]
pub struct Checklist {
    /// What the app would answer.
    status: u16,
    /// With what code, when it refuses.
    code: Option<Code>,
    /// How many lines passed; the next one, if there is one, failed, and those after it were not reached.
    passed: usize,
    /// The names of the lines.
    lines: [&'static str; Line::ALL.len()],
}

impl Checklist {
    /// From the verifier's own result.
    pub fn of(verified: Result<(), AccessTokenError>) -> Self {
        let code = verified.err().map(AccessTokenError::code);
        let failed = verified.err().map(Line::of);
        let passed = Line::ALL.iter().take_while(|line| Some(**line) != failed).count();
        Self { status: code.map_or(200, Code::status), code, passed, lines: Line::ALL.map(Line::name) }
    }
}
