//! What several pages of the lab are made of.

use super::Surroundings;
use leptos::prelude::*;

/// The first lines of a page: what it is about, and what to take away from it.
pub fn opening(title: &'static str, about: &'static str, insight: &'static str) -> impl IntoView {
    view! {
        <div class="stack">
            <h1>{title}</h1>
            <p class="lead">{about}</p>
            <p class="notice">
                <strong>"In one sentence: "</strong>
                {insight}
            </p>
            {without_script()}
        </div>
    }
}

/// What somebody without scripts is told.
pub fn without_script() -> impl IntoView {
    view! {
        <noscript>
            <p class="notice">
                "Without JavaScript nothing runs here. Everything that the live parts show is written down on this page."
            </p>
        </noscript>
    }
}

/// A part of a page with its heading.
pub fn section(id: &'static str, heading: &'static str, inner: impl IntoView + 'static) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            {inner.into_any()}
        </section>
    }
}

/// A part that is there only while its module runs.
pub fn live(id: &'static str, heading: &'static str, inner: impl IntoView + 'static) -> impl IntoView {
    view! {
        <section class="stack card live" aria-labelledby=id hidden data-live>
            <h2 id=id>{heading}</h2>
            {inner.into_any()}
        </section>
    }
}

/// A table that scrolls in a region of its own where it is wider than the window.
pub fn table<const COLUMNS: usize>(
    caption: &'static str,
    columns: [&'static str; COLUMNS],
    rows: impl IntoIterator<Item = [AnyView; COLUMNS]>,
) -> AnyView {
    let head = columns.map(|column| view! { <th scope="col">{column}</th> }).collect_view();
    let body = rows.into_iter().map(|row| {
        let cells = row.into_iter().enumerate().map(|(index, cell)| {
            if index == 0 {
                view! { <th scope="row">{cell}</th> }.into_any()
            } else {
                view! { <td>{cell}</td> }.into_any()
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="scroll" role="region" aria-label=caption tabindex="0">
            <table class="table">
                <caption>{caption}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell of plain text.
pub fn text(text: &'static str) -> AnyView {
    text.into_any()
}

/// A cell of code.
pub fn code(text: &'static str) -> AnyView {
    view! { <code>{text}</code> }.into_any()
}

/// The way to the attacks, or why there is none.
pub fn control_room(surroundings: &Surroundings, text: &'static str) -> AnyView {
    match &surroundings.control_room {
        Some(href) => view! {
            <a class="button" href=href.clone() rel="noreferrer">
                {text}
            </a>
        }
        .into_any(),
        None => view! { <span>"The sites that are attacked are switched off on this server."</span> }.into_any(),
    }
}
