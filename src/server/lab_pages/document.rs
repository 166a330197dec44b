//! The document around every page of the lab.

use super::PAGES;
use crate::{server::document::Document, shared::paths};
use leptos::prelude::*;

/// The whole document. `nonce` is minted anew for every response; the content security policy names it too.
pub fn document(path: &str, title: &str, script: Option<&str>, nonce: String, main: AnyView) -> String {
    let module = script.map(|name| {
        view! { <script r#type="module" src=format!("/lab/{name}.js") nonce=nonce></script> }
    });
    let head = view! {
        <link rel="stylesheet" href="/lab/lab.css" />
        {module}
    };
    Document { path, title, head: head.into_any(), above: contents(path).into_any(), main }.render()
}

fn contents(path: &str) -> impl IntoView + use<> {
    let links = PAGES.map(|page| {
        let is_here = path == page.path || path.strip_prefix(page.path).is_some_and(|rest| rest.starts_with('/'));
        let current = (is_here && page.path != paths::LAB).then_some("page");
        view! {
            <li>
                <a href=page.path aria-current=current>
                    {page.title}
                </a>
            </li>
        }
    });
    view! {
        <nav class="bar lab-contents" aria-label="Lab">
            <ul>{links.into_iter().skip(1).collect_view()}</ul>
        </nav>
    }
}
