//! Administration. What is said here about roles is a courtesy: the server decides.

mod keys;
mod table;
mod user;
mod users;

pub use keys::AdminKeys;
pub use user::AdminUser;
pub use users::AdminUsers;

use crate::{
    client::use_client,
    shared::{Role, paths, wire::User},
    ui::{
        components::{heading::Heading, step_up::StepUp},
        eager::erase,
    },
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

/// What surrounds every page of administration. Whoever may not use it is told so instead of `body`.
fn frame(heading: &'static str, user: Memo<Option<User>>, body: AnyView) -> AnyView {
    let step_up = StepUp::shared();
    let client = use_client();
    Effect::new(move |_| {
        step_up.counts_until(0);
        if is_admin(user) {
            spawn_local(async move {
                if let Ok(me) = client.me().await {
                    step_up.counts_until(me.step_up_until);
                }
            });
        }
    });
    let waiting = move || if user.with(Option::is_some) { "false" } else { "true" };
    let barred = move || user.with(Option::is_some) && !is_admin(user);
    erase(view! {
        <div class="stack" aria-busy=waiting>
            <Heading text=heading />
            <div class="contents">
                <nav aria-label="Administration">{tab(paths::ADMIN_USERS, "Accounts")} {tab(paths::ADMIN_KEYS, "Keys")}</nav>
                {step_up.view()}
            </div>
            <noscript class="notice">
                "Administration needs JavaScript and WebAssembly: your access token is kept in the memory of this page."
            </noscript>
            {move || {
                barred()
                    .then(|| {
                        view! {
                            <p class="notice">
                                "This page is for administrators, and your role is user. Ask an administrator."
                            </p>
                        }
                    })
            }}
            <div hidden=barred>{body}</div>
        </div>
    })
}

fn tab(href: &'static str, text: &'static str) -> AnyView {
    let path = use_location().pathname;
    erase(view! {
        <a href=href aria-current=move || (path.get() == href).then_some("page")>
            {text}
        </a>
    })
}

fn is_admin(user: Memo<Option<User>>) -> bool {
    user.with(|user| user.as_ref().is_some_and(|user| user.role == Role::Admin))
}
