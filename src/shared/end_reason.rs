//! Why a session ended.

use serde::{Deserialize, Serialize};

/// Why a session ended; told only to the holder of an authentic refresh token of it (DESIGN section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// A new sign-in in the same browser took its place.
    Replaced,
    /// An old refresh token was presented after its successor had been used.
    RefreshTokenReused,
    /// The role of the account changed.
    RoleChanged,
    /// It was not used for the idle life of a session.
    Idle,
    /// It reached the absolute life of a session.
    Absolute,
}

impl EndReason {
    const ALL: [Self; 6] =
        [Self::SignedOut, Self::Replaced, Self::RefreshTokenReused, Self::RoleChanged, Self::Idle, Self::Absolute];

    /// The word on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Replaced => "replaced",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::RoleChanged => "role_changed",
            Self::Idle => "idle",
            Self::Absolute => "absolute",
        }
    }

    /// The reason with this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// The reason as a sentence to the user whose session it was.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SignedOut => "You signed out.",
            Self::Replaced => "This browser signed in again, so the earlier session was closed.",
            Self::RefreshTokenReused => {
                "An old refresh token of your session was presented again. Somebody may hold a copy of it, \
                 so we ended the session everywhere. If that was not you, change your password."
            }
            Self::RoleChanged => "The role of your account changed, so you need to sign in again.",
            Self::Idle => "You were away for longer than a session stays open.",
            Self::Absolute => "A session lasts a limited time from sign-in, and yours has reached it.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::EndReason;

    #[test]
    fn the_word_on_the_wire_is_the_word_in_the_store() {
        for reason in EndReason::ALL {
            assert_eq!(EndReason::parse(reason.as_str()), Some(reason));
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.as_str()));
        }
    }
}
