//! Step-up: what matters most asks for a password that was given a short time ago (RFC 9470).

use super::{
    busy_button::BusyButton,
    change::Call,
    dialog::{CancelButton, Dialogs, Prompt},
    error_summary::Mistake,
    field::Field,
    wait::Wait,
};
use crate::{
    api,
    client::{Session, local_time, unix_time, use_client},
    shared::{Code, Problem, wire::Done},
    ui::eager::{erase, late},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};
use std::time::Duration;

const PASSWORD: &str = "step-up-pw";
const AT_PASSWORD: &str = "#step-up-pw";
/// The longest, in seconds, that a page says that a password counts.
const LONGEST: u64 = 3_600;

/// Until when the last password counts, as far as this page knows. The server decides.
#[derive(Clone, Copy)]
pub struct StepUp {
    dialogs: Dialogs,
    until: RwSignal<i64>,
}

/// Starts with no password known to count.
pub fn provide_step_up() {
    provide_context(StepUp { dialogs: Dialogs::shared(), until: RwSignal::new(0) });
}

impl StepUp {
    /// The one that [`provide_step_up`] made.
    pub fn shared() -> Self {
        expect_context()
    }

    /// Where it asks for the password.
    pub fn dialogs(self) -> Dialogs {
        self.dialogs
    }

    /// Makes a call; if it asks for a step-up, asks for the password and makes it again.
    pub async fn through(self, call: &Call) -> Result<Done, Problem> {
        match call().await {
            Err(problem) if problem.code == Code::InsufficientUserAuthentication => {
                self.until.set(0);
                if self.dialogs.ask(Prompt::Password).await { call().await } else { Err(problem) }
            }
            outcome => outcome,
        }
    }

    /// Remembers until when the password counts; a moment that has passed is none.
    pub fn counts_until(self, until: i64) {
        let Ok(left @ 1..) = u64::try_from(until - unix_time()) else { return self.until.set(0) };
        self.until.set(until);
        let run_out = move || {
            if self.until.get_untracked() == until {
                self.until.set(0);
            }
        };
        // A clock that is years off would ask for a longer wait than the browser has.
        set_timeout(run_out, Duration::from_secs(left.min(LONGEST)));
    }

    /// Says until when the password counts, while it does.
    pub fn view(self) -> AnyView {
        let sentence = move || match self.until.get() {
            0 => String::new(),
            until => format!("Confirmed until {}", local_time(until)),
        };
        erase(view! { <p class="confirmed">{sentence}</p> })
    }
}

#[derive(Clone, Copy)]
struct Form {
    dialogs: Dialogs,
    step_up: StepUp,
    password: NodeRef<Input>,
    busy: RwSignal<bool>,
    mistakes: RwSignal<Vec<Mistake>>,
    wait: Wait,
}

/// Asks for the password in the open dialog.
#[component]
pub fn StepUpForm(dialogs: Dialogs) -> impl IntoView {
    let form = Form {
        dialogs,
        step_up: StepUp::shared(),
        password: NodeRef::new(),
        busy: RwSignal::new(false),
        mistakes: RwSignal::new(Vec::new()),
        wait: Wait::idle(),
    };
    let shown = RwSignal::new(false);
    let held = Signal::derive(move || form.wait.is_on());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        shown.set(false);
        if !form.busy.get_untracked() && !held.get_untracked() {
            form.send();
        }
    };
    let session = use_client().session();
    let email = move || match session.get() {
        Session::SignedIn(user) => user.email,
        _ => String::new(),
    };
    let Form { password, busy, mistakes, wait, .. } = form;
    late(view! {
        <p>"This needs your password, even though you are signed in. Then it counts for a few minutes."</p>
        <form class="form" method="post" novalidate on:submit=submit>
            <input r#type="text" name="username" autocomplete="username" value=email readonly hidden />
            <Field
                id=PASSWORD
                name="password"
                label="Your password"
                autocomplete="current-password"
                rule=None
                shown=Some(shown)
                node=password
                mistakes
            />
            <p class="buttons">
                <BusyButton
                    r#type="submit"
                    class="button"
                    idle="Confirm"
                    doing="Checking…"
                    busy=busy
                    held=held
                />
                <CancelButton dialogs />
            </p>
            {wait.view()}
        </form>
    })
}

impl Form {
    fn send(self) {
        let Some(input) = self.password.get_untracked() else { return };
        let password = input.value();
        if password.is_empty() {
            return self.refuse("Enter your password.".to_owned());
        }
        self.busy.set(true);
        spawn_local(async move {
            let outcome = api::step_up(password).await;
            // By now the dialog may be gone, and its signals with it.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(done) => {
                    self.step_up.counts_until(done.step_up_until);
                    self.dialogs.answer(true);
                }
                Err(Problem { title, retry_after: Some(seconds), .. }) if seconds > 0 => {
                    // What was typed was not judged, so it stays for the next try.
                    self.mistakes.set(Vec::new());
                    self.wait.start(title, seconds);
                }
                Err(Problem { code: Code::InvalidCredentials, .. }) => {
                    input.set_value("");
                    self.refuse("That is not your password.".to_owned());
                }
                Err(Problem { title, detail, .. }) => self.refuse(format!("{title}. {detail}")),
            }
        });
    }

    fn refuse(self, text: String) {
        self.mistakes.set(vec![Mistake::at(AT_PASSWORD, text)]);
        crate::client::focus(PASSWORD);
    }
}
