//! What has happened to the account.

use super::{Page, part_heading};
use crate::{
    client::download,
    ui::{components::event_list::event_list, eager::erase},
};
use leptos::prelude::*;

pub const ID: &str = "events";

/// The security events, on the page and as a file.
pub fn events(page: Page) -> AnyView {
    let answer = page.events.answer();
    let export = move |_| {
        answer.with_untracked(|list| {
            if let Some(json) = list.as_ref().and_then(|list| serde_json::to_string_pretty(list).ok()) {
                download("security-events.json", &json);
            }
        });
    };
    erase(view! {
        <section class="stack" aria-labelledby=ID>
            {part_heading(ID, "Security events")} {page.events.view(1, |list| event_list(&list.events))}
            <p class="ready">
                <button
                    r#type="button"
                    class="button plain"
                    aria-disabled=move || answer.with(Option::is_none).then_some("true")
                    on:click=export
                >
                    "Export as JSON"
                </button>
            </p>
        </section>
    })
}
