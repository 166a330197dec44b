//! A table that scrolls by itself where the window is narrow.

use crate::ui::eager::late;
use leptos::prelude::*;

/// The table. `id` is its caption's, which names the region too.
pub fn table(id: &'static str, caption: String, columns: &'static [&'static str], rows: Vec<AnyView>) -> AnyView {
    let columns: Vec<AnyView> = columns.iter().map(|column| late(view! { <th scope="col">{*column}</th> })).collect();
    late(view! {
        <div class="scroll" role="region" aria-labelledby=id tabindex="0">
            <table class="table">
                <caption id=id>{caption}</caption>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}
