//! Making an account.

use super::{form_title, go_on_when_signed_in, keep_query};
use crate::{
    shared::paths,
    ui::components::{
        credential_form::{CredentialForm, Purpose},
        error_summary::error_summary,
        heading::Heading,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/signup`
#[component]
pub fn SignUp() -> impl IntoView {
    go_on_when_signed_in();
    let mistakes = RwSignal::new(Vec::new());
    view! {
        <Title text=form_title("Create account", mistakes) />
        <div class="desk">
            <div class="desk-top">{error_summary(mistakes)}</div>
            <div class="card">
                <Heading text="Create account" />
                <div class="tear"></div>
                <CredentialForm purpose=Purpose::SignUp mistakes />
                <p>"You have an account? " <a href=keep_query(paths::SIGN_IN)>"Sign in to it"</a></p>
            </div>
        </div>
    }
}
