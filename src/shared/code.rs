//! The closed set of error codes.

use super::paths;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($($variant:ident $name:literal $status:literal $title:literal $advice:literal)+) => {
        /// What went wrong, as a word that programs can rely on (DESIGN section 2).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// A short summary that is the same at every occurrence (RFC 9457 section 3.1.4).
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What a person or a client can do next; the `detail` where nothing more is known.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice),+ }
            }
        }
    };
}

codes! {
    MalformedRequest "malformed_request" 400 "The request could not be read"
        "Check the method, the headers and the JSON of the body."
    WeakPassword "weak_password" 400 "That password would be easy to guess"
        "Choose another password; a sentence of several words is good."
    InvalidEmail "invalid_email" 400 "That is not an email address"
        "An email address looks like name@example.com."
    InvalidCredentials "invalid_credentials" 401 "Email or password is not right"
        "Check both and try again."
    MissingToken "missing_token" 401 "An access token is needed"
        "Send the header Authorization: Bearer with an access token."
    InvalidToken "invalid_token" 401 "The access token is not valid"
        "Sign in again to get a new one."
    TokenExpired "token_expired" 401 "The access token has expired"
        "Refresh it once, then repeat the request."
    TokenRevoked "token_revoked" 401 "The access token has been revoked"
        "Sign in again."
    MissingRefreshToken "missing_refresh_token" 401 "There is no session in this browser"
        "Sign in."
    InvalidRefreshToken "invalid_refresh_token" 401 "The refresh token is not valid"
        "Sign in again."
    SessionExpired "session_expired" 401 "The session has expired"
        "Sign in again."
    SessionRevoked "session_revoked" 401 "The session has ended"
        "Sign in again."
    RefreshTokenReused "refresh_token_reused" 401 "The refresh token was used twice"
        "Somebody may hold a copy of it, so the session was ended everywhere. Sign in again."
    InsufficientUserAuthentication "insufficient_user_authentication" 401 "Confirm that it is you"
        "Give your password to /api/step-up first, then repeat the request."
    Forbidden "forbidden" 403 "Your role does not allow this"
        "Ask an administrator."
    CrossSite "cross_site" 403 "The request came from another site"
        "Calls that change something are accepted from this site's own pages only."
    NotFound "not_found" 404 "There is nothing here"
        "Check the address."
    MethodNotAllowed "method_not_allowed" 405 "The method is not allowed here"
        "The Allow header lists the methods that are."
    EmailTaken "email_taken" 409 "That email address already has an account"
        "Sign in instead."
    LastAdmin "last_admin" 409 "There would be no administrator left"
        "Make another account an administrator first."
    BodyTooLarge "body_too_large" 413 "The request body is too large"
        "A body may have 16 KiB at most."
    UnsupportedMediaType "unsupported_media_type" 415 "The body must be JSON"
        "Send Content-Type: application/json without a Content-Encoding."
    Misdirected "misdirected" 421 "This server does not answer for that host"
        "Use the public origin of this site."
    TooManyAttempts "too_many_attempts" 429 "Too many tries"
        "Wait for the time in Retry-After, then try again."
    InternalError "internal_error" 500 "Something went wrong on our side"
        "Nothing was changed. Try again; if it stays, tell us the X-Request-Id of the answer."
    Busy "busy" 503 "The server is busy"
        "Wait for the time in Retry-After, then try again."
    Unavailable "unavailable" 503 "The server is not ready"
        "Try again in a moment."
}

impl Code {
    /// The code with this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }

    /// The `type` of its problem documents: its line on the page of error codes, or the type that is registered for it
    /// (draft-ietf-httpapi-ratelimit-headers-11, section 5.1).
    pub fn problem_type(self) -> String {
        match self {
            Self::TooManyAttempts => "https://iana.org/assignments/http-problem-types#quota-exceeded".to_owned(),
            _ => format!("{}#{}", paths::PROBLEMS, self.as_str()),
        }
    }

    /// The code that stands for an HTTP status when nothing more is known about the error.
    pub const fn from_status(status: u16) -> Self {
        match status {
            401 => Self::InvalidToken,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            413 => Self::BodyTooLarge,
            415 => Self::UnsupportedMediaType,
            421 => Self::Misdirected,
            429 => Self::TooManyAttempts,
            503 => Self::Unavailable,
            400..=499 => Self::MalformedRequest,
            _ => Self::InternalError,
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| serde::de::Error::custom("unknown error code"))
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_word_is_unique_and_parses_back() {
        for (index, code) in Code::ALL.iter().enumerate() {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert!(Code::ALL[index + 1..].iter().all(|other| other.as_str() != code.as_str()));
        }
    }

    #[test]
    fn the_fallback_code_of_a_status_has_that_status() {
        for status in [400, 401, 403, 404, 405, 413, 415, 421, 429, 500, 503] {
            assert_eq!(Code::from_status(status).status(), status);
        }
    }
}
