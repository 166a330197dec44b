//! The list of common passwords.

use std::{collections::HashSet, sync::LazyLock};

/// Lower case, one a line: the most frequent ones in public breaches, and the longer ones made of these.
static LIST: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether the whole password is in the list, in whatever case.
pub fn contains(password: &str) -> bool {
    LIST.contains(password.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn long_and_common_is_still_common() {
        for common in ["password1234567", "PasswordPassword", "123456789012345", "iloveyouiloveyou"] {
            assert!(contains(common), "{common}");
        }
    }

    #[test]
    fn only_the_whole_password_counts() {
        assert!(!contains("password1234567 and five words more"));
    }
}
