//! Signing in.

use super::{form_title, go_on_when_signed_in, keep_query};
use crate::{
    client::{Session, use_client},
    shared::{EndReason, paths},
    ui::components::{
        credential_form::{CredentialForm, Purpose},
        error_summary::error_summary,
        heading::Heading,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/signin`
#[component]
pub fn SignIn() -> impl IntoView {
    go_on_when_signed_in();
    let mistakes = RwSignal::new(Vec::new());
    let session = use_client().session();
    // Whoever has just signed out knows why.
    let why = move || match session.get() {
        Session::SignedOut(Some(reason)) if reason != EndReason::SignedOut => Some(reason.sentence()),
        _ => None,
    };
    view! {
        <Title text=form_title("Sign in", mistakes) />
        <div class="desk">
            <div class="desk-top">
                <div role="status">{move || why().map(|why| view! { <p class="notice">{why}</p> })}</div>
                {error_summary(mistakes)}
            </div>
            <div class="card">
                <Heading text="Sign in" />
                <div class="tear"></div>
                <CredentialForm purpose=Purpose::SignIn mistakes />
                <p>"New here? " <a href=keep_query(paths::SIGN_UP)>"Create an account"</a></p>
            </div>
        </div>
    }
}
