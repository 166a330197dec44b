//! The HTML document around every page of the lab.

use super::PAGES;
use crate::shared::paths;
use leptos::prelude::*;

/// The whole document. `nonce` is minted anew for every response; the content security policy names it too.
pub fn document(
    path: &str,
    title: &'static str,
    script: Option<&'static str>,
    nonce: String,
    inner: AnyView,
) -> String {
    let module = script.map(|name| {
        view! { <script r#type="module" src=format!("/lab/{name}.js") nonce=nonce></script> }
    });
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{format!("{title} · Counterfoil")}</title>
                <link rel="stylesheet" href="/pkg/counterfoil.css" />
                <link rel="stylesheet" href="/lab/lab.css" />
                <link
                    rel="preload"
                    href="/fonts/recursive-latin-mono.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
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
                            <a href=paths::LAB aria-current=(path == paths::LAB).then_some("page")>
                                "Lab"
                            </a>
                            <a href=paths::ACCOUNT>"Account"</a>
                        </nav>
                    </header>
                    {contents(path)}
                    <main id="main" tabindex="-1" class="stack wide" data-lab=path.to_owned()>
                        {inner}
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
