//! The rule for new passwords, as the server that rendered the page has it.

use crate::{
    client::root_attribute,
    shared::{NewPassword, password::DEFAULT_MIN_CHARS},
};
use leptos::prelude::use_context;

/// Where the document carries the rule from the server to the browser.
const ATTRIBUTE: &str = "data-password-min-chars";

/// The fewest characters that a new password has.
#[derive(Clone, Copy)]
pub struct PasswordRule(pub usize);

impl PasswordRule {
    /// The rule of this page: on the server what it provides, in the browser what the document says.
    pub fn of_page() -> Self {
        let in_document = || root_attribute(ATTRIBUTE)?.parse().ok().map(Self);
        use_context().or_else(in_document).unwrap_or(Self(DEFAULT_MIN_CHARS))
    }

    /// Said before anything is typed.
    pub fn hint(self) -> String {
        format!("{} characters or more; a sentence of several words is good.", self.0)
    }

    /// What can be seen to be wrong with a password without asking the server.
    pub fn complaint(self, password: &str, email: &str) -> Option<String> {
        NewPassword::parse(password, email, self.0).err().map(|flaw| flaw.sentence(self.0))
    }
}
