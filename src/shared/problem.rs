//! Errors on the wire: RFC 9457 problem details.

use super::{Code, EndReason, PasswordFlaw};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use server_fn::{
    ContentType, Decodes, Encodes, Format, FormatType,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// An error as every call answers it: RFC 9457 problem details with a `code` of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Problem {
    /// A reference to the explanation of the code.
    pub r#type: String,
    /// The code's summary.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for programs.
    pub code: Code,
    /// What went wrong and what to do, for people. Never a library's text.
    pub detail: String,
    /// With `weak_password`, `session_revoked` and `session_expired`: why, as a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// With `too_many_attempts` and `busy`: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// With `insufficient_user_authentication`: how many seconds ago the password may have been given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}

impl Problem {
    /// The problem of a code, with the code's own advice as its detail.
    pub fn new(code: Code) -> Self {
        Self {
            r#type: code.problem_type(),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: code.advice().to_owned(),
            reason: None,
            retry_after: None,
            max_age: None,
        }
    }

    /// Says more than the code's advice.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Says how many seconds to wait.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The problem of a password that cannot be set where `min_chars` is the minimum.
    pub fn weak_password(flaw: PasswordFlaw, min_chars: usize) -> Self {
        let mut problem = Self::new(Code::WeakPassword).with_detail(flaw.sentence(min_chars));
        problem.reason = Some(flaw.to_string());
        problem
    }

    /// The problem of a password that was given longer ago than `max_age` seconds (RFC 9470).
    pub fn step_up_required(max_age: u32) -> Self {
        let mut problem = Self::new(Code::InsufficientUserAuthentication);
        problem.max_age = Some(max_age);
        problem
    }

    /// The problem of a session that has ended; the code follows from the reason.
    pub fn session_ended(reason: EndReason) -> Self {
        let code = match reason {
            EndReason::Idle | EndReason::Absolute => Code::SessionExpired,
            _ => Code::SessionRevoked,
        };
        let mut problem = Self::new(code).with_detail(reason.sentence());
        problem.reason = Some(reason.as_str().to_owned());
        problem
    }

    /// Why the session ended, where this problem says so.
    pub fn end_reason(&self) -> Option<EndReason> {
        match self.code {
            Code::RefreshTokenReused => Some(EndReason::RefreshTokenReused),
            Code::SessionExpired | Code::SessionRevoked => self.reason.as_deref().and_then(EndReason::parse),
            _ => None,
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// JSON under the media type of problem details.
pub struct ProblemEncoding;

impl ContentType for ProblemEncoding {
    const CONTENT_TYPE: &'static str = "application/problem+json";
}

impl FormatType for ProblemEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Problem> for ProblemEncoding {
    type Error = serde_json::Error;

    fn encode(problem: &Problem) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(problem).map(Bytes::from)
    }
}

impl Decodes<Problem> for ProblemEncoding {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Problem, Self::Error> {
        serde_json::from_slice(&bytes)
    }
}

impl FromServerFnError for Problem {
    type Encoder = ProblemEncoding;

    /// The framework's own errors carry library text, so only their kind is kept.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Code::MalformedRequest.into(),
            ServerFnErrorErr::Request(_) => Code::Unavailable.into(),
            _ => Code::InternalError.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::shared::{Code, EndReason};

    #[test]
    fn a_problem_names_its_code_status_and_reason() {
        let json = serde_json::to_value(Problem::session_ended(EndReason::Replaced)).unwrap();
        assert_eq!(json["type"], "/problems#session_revoked");
        assert_eq!(json["status"], 401);
        assert_eq!(json["code"], "session_revoked");
        assert_eq!(json["reason"], "replaced");
        assert!(json.get("retry_after").is_none());
    }

    #[test]
    fn a_session_that_ran_out_is_expired_not_revoked() {
        assert_eq!(Problem::session_ended(EndReason::Idle).code, Code::SessionExpired);
        assert_eq!(Problem::session_ended(EndReason::Absolute).end_reason(), Some(EndReason::Absolute));
    }
}
