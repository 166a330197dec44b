//! No such page.

use crate::{shared::paths, ui::components::heading::Heading};
use leptos::prelude::*;
use leptos_meta::Title;

/// Any other path.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Page not found" />
        <div class="stack">
            <Heading text="Page not found" />
            <p class="lead">"There is no page at this address. Check it for a slip, or start from one of these."</p>
            <p class="buttons">
                <a class="button" href="/">
                    "Go to the home page"
                </a>
                <a class="button plain" href=paths::ACCOUNT>
                    "Go to your account"
                </a>
            </p>
        </div>
    }
}
