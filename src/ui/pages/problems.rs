//! Every error code: what happened and what to do next.

use crate::{shared::Code, ui::components::heading::Heading};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/problems`; the `type` of every error points into it.
#[component]
pub fn Problems() -> impl IntoView {
    let rows = Code::ALL.iter().map(|code| {
        view! {
            <tr id=code.as_str()>
                <th scope="row">
                    <code>{code.as_str()}</code>
                </th>
                <td>{code.status()}</td>
                <td>{code.title()}</td>
                <td>{code.advice()}</td>
            </tr>
        }
    });
    view! {
        <Title text="Error codes" />
        <div class="stack">
            <Heading text="Error codes" />
            <p>
                "Every error of this server is a problem document (RFC 9457) whose " <code>"code"</code>
                " is one of these. Programs should look at the code; people at the " <code>"detail"</code> "."
            </p>
            <table class="codes">
                <thead>
                    <tr>
                        <th scope="col">"Code"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"What happened"</th>
                        <th scope="col">"What to do next"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
