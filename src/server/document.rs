//! The HTML document around the pages that are rendered here and come alive, if at all, by small modules of their own.

use crate::shared::paths;
use leptos::prelude::*;

/// What is different from one page to the next.
pub struct Document<'a> {
    /// Where the page is.
    pub path: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// More for its head.
    pub head: AnyView,
    /// What stands above its main part.
    pub above: AnyView,
    /// Its main part.
    pub main: AnyView,
}

impl Document<'_> {
    /// The whole document as text.
    pub fn render(self) -> String {
        let Self { path, title, head, above, main } = self;
        let here = |link| (path == link).then_some("page");
        let document = view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{format!("{title} · Counterfoil")}</title>
                    <link rel="stylesheet" href="/pkg/counterfoil.css" />
                    <link
                        rel="preload"
                        href="/fonts/recursive-latin-mono.woff2"
                        r#as="font"
                        r#type="font/woff2"
                        crossorigin="anonymous"
                    />
                    <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                    {head}
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
                                <a href=paths::LAB aria-current=here(paths::LAB)>
                                    "Lab"
                                </a>
                                <a href=paths::ACCOUNT>"Account"</a>
                            </nav>
                        </header>
                        {above}
                        <main id="main" tabindex="-1" class="stack wide">
                            {main}
                        </main>
                        <footer class="site-footer">
                            <a href=paths::PROBLEMS>"Error codes"</a>
                            <a href=paths::API_DOCS aria-current=here(paths::API_DOCS)>
                                "The calls"
                            </a>
                            <a href="/.well-known/jwks.json">"Public keys"</a>
                            <span>"MIT licence"</span>
                        </footer>
                    </div>
                </body>
            </html>
        };
        document.to_html()
    }
}
