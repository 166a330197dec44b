//! `/lab/challenge`: nine things to have done.

use super::{
    Surroundings,
    parts::opening,
    patterns::{PATTERNS, path},
};
use leptos::prelude::*;

const PARTS: [(&str, &str); 3] = [("header", "1 Header"), ("payload", "2 Payload"), ("signature", "3 Signature")];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    let patterns = PATTERNS.iter().map(|pattern| {
        task("patterns", pattern.id, view! { <a href=path(pattern)>"Open " {pattern.title}</a> }.into_any())
    });
    let parts = PARTS.map(|(id, name)| {
        task("decoded", id, view! { <a href="/lab/anatomy#take-apart">"Decode " {name}</a> }.into_any())
    });
    view! {
        {opening(
            "Challenge",
            "Open all six patterns and decode all three parts of a token.",
            "Whoever has broken each pattern once knows what it is for.",
        )}
        <div class="stack">
            <p>
                "Progress is kept in this browser’s localStorage: a fine place for it, since it is not a secret and nobody gains \
                by stealing it. A token is neither."
            </p>
            <div hidden data-meter class="stack">
                <progress max="9" value="0" aria-label="Done"></progress>
                <p role="status" class="verdict"></p>
                <p class="buttons">
                    <button r#type="button" class="button plain">
                        "Start over"
                    </button>
                </p>
            </div>
        </div>
        <ul class="tasks">{patterns.collect_view()} {parts.collect_view()}</ul>
    }
    .into_any()
}

fn task(kind: &'static str, what: &'static str, link: AnyView) -> impl IntoView {
    view! {
        <li data-kind=kind data-what=what>
            {link}
            " "
            <span class="said"></span>
        </li>
    }
}
