//! Signing out, which the header and the account page both offer.

use super::busy_button::BusyButton;
use crate::{client::use_client, shared::paths};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// A sign-out under way; one for all the buttons.
#[derive(Clone, Copy)]
pub struct SignOut {
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
}

/// Starts with no sign-out under way.
pub fn provide_sign_out() {
    provide_context(SignOut { busy: RwSignal::new(false), refusal: RwSignal::new(None) });
}

impl SignOut {
    /// The one that [`provide_sign_out`] made.
    pub fn shared() -> Self {
        expect_context()
    }

    /// Why the last try did not work, for the person.
    pub fn refusal(self) -> ReadSignal<Option<String>> {
        self.refusal.read_only()
    }
}

/// Ends the session and goes to the page that says so.
#[component]
pub fn SignOutButton(text: &'static str, class: &'static str) -> impl IntoView {
    let SignOut { busy, refusal } = SignOut::shared();
    let client = use_client();
    let navigate = use_navigate();
    let sign_out = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refusal.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            match client.sign_out().await {
                Ok(()) => navigate(paths::SIGNED_OUT, NavigateOptions::default()),
                Err(problem) => refusal.set(Some(format!(
                    "You are still signed in: the server did not end your session. {}. \
                     Check the connection, then sign out again.",
                    problem.title
                ))),
            }
            busy.set(false);
        });
    };
    view! {
        <BusyButton r#type="button" class=class idle=text doing="Signing out…" busy=busy held=false press=Box::new(sign_out) />
    }
}
