//! The form with an email address and a password, which signs in or signs up.

use super::{busy_button::BusyButton, error_summary::Mistake, field::Field, wait::Wait};
use crate::{
    client::use_client,
    shared::{Code, Email, Problem, paths},
    ui::{PasswordRule, eager::erase},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};

const EMAIL: &str = "email";
const PASSWORD: &str = "pw";
const AT_EMAIL: &str = "#email";
const AT_PASSWORD: &str = "#pw";

/// What the form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An account that exists.
    SignIn,
    /// A new account.
    SignUp,
}

#[derive(Clone, Copy)]
struct Form {
    email: NodeRef<Input>,
    password: NodeRef<Input>,
    shown: RwSignal<bool>,
    busy: RwSignal<bool>,
    mistakes: RwSignal<Vec<Mistake>>,
    wait: Wait,
}

/// The form. Success shows as a change of the session; mistakes go to the page's error summary as well.
#[component]
pub fn CredentialForm(purpose: Purpose, mistakes: RwSignal<Vec<Mistake>>) -> impl IntoView {
    let client = use_client();
    let rule = PasswordRule::of_page();
    let form = Form {
        email: NodeRef::new(),
        password: NodeRef::new(),
        shown: RwSignal::new(false),
        busy: RwSignal::new(false),
        mistakes,
        wait: Wait::idle(),
    };
    let held = Signal::derive(move || form.wait.is_on());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() || held.get_untracked() {
            return;
        }
        // So that neither the browser nor its password manager keeps it as ordinary text.
        form.shown.set(false);
        let (email, password) = (value(form.email), value(form.password));
        let mistakes = check(purpose, rule, &email, &password);
        form.busy.set(mistakes.is_empty());
        form.mistakes.set(mistakes);
        if form.busy.get_untracked() {
            spawn_local(async move {
                let outcome = match purpose {
                    Purpose::SignIn => client.sign_in(email, password).await,
                    Purpose::SignUp => client.register(email, password).await,
                };
                if let Err(problem) = outcome {
                    form.explain(problem);
                }
            });
        }
    };
    let (action, idle, doing, autocomplete, rule) = match purpose {
        Purpose::SignIn => ("/auth/login", "Sign in", "Signing in…", "current-password", None),
        Purpose::SignUp => ("/auth/register", "Create account", "Creating account…", "new-password", Some(rule)),
    };
    let Form { email, password, shown, busy, wait, .. } = form;
    erase(view! {
        // post, so that a browser that submits it by itself never puts the password into a URL
        <form method="post" action=action novalidate on:submit=submit>
            <noscript class="notice">
                "Signing in needs JavaScript and WebAssembly: the access token is kept in the memory of this page, \
                where a cookie or a plain form cannot put it."
            </noscript>
            <Field id=EMAIL name="email" label="Email" autocomplete="username" rule=None shown=None node=email mistakes />
            <Field
                id=PASSWORD
                name="password"
                label="Password"
                autocomplete=autocomplete
                rule=rule
                shown=Some(shown)
                node=password
                mistakes
            />
            <BusyButton r#type="submit" class="button" idle=idle doing=doing busy=busy held=held />
            {wait.view()}
        </form>
    })
}

impl Form {
    /// Says what the server refused, or how long it wants to be left alone.
    fn explain(self, problem: Problem) {
        let Problem { code, title, detail, retry_after, .. } = problem;
        let mistakes = match (code, retry_after) {
            (_, Some(seconds)) if seconds > 0 => {
                // What was typed was not judged, so it stays for the next try.
                self.wait.start(title, seconds);
                Vec::new()
            }
            (Code::InvalidCredentials, _) => {
                if let Some(password) = self.password.get_untracked() {
                    password.set_value("");
                }
                vec![Mistake::at(AT_EMAIL, "Email or password is not right.")]
            }
            (Code::InvalidEmail, _) => vec![Mistake::at(AT_EMAIL, detail)],
            (Code::WeakPassword, _) => vec![Mistake::at(AT_PASSWORD, detail)],
            (Code::EmailTaken, _) => vec![
                Mistake::at(AT_EMAIL, "That email address already has an account."),
                Mistake::at(paths::SIGN_IN, "Sign in instead"),
            ],
            _ => vec![Mistake { target: None, text: format!("{title}. {detail}") }],
        };
        self.busy.set(false);
        self.mistakes.set(mistakes);
    }
}

/// What can be seen to be wrong without asking the server.
fn check(purpose: Purpose, rule: PasswordRule, email: &str, password: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if Email::parse(email).is_err() {
        mistakes.push(Mistake::at(AT_EMAIL, "Enter an email address, like name@example.com."));
    }
    match purpose {
        Purpose::SignIn if password.is_empty() => mistakes.push(Mistake::at(AT_PASSWORD, "Enter your password.")),
        Purpose::SignIn => {}
        Purpose::SignUp => {
            mistakes.extend(rule.complaint(password, email).map(|text| Mistake::at(AT_PASSWORD, text)));
        }
    }
    mistakes
}

/// What has been typed into a field.
pub fn value(node: NodeRef<Input>) -> String {
    node.get_untracked().map(|input| input.value()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{AT_EMAIL, AT_PASSWORD, Purpose, check};
    use crate::ui::PasswordRule;

    fn targets(purpose: Purpose, email: &str, password: &str) -> Vec<Option<&'static str>> {
        check(purpose, PasswordRule(15), email, password).into_iter().map(|mistake| mistake.target).collect()
    }

    #[test]
    fn signing_in_asks_for_both_fields_but_never_judges_the_password() {
        assert_eq!(targets(Purpose::SignIn, "", ""), [Some(AT_EMAIL), Some(AT_PASSWORD)]);
        assert_eq!(targets(Purpose::SignIn, "a@example.com", "x"), []);
    }

    #[test]
    fn signing_up_judges_the_password() {
        assert_eq!(targets(Purpose::SignUp, "a@example.com", "short"), [Some(AT_PASSWORD)]);
        assert_eq!(targets(Purpose::SignUp, "a@example.com", "a sentence of words"), []);
    }
}
