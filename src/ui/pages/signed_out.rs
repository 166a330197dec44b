//! The end of a session, and why.

use super::use_navigate_instead;
use crate::{
    client::{Session, use_client},
    shared::{EndReason, paths},
    ui::components::heading::Heading,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/signed-out`
#[component]
pub fn SignedOut() -> impl IntoView {
    let session = use_client().session();
    let go = use_navigate_instead();
    Effect::new(move |_| {
        if matches!(session.get(), Session::SignedIn(_)) {
            go(paths::ACCOUNT);
        }
    });
    let why = move || match session.get() {
        Session::SignedOut(Some(reason)) => reason.sentence(),
        Session::SignedOut(None) => "Nobody is signed in to this browser.",
        Session::Restoring | Session::SignedIn(_) => "\u{a0}",
    };
    let next = move || match session.get() {
        Session::SignedOut(Some(EndReason::AccountDeleted)) => (paths::SIGN_UP, "Create another account"),
        _ => (paths::SIGN_IN, "Sign in again"),
    };
    view! {
        <Title text="Signed out" />
        <div class="stack">
            <Heading text="Signed out" />
            <div class="torn" aria-hidden="true">
                <span></span>
                <span></span>
                <span></span>
            </div>
            <p class="lead why">{why}</p>
            <p>
                <a class="button" href=move || next().0>
                    {move || next().1}
                </a>
            </p>
        </div>
    }
}
