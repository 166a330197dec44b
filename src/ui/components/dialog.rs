//! What is asked in a dialog before something is done.

use super::step_up::StepUpForm;
use crate::{
    client::{close_dialog, open_dialog, use_client},
    ui::eager::late,
};
use futures::channel::oneshot;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const ID: &str = "dialog";
const TITLE: &str = "dialog-title";

/// What a dialog asks for.
#[derive(Clone)]
pub enum Prompt {
    /// A yes.
    Confirm(Question),
    /// The password.
    Password,
}

/// A question that has a yes; Escape is the no.
#[derive(Clone)]
pub struct Question {
    /// What is about to be done.
    pub title: String,
    /// What that means.
    pub text: &'static str,
    /// The button that means yes.
    pub yes: String,
}

/// The one dialog that can be open.
#[derive(Clone, Copy)]
pub struct Dialogs {
    open: RwSignal<Option<Prompt>>,
    yes: StoredValue<bool>,
    asker: StoredValue<Option<oneshot::Sender<bool>>>,
}

/// Starts with no dialog open.
pub fn provide_dialogs() {
    provide_context(Dialogs { open: RwSignal::new(None), yes: StoredValue::new(false), asker: StoredValue::new(None) });
}

impl Dialogs {
    /// The one that [`provide_dialogs`] made.
    pub fn shared() -> Self {
        expect_context()
    }

    /// Opens a dialog and waits for its end.
    pub async fn ask(self, prompt: Prompt) -> bool {
        let (asker, answer) = oneshot::channel();
        self.asker.set_value(Some(asker));
        self.yes.set_value(false);
        self.open.set(Some(prompt));
        answer.await.unwrap_or(false)
    }

    /// Closes the dialog.
    pub fn answer(self, yes: bool) {
        self.yes.set_value(yes);
        close_dialog(ID);
    }

    /// The browser has closed it, because of an answer or of Escape.
    fn closed(self) {
        self.open.set(None);
        if let Some(asker) = self.asker.try_update_value(Option::take).flatten() {
            let _ = asker.send(self.yes.get_value());
        }
    }
}

/// Where the dialog stands while it is open.
#[component]
pub fn DialogPlace() -> impl IntoView {
    let dialogs = Dialogs::shared();
    let session = use_client().session();
    let path = use_location().pathname;
    // What it asks about is gone with the page or the session.
    Effect::new(move || {
        session.track();
        path.track();
        dialogs.answer(false);
    });
    move || {
        dialogs.open.get().map(|prompt| match prompt {
            Prompt::Confirm(question) => modal(dialogs, question.title.clone(), confirmation(dialogs, question)),
            Prompt::Password => {
                modal(dialogs, "Confirm that it is you".to_owned(), view! { <StepUpForm dialogs /> }.into_any())
            }
        })
    }
}

fn modal(dialogs: Dialogs, title: String, body: AnyView) -> AnyView {
    Effect::new(|| open_dialog(ID));
    late(view! {
        <dialog class="dialog" id=ID aria-labelledby=TITLE on:close=move |_| dialogs.closed()>
            <div class="stack">
                <h2 id=TITLE>{title}</h2>
                {body}
            </div>
        </dialog>
    })
}

fn confirmation(dialogs: Dialogs, Question { text, yes, .. }: Question) -> AnyView {
    late(view! {
        <p>{text}</p>
        <p class="buttons">
            <button r#type="button" class="button danger" on:click=move |_| dialogs.answer(true)>
                {yes}
            </button>
            <CancelButton dialogs />
        </p>
    })
}

/// The way out without an answer.
#[component]
pub fn CancelButton(dialogs: Dialogs) -> impl IntoView {
    view! {
        <button r#type="button" class="button plain" on:click=move |_| dialogs.answer(false)>
            "Cancel"
        </button>
    }
}
