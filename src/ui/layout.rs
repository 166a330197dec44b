//! What surrounds every page.

use super::{
    components::sign_out::{SignOut, SignOutButton},
    eager::late,
};
use crate::{
    client::{Session, focus, use_client},
    shared::{Role, paths, wire::User},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Skip link, wordmark, navigation, and who is signed in.
#[component]
pub fn Header() -> impl IntoView {
    let session = use_client().session();
    let user = move || match session.get() {
        Session::SignedIn(user) => Some(user),
        _ => None,
    };
    let signed_out = move || matches!(session.get(), Session::SignedOut(_));
    // The router would only scroll; a skip link has to move the focus.
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus("main");
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            "Skip to content"
        </a>
        <header class="site-header">
            <a class="wordmark" href="/">
                <svg viewBox="0 0 32 32" width="28" height="28" fill="currentColor" aria-hidden="true">
                    <path
                        fill-rule="evenodd"
                        d="M4 6h15a3 3 0 0 0 6 0h3a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2h-3a3 3 0 0 0-6 0H4a2 2 0 0 1-2-2V8\
                        a2 2 0 0 1 2-2zm17 5v2h2v-2zm0 4v2h2v-2zm0 4v2h2v-2z"
                    />
                </svg>
                "Counterfoil"
            </a>
            <nav class="site-nav" aria-label="Main">
                {nav_link("/", "Home")}
                <a href=paths::LAB rel="external">
                    "Lab"
                </a>
                {nav_link(paths::ACCOUNT, "Account")}
            </nav>
            <div class="who">
                {move || {
                    signed_out()
                        .then(|| {
                            late(view! {
                                <a class="button plain small" href=paths::SIGN_IN>
                                    "Sign in"
                                </a>
                                <a class="button small" href=paths::SIGN_UP>
                                    "Sign up"
                                </a>
                            })
                        })
                }}
                {move || {
                    user()
                        .map(|User { email, role, .. }| {
                            late(view! {
                                {(role == Role::Admin).then(|| nav_link(paths::ADMIN_USERS, "Admin"))}
                                <span class="who-email">{email}</span>
                                <SignOutButton text="Sign out" class="button plain small" />
                            })
                        })
                }}
            </div>
        </header>
    }
}

fn nav_link(href: &'static str, text: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <a href=href aria-current=move || (path.get() == href).then_some("page")>
            {text}
        </a>
    }
}

/// What holds for the whole site: it did not start, the server is out of reach, a sign-out did not work.
#[component]
pub fn Banner() -> impl IntoView {
    let client = use_client();
    let refusal = SignOut::shared().refusal();
    let offline = move || {
        (!client.reachable().get()).then(|| match client.session().get() {
            Session::SignedIn(_) => {
                "You are offline or the server cannot be reached. You are still signed in; we keep trying."
            }
            _ => "You are offline or the server cannot be reached. We keep trying.",
        })
    };
    view! {
        <div class="bar">
            <p class="not-started failed" role="alert">
                "This page could not start, so signing in does not work. Reload it; if that does not help, use a browser \
                that runs WebAssembly."
            </p>
            <div role="status">{move || offline().map(|text| view! { <p>{text}</p> })}</div>
            <div role="alert">{move || refusal.get().map(|text| view! { <p class="failed">{text}</p> })}</div>
        </div>
    }
}

/// Where to read more.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <a href=paths::PROBLEMS>"Error codes"</a>
            <a href=paths::API_DOCS rel="external">
                "The calls"
            </a>
            <a href="/.well-known/jwks.json" rel="external">
                "Public keys"
            </a>
            <span>"MIT licence"</span>
        </footer>
    }
}
