//! Where the account is signed in.

use super::{Page, part_heading};
use crate::{
    api,
    client::{focus, use_client},
    shared::wire::SessionSummary,
    ui::{
        components::{
            change::{Change, Order},
            dialog::Question,
            session_list::session_list,
        },
        eager::erase,
    },
};
use leptos::prelude::*;

pub const ID: &str = "sessions";

/// The sessions, with a way to end each and all of them.
pub fn devices(page: Page) -> AnyView {
    let change = Change::idle();
    erase(view! {
        <section class="stack" aria-labelledby=ID>
            {part_heading(ID, "Sessions")}
            <p class="muted">
                "The devices that are signed in to your account. Of each we keep the name of its browser and system and its \
                address; here the address is shown without its last part."
            </p>
            {page
                .sessions
                .view(1, move |list| session_list(&list.sessions, &|session, name| end_one(page, change, session, name)))}
            <p class="buttons ready">{end_others(page, change)} {end_all(change)}</p>
            {change.view()}
        </section>
    })
}

fn end_one(page: Page, change: Change, session: &SessionSummary, name: &str) -> AnyView {
    let id = session.id.clone();
    let order = move || {
        let id = id.clone();
        Order {
            question: None,
            call: Box::new(move || Box::pin(api::revoke_session(id.clone()))),
            success: "Signed out.",
            then: Box::new(move || ended(page)),
        }
    };
    change.button("button plain", format!("Sign out {name}"), "Signing out…", Box::new(order))
}

fn end_others(page: Page, change: Change) -> AnyView {
    let order = move || Order {
        question: Some(Question {
            title: "Sign out everywhere else?".to_owned(),
            text: "All other devices are signed out at once. This one stays signed in.",
            yes: "Sign out the others".to_owned(),
        }),
        call: Box::new(|| Box::pin(api::revoke_other_sessions())),
        success: "Signed out everywhere else.",
        then: Box::new(move || ended(page)),
    };
    change.button("button plain", "Sign out everywhere else".to_owned(), "Signing out…", Box::new(order))
}

fn end_all(change: Change) -> AnyView {
    let client = use_client();
    let order = move || Order {
        question: None,
        call: Box::new(move || Box::pin(client.sign_out_everywhere())),
        success: "",
        then: Box::new(|| ()),
    };
    change.button("button plain", "Sign out everywhere".to_owned(), "Signing out…", Box::new(order))
}

/// The button that had the focus goes with its row.
fn ended(page: Page) {
    focus(ID);
    page.ask();
}
