//! The HTML document around every page of the lab.

use super::{PAGES, Page};
use crate::shared::paths;
use leptos::prelude::*;

/// The whole document. `nonce` is minted anew for every response; the content security policy names it too.
pub fn document(page: Page, nonce: String) -> String {
    let module = page.script.map(|name| {
        view! { <script r#type="module" src=format!("/lab/{name}.js") nonce=nonce></script> }
    });
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{format!("{} · Counterfoil", page.title)}</title>
                <link rel="stylesheet" href="/pkg/counterfoil.css" />
                <link rel="stylesheet" href="/lab/lab.css" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                {module}
            </head>
            <body>
                <div class="app">
                    <a class="skip" href="#main">
                        "Skip to content"
                    </a>
                    <header class="site-header">
                        <a class="wordmark" href="/">
                            "Counterfoil"
                        </a>
                        <nav class="site-nav" aria-label="Main">
                            <a href="/">"Home"</a>
                            <a href=paths::LAB aria-current=(page.path == paths::LAB).then_some("page")>
                                "Lab"
                            </a>
                            <a href=paths::ACCOUNT>"Account"</a>
                        </nav>
                    </header>
                    {contents(page)}
                    <main id="main" tabindex="-1" class="stack wide" data-lab=page.path>
                        {(page.view)()}
                    </main>
                    <footer class="site-footer">
                        <a href=paths::PROBLEMS>"Error codes"</a>
                        <a href=paths::API_DOCS>"The calls"</a>
                        <a href="/.well-known/jwks.json">"Public keys"</a>
                        <span>"MIT licence"</span>
                    </footer>
                </div>
            </body>
        </html>
    };
    document.to_html()
}

fn contents(page: Page) -> impl IntoView {
    let links = PAGES.into_iter().skip(1).map(move |other| {
        view! {
            <li>
                <a href=other.path aria-current=(other.path == page.path).then_some("page")>
                    {other.title}
                </a>
            </li>
        }
    });
    view! {
        <nav class="bar lab-contents" aria-label="Lab">
            <ul>{links.collect_view()}</ul>
        </nav>
    }
}
