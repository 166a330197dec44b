//! The heading of a page.

use crate::client::focus;
use leptos::prelude::*;

/// Its id.
pub const ID: &str = "title";

/// Whether the page on screen is the one that the server delivered.
#[derive(Clone, Copy)]
struct FirstPage(StoredValue<bool>);

/// Remembers that no page has been shown yet.
pub fn provide_first_page() {
    provide_context(FirstPage(StoredValue::new(true)));
}

/// The page's `h1`. It takes the focus after a navigation inside the app, where the browser would leave it behind; not
/// on the first page, where the browser starts at the top by itself.
#[component]
pub fn Heading(text: &'static str) -> impl IntoView {
    let FirstPage(first) = expect_context();
    Effect::new(move |_| {
        if first.get_value() {
            first.set_value(false);
        } else {
            focus(ID);
        }
    });
    view! {
        <h1 id=ID tabindex="-1">
            {text}
        </h1>
    }
}
