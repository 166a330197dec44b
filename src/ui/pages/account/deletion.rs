//! Deleting the account.

use super::part_heading;
use crate::{
    client::use_client,
    ui::{
        components::{
            change::{Change, Order},
            dialog::Question,
        },
        eager::erase,
    },
};
use leptos::prelude::*;

pub const ID: &str = "deletion";

/// What it does, and the button that does it.
pub fn deletion() -> AnyView {
    let client = use_client();
    let change = Change::idle();
    let order = move || Order {
        question: Some(Question {
            title: "Delete your account?".to_owned(),
            text: "Your email address, your password, your sessions and your security events are deleted. \
                   This cannot be undone.",
            yes: "Delete my account".to_owned(),
        }),
        call: Box::new(move || Box::pin(client.delete_account())),
        success: "",
        then: Box::new(|| ()),
    };
    let button = change.button("button danger", "Delete account".to_owned(), "Deleting…", Box::new(order));
    erase(view! {
        <section class="stack" aria-labelledby=ID>
            {part_heading(ID, "Delete account")}
            <p>
                "Deletes your email address, your password, your sessions and your security events, and signs you out on \
                all your devices at once. What stays is a note without your name that an account was deleted."
            </p>
            <p class="ready">{button}</p>
            {change.view()}
        </section>
    })
}
