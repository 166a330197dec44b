//! Changing the password.

use super::{Page, part_heading};
use crate::{
    api,
    shared::{Code, Problem},
    ui::{
        PasswordRule,
        components::{
            busy_button::BusyButton,
            credential_form::value,
            error_summary::{Mistake, error_summary},
            field::Field,
            wait::Wait,
        },
        eager::erase,
    },
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};

pub const ID: &str = "password";
const CURRENT: &str = "current-pw";
const NEW: &str = "new-pw";
const AT_CURRENT: &str = "#current-pw";
const AT_NEW: &str = "#new-pw";

#[derive(Clone, Copy)]
struct Form {
    page: Page,
    rule: PasswordRule,
    current: NodeRef<Input>,
    new: NodeRef<Input>,
    busy: RwSignal<bool>,
    mistakes: RwSignal<Vec<Mistake>>,
    changed: RwSignal<&'static str>,
    wait: Wait,
}

/// The form. It asks for the current password itself, so it needs no step-up.
pub fn password(page: Page, mistakes: RwSignal<Vec<Mistake>>) -> AnyView {
    let form = Form {
        page,
        rule: PasswordRule::of_page(),
        current: NodeRef::new(),
        new: NodeRef::new(),
        busy: RwSignal::new(false),
        mistakes,
        changed: RwSignal::new(""),
        wait: Wait::idle(),
    };
    let (current_shown, new_shown) = (RwSignal::new(false), RwSignal::new(false));
    let held = Signal::derive(move || form.wait.is_on());
    let email = move || page.user.get().map(|user| user.email);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() || held.get_untracked() {
            return;
        }
        // So that neither the browser nor its password manager keeps them as ordinary text.
        current_shown.set(false);
        new_shown.set(false);
        form.send();
    };
    let Form { rule, current, new, busy, changed, wait, .. } = form;
    erase(view! {
        <section class="stack" aria-labelledby=ID>
            {part_heading(ID, "Change password")} {error_summary(mistakes)}
            <form class="form ready" method="post" novalidate on:submit=submit>
                <input r#type="text" name="username" autocomplete="username" prop:value=email readonly hidden />
                <Field
                    id=CURRENT
                    name="current"
                    label="Current password"
                    autocomplete="current-password"
                    rule=None
                    shown=Some(current_shown)
                    node=current
                    mistakes
                />
                <Field
                    id=NEW
                    name="new"
                    label="New password"
                    autocomplete="new-password"
                    rule=Some(rule)
                    shown=Some(new_shown)
                    node=new
                    mistakes
                />
                <p>
                    <BusyButton
                        r#type="submit"
                        class="button"
                        idle="Change password"
                        doing="Changing…"
                        busy=busy
                        held=held
                    />
                </p>
                {wait.view()}
            </form>
            <p class="answer" role="status">
                {changed}
            </p>
        </section>
    })
}

impl Form {
    fn send(self) {
        let (current, new) = (value(self.current), value(self.new));
        let email = self.page.user.get_untracked().map(|user| user.email).unwrap_or_default();
        let mistakes = check(self.rule, &current, &new, &email);
        self.changed.set("");
        self.busy.set(mistakes.is_empty());
        self.mistakes.set(mistakes);
        if self.busy.get_untracked() {
            spawn_local(async move {
                let outcome = api::change_password(current, new).await;
                // By now the page may be gone, and its signals with it.
                if self.busy.try_set(false).is_some() {
                    return;
                }
                match outcome {
                    Ok(_) => {
                        self.empty();
                        self.changed.set("Password changed. Your other sessions have ended.");
                        self.page.ask();
                    }
                    Err(problem) => self.explain(problem),
                }
            });
        }
    }

    fn empty(self) {
        for node in [self.current, self.new] {
            if let Some(input) = node.get_untracked() {
                input.set_value("");
            }
        }
    }

    /// Says what the server refused, or how long it wants to be left alone.
    fn explain(self, problem: Problem) {
        let Problem { code, title, detail, retry_after, .. } = problem;
        let mistake = match (code, retry_after) {
            (_, Some(seconds)) if seconds > 0 => return self.wait.start(title, seconds),
            (Code::InvalidCredentials, _) => {
                if let Some(input) = self.current.get_untracked() {
                    input.set_value("");
                }
                Mistake::at(AT_CURRENT, "That is not your current password.")
            }
            (Code::WeakPassword, _) => Mistake::at(AT_NEW, detail),
            _ => Mistake { target: None, text: format!("{title}. {detail}") },
        };
        self.mistakes.set(vec![mistake]);
    }
}

/// What can be seen to be wrong without asking the server.
fn check(rule: PasswordRule, current: &str, new: &str, email: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if current.is_empty() {
        mistakes.push(Mistake::at(AT_CURRENT, "Enter your current password."));
    }
    mistakes.extend(rule.complaint(new, email).map(|text| Mistake::at(AT_NEW, text)));
    mistakes
}

#[cfg(test)]
mod tests {
    use super::{AT_CURRENT, AT_NEW, check};
    use crate::ui::PasswordRule;

    #[test]
    fn the_current_password_is_asked_for_and_the_new_one_judged() {
        let targets = |current, new| -> Vec<_> {
            check(PasswordRule(15), current, new, "a@example.com").into_iter().map(|mistake| mistake.target).collect()
        };
        assert_eq!(targets("", "short"), [Some(AT_CURRENT), Some(AT_NEW)]);
        assert_eq!(targets("x", "a sentence of words"), []);
    }
}
