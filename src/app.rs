//! The HTML document, the root component and the table of pages.

use crate::{
    client::{Session, mark_hydrated, provide_client},
    shared::paths,
    ui::{
        PasswordRule,
        components::dialog::DialogPlace,
        eager::eager,
        layout::{Banner, Footer, Header},
        pages::{Account, AdminKeys, AdminUser, AdminUsers, Home, NotFound, Problems, SignIn, SignUp, SignedOut},
        provide_ui,
    },
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    StaticSegment,
    components::{FlatRoutes, Route, Router},
    path,
};

const CSS: &str = "/pkg/counterfoil.css";
const JS: &str = "/pkg/counterfoil.js";
const WASM: &str = "/pkg/counterfoil.wasm";

/// Until the page is hydrated, keeps a submitted form back; afterwards submits it for real. Without this the browser
/// would post the form itself, which the server refuses, and what was typed would be lost.
const HOLD_SUBMITS: &str = "\
(() => {
  let held;
  addEventListener('submit', event => {
    if ('hydrated' in document.documentElement.dataset) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = event.target;
    held.dataset.held = '';
  }, true);
  addEventListener('counterfoil:hydrated', () => {
    if (!held) return;
    delete held.dataset.held;
    held.requestSubmit();
  }, { capture: true, once: true });
})();";

/// The complete HTML document.
///
/// The scripts are our own and not `HydrationScripts`, which writes the nonce into a readable attribute.
///
/// `nonce` is minted anew for every response; the content security policy names it too. `password_min_chars` is the
/// server's setting.
pub fn shell(nonce: String, password_min_chars: usize) -> impl IntoView {
    provide_context(PasswordRule(password_min_chars));
    let start = format!(
        "import('{JS}')\
         .then(counterfoil => counterfoil.default({{ module_or_path: '{WASM}' }}).then(() => counterfoil.hydrate()))\
         .catch(error => {{ document.documentElement.dataset.failed = ''; throw error; }});"
    );
    view! {
        <!DOCTYPE html>
        <html lang="en" data-password-min-chars=password_min_chars>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <script nonce=nonce.clone()>{HOLD_SUBMITS}</script>
                <link rel="stylesheet" href=CSS />
                <link
                    rel="preload"
                    href="/fonts/recursive-latin-mono.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="modulepreload" href=JS />
                <link rel="preload" href=WASM r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <MetaTags />
                <script r#type="module" nonce=nonce>
                    {start}
                </script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The root component: what both the server renders and the browser hydrates.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session = provide_client().session();
    provide_ui();
    // Effects run in the browser only, and this one after every event handler is in place.
    Effect::new(mark_hydrated);

    let state = move || match session.get() {
        Session::Restoring => "restoring",
        Session::SignedOut(_) => "signed-out",
        Session::SignedIn(_) => "signed-in",
    };
    view! {
        <Title formatter=|page: String| format!("{page} · Counterfoil") />
        <div class="app" data-session=state>
            <Router>
                <Header />
                <Banner />
                <main id="main" tabindex="-1">
                    <FlatRoutes fallback=eager(NotFound)>
                        <Route path=StaticSegment("") view=eager(Home) />
                        <Route path=StaticSegment(paths::SIGN_IN) view=eager(SignIn) />
                        <Route path=StaticSegment(paths::SIGN_UP) view=eager(SignUp) />
                        <Route path=StaticSegment(paths::SIGNED_OUT) view=eager(SignedOut) />
                        <Route path=StaticSegment(paths::ACCOUNT) view=eager(Account) />
                        <Route path=path!("/admin/keys") view=eager(AdminKeys) />
                        <Route path=path!("/admin/users") view=eager(AdminUsers) />
                        <Route path=path!("/admin/users/:id") view=eager(AdminUser) />
                        <Route path=StaticSegment(paths::PROBLEMS) view=eager(Problems) />
                    </FlatRoutes>
                </main>
                <Footer />
                <DialogPlace />
            </Router>
        </div>
    }
}
