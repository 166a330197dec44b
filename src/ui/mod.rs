//! What is on the screen: layout, components and pages. No fetch and no cfg; the browser is behind [`crate::client`].

pub mod components;
pub mod eager;
pub mod layout;
pub mod pages;
mod password_rule;

pub use password_rule::PasswordRule;

/// Gives every part of the interface what it shares; called once, in the root component.
pub fn provide_ui() {
    components::heading::provide_first_page();
    components::sign_out::provide_sign_out();
    components::dialog::provide_dialogs();
    components::step_up::provide_step_up();
}

/// Seconds as minutes and seconds: `0:42`.
pub fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn a_clock_has_two_digits_for_seconds() {
        assert_eq!(clock(5), "0:05");
        assert_eq!(clock(42), "0:42");
        assert_eq!(clock(900), "15:00");
    }
}
