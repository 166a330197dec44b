//! Identifiers.

use super::entropy::Entropy;
use std::{fmt, str::FromStr};

/// The text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 32 lower-case hex digits")]
pub struct InvalidId;

fn parse_hex(text: &str) -> Option<[u8; 16]> {
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 32 || !text.bytes().all(lower_hex) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

macro_rules! id {
    ($(#[$doc:meta])+ $name:ident) => {
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A new random identifier.
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(entropy.bytes())
            }

            /// The identifier with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            /// 32 lower-case hex digits.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", u128::from_be_bytes(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_hex(text).map(Self).ok_or(InvalidId)
            }
        }
    };
}

id! {
    /// Names an account; the `sub` of its access tokens.
    UserId
}

id! {
    /// Names a session: everything that grew from one sign-in. The `sid` of its access tokens.
    SessionId
}

id! {
    /// Names one access token; its `jti`.
    TokenId
}

id! {
    /// Names the lab of one visitor.
    LabId
}

impl SessionId {
    /// The first 8 hex digits, which the name of the session's cookie ends with.
    pub fn short(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }
}

#[cfg(test)]
mod tests {
    use super::SessionId;

    #[test]
    fn an_id_reads_back_from_its_text_and_from_no_other_spelling() {
        let id = SessionId::from_bytes([0x0a; 16]);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(id.short(), "0a0a0a0a");
        for bad in [text.to_uppercase(), format!("+{}", &text[1..]), text[1..].to_owned(), String::new()] {
            assert!(bad.parse::<SessionId>().is_err(), "{bad}");
        }
    }
}
