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
    let export = move |_| {
        if let Some(Ok(json)) = page.events.with_untracked(serde_json::to_string_pretty) {
            download("security-events.json", &json);
        }
    };
    erase(view! {
        <section class="stack" aria-labelledby=ID>
            {part_heading(ID, "Security events")} {page.events.view(1, |list| event_list(&list.events))}
            <p class="ready">
                <button
                    r#type="button"
                    class="button plain"
                    aria-disabled=move || (!page.events.is_there()).then_some("true")
                    on:click=export
                >
                    "Export as JSON"
                </button>
            </p>
        </section>
    })
}
