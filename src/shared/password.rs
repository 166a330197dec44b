//! New passwords.

use zeroize::Zeroizing;

/// The most bytes a password may have, so that hashing has a bound (DESIGN section 5).
pub const MAX_BYTES: usize = 1024;
/// The fewest characters a password may have unless the server says otherwise (NIST SP 800-63B-4 section 3.1.1.2).
pub const DEFAULT_MIN_CHARS: usize = 15;

/// A password that is good enough to be set; not yet compared with the list of common ones.
pub struct NewPassword(Zeroizing<String>);

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFlaw {
    /// Fewer characters than the minimum.
    #[error("too_short")]
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    #[error("too_long")]
    TooLong,
    /// It is in the list of common passwords.
    #[error("common")]
    Common,
    /// It is the account's own email address, or the part of it before the `@`.
    #[error("like_email")]
    LikeEmail,
}

impl PasswordFlaw {
    /// The flaw as a sentence that says what to do.
    pub fn sentence(self, min_chars: usize) -> String {
        match self {
            Self::TooShort => format!("Use {min_chars} characters or more; a sentence of several words is good."),
            Self::TooLong => format!("Use {MAX_BYTES} bytes or fewer."),
            Self::Common => "That password is in a list of common ones. Add words that only you would think of.".into(),
            Self::LikeEmail => "Your email address is the first thing that anybody would try. Choose another.".into(),
        }
    }
}

impl NewPassword {
    /// Accepts a password of at least `min_chars` characters (code points) and at most [`MAX_BYTES`] bytes
    /// that is not the account's own email address. No rule says which characters.
    ///
    /// # Errors
    /// The first [`PasswordFlaw`] found.
    pub fn parse(text: &str, email: &str, min_chars: usize) -> Result<Self, PasswordFlaw> {
        if text.len() > MAX_BYTES {
            return Err(PasswordFlaw::TooLong);
        }
        if text.chars().count() < min_chars {
            return Err(PasswordFlaw::TooShort);
        }
        let local_part = email.split('@').next().unwrap_or_default();
        if text.eq_ignore_ascii_case(email.trim()) || text.eq_ignore_ascii_case(local_part.trim()) {
            return Err(PasswordFlaw::LikeEmail);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The password as text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{NewPassword, PasswordFlaw};

    fn flaw(text: &str) -> Option<PasswordFlaw> {
        NewPassword::parse(text, "alexandria.smith@example.com", 15).err()
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(flaw("fourteen chars"), Some(PasswordFlaw::TooShort));
        assert_eq!(flaw("fifteen letters"), None);
        assert_eq!(flaw(&"🎫".repeat(14)), Some(PasswordFlaw::TooShort));
        assert_eq!(flaw(&"🎫".repeat(15)), None);
    }

    #[test]
    fn there_is_an_upper_bound_in_bytes() {
        assert_eq!(flaw(&"a".repeat(1024)), None);
        assert_eq!(flaw(&"a".repeat(1025)), Some(PasswordFlaw::TooLong));
    }

    #[test]
    fn the_own_email_address_is_refused() {
        assert_eq!(flaw("Alexandria.Smith@example.com"), Some(PasswordFlaw::LikeEmail));
        assert_eq!(flaw("alexandria.smith"), Some(PasswordFlaw::LikeEmail));
    }
}
