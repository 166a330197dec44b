//! Email addresses.

use std::fmt;

/// The most bytes an address may have (RFC 5321 section 4.5.3.1.3, less the angle brackets).
const MAX_BYTES: usize = 254;
/// The most bytes before the `@` (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// An email address in the form under which accounts are compared: trimmed and in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

/// The text is not an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct InvalidEmail;

impl Email {
    /// Parses an address: ASCII, one `@`, a local part and a domain with a dot or `localhost`.
    ///
    /// Only ASCII is accepted, so that look-alike letters cannot make a second account of one name.
    ///
    /// # Errors
    /// [`InvalidEmail`] when the text is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let address = text.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_fits = !local.is_empty()
            && local.len() <= MAX_LOCAL_BYTES
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte));
        let domain_fits = (domain == "localhost" || domain.contains('.')) && domain.split('.').all(is_label);
        (local_fits && domain_fits && address.len() <= MAX_BYTES).then_some(Self(address)).ok_or(InvalidEmail)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `atext` of RFC 5322 section 3.2.3.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A label of a host name (RFC 1123 section 2.1).
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn spellings_of_one_address_are_one_address() {
        assert_eq!(Email::parse(" Alice@Example.COM "), Email::parse("alice@example.com"));
    }

    #[test]
    fn ordinary_addresses_are_accepted() {
        for good in ["a@b.co", "first.last+tag@sub.example.org", "o'neil@example.ie", "demo@localhost"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a@b@c.de",
            "a@-b.co",
            "a@b..co",
            ".a@b.co",
            "a\0@b.co",
            "аlice@example.com",
            "alice@exämple.com",
            "a@b.co\r\nX: y",
            &long,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }
}
