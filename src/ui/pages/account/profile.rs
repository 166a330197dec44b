//! Who somebody is, and since when they are here.

use super::{Page, part_heading};
use crate::{
    client::local_date,
    ui::{components::sign_out::SignOutButton, eager::erase},
};
use leptos::prelude::*;

pub const ID: &str = "profile";

/// The account.
pub fn profile(page: Page) -> AnyView {
    let Page { user, me, .. } = page;
    erase(view! {
        <section class="card stack" aria-labelledby=ID>
            {part_heading(ID, "Profile")}
            <dl class="facts">
                <dt>"Email"</dt>
                <dd class="pending one-line">{move || user.get().map(|user| user.email)}</dd>
                <dt>"Role"</dt>
                <dd class="pending">{move || user.get().map(|user| user.role.as_str())}</dd>
                <dt>"Member since"</dt>
                <dd class="pending">{me.found(|me| local_date(me.created_at))}</dd>
            </dl>
        </section>
    })
}

/// The session of this browser.
pub fn this_session(page: Page) -> AnyView {
    let Page { me, .. } = page;
    erase(view! {
        <section class="card stack" aria-labelledby="session">
            <h2 id="session">"This session"</h2>
            <dl class="facts">
                <dt>"Session"</dt>
                <dd class="pending">
                    <code>{me.found(|me| me.session_id.chars().take(8).collect::<String>())}</code>
                </dd>
                <dt>"Signed in"</dt>
                <dd class="pending">{me.found(|me| local_date(me.signed_in_at))}</dd>
            </dl>
            <p class="ready">
                <SignOutButton text="Sign out of this browser" class="button plain" />
            </p>
        </section>
    })
}
