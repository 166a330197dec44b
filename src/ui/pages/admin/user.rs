//! One account.

use super::{frame, is_admin, users::status};
use crate::{
    api,
    client::{focus, local_date},
    shared::{
        Role, paths,
        wire::{Done, UserDetails},
    },
    ui::{
        components::{
            asked::Asked,
            change::{Change, Order},
            dialog::Question,
            event_list::event_list,
            moment::ago,
            session_list::session_list,
        },
        eager::{erase, late},
        pages::signed_in_user,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::future::ready;

const ACTIONS: &str = "actions";

/// `/admin/users/{id}`
#[component]
pub fn AdminUser() -> impl IntoView {
    let user = signed_in_user();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let page = Page {
        id,
        details: Asked::new(move || Box::pin(api::admin::user(id.get_untracked()))),
        change: Change::idle(),
        role: RwSignal::new(None),
        gone: RwSignal::new(false),
    };
    Effect::new(move |_| {
        id.track();
        page.details.forget();
        page.role.set(None);
        page.gone.set(false);
        if is_admin(user) {
            page.details.ask();
        }
    });
    let there = move || page.details.is_there();
    let body = erase(view! {
        <div class="stack wide">
            <p>
                <a href=paths::ADMIN_USERS>"All accounts"</a>
            </p>
            <p role="status">{move || page.gone.get().then_some("The account was deleted.")}</p>
            <div hidden=move || !there()>
                <div class="stack wide">
                    <div class="columns">{facts(page)} {actions(page)}</div>
                </div>
            </div>
            <div hidden=page.gone>{page.details.view(4, history)}</div>
        </div>
    });
    view! {
        <Title text="Account" />
        {frame("Account", user, body)}
    }
}

#[derive(Clone, Copy)]
struct Page {
    id: Memo<String>,
    details: Asked<UserDetails>,
    change: Change,
    /// What was chosen and not saved yet.
    role: RwSignal<Option<Role>>,
    gone: RwSignal<bool>,
}

impl Page {
    fn email(self) -> String {
        self.details.with_untracked(|details| details.user.email.clone()).unwrap_or_default()
    }

    fn present_role(self) -> Option<Role> {
        self.details.with(|details| details.user.role)
    }

    /// Shows what has become of the account.
    fn changed(self) {
        self.role.set(None);
        self.details.ask();
    }
}

fn facts(page: Page) -> AnyView {
    let Page { details, .. } = page;
    erase(view! {
        <section class="card stack" aria-labelledby="facts">
            <h2 id="facts">"Facts"</h2>
            <dl class="facts">
                <dt>"Email"</dt>
                <dd>{details.found(|found| found.user.email.clone())}</dd>
                <dt>"Role"</dt>
                <dd>{details.found(|found| found.user.role.as_str())}</dd>
                <dt>"Status"</dt>
                <dd>{details.found(|found| status(&found.user))}</dd>
                <dt>"Live sessions"</dt>
                <dd>{details.found(|found| found.user.sessions)}</dd>
                <dt>"Last seen"</dt>
                <dd>{details.found(|found| found.user.last_seen_at.map_or_else(|| "never".into_any(), ago))}</dd>
                <dt>"Member since"</dt>
                <dd>{details.found(|found| local_date(found.user.created_at))}</dd>
            </dl>
        </section>
    })
}

fn actions(page: Page) -> AnyView {
    let radio = move |role: Role| {
        view! {
            <label class="choice">
                <input
                    r#type="radio"
                    name="role"
                    value=role.as_str()
                    prop:checked=move || page.role.get().or(page.present_role()) == Some(role)
                    on:change=move |_| page.role.set(Some(role))
                />
                {role.as_str()}
            </label>
        }
    };
    erase(view! {
        <section class="card stack" aria-labelledby=ACTIONS>
            <h2 id=ACTIONS tabindex="-1">
                "Actions"
            </h2>
            <fieldset class="choices">
                <legend>"Role"</legend>
                {radio(Role::User)}
                {radio(Role::Admin)}
            </fieldset>
            <p class="buttons">{save_role(page)} {unlock(page)} {revoke(page)} {delete(page)}</p>
            {page.change.view()}
        </section>
    })
}

fn save_role(page: Page) -> AnyView {
    let order = move || {
        let present = page.present_role();
        let id = page.id.get_untracked();
        match page.role.get_untracked().filter(|chosen| Some(*chosen) != present) {
            None => Order {
                question: None,
                call: Box::new(|| Box::pin(ready(Ok(Done {})))),
                success: "That is the role already.",
                then: Box::new(|| ()),
            },
            Some(role) => Order {
                question: None,
                call: Box::new(move || Box::pin(api::admin::set_role(id.clone(), role))),
                success: "Role saved. The sessions of the account have ended.",
                then: Box::new(move || page.changed()),
            },
        }
    };
    page.change.button("button plain", "Save role".to_owned(), "Saving…", Box::new(order))
}

/// There while there is a lock to lift.
fn unlock(page: Page) -> impl Fn() -> Option<AnyView> {
    let order = move || {
        let id = page.id.get_untracked();
        Order {
            question: None,
            call: Box::new(move || Box::pin(api::admin::unlock(id.clone()))),
            success: "The lock was lifted.",
            then: Box::new(move || {
                // The button that had the focus goes with the lock.
                focus(ACTIONS);
                page.changed();
            }),
        }
    };
    let locked = page.details.found(|found| found.user.locked_until.is_some());
    move || {
        (locked() == Some(true))
            .then(|| page.change.button("button plain", "Lift the lock".to_owned(), "Lifting…", Box::new(order)))
    }
}

fn revoke(page: Page) -> AnyView {
    let order = move || {
        let id = page.id.get_untracked();
        Order {
            question: None,
            call: Box::new(move || Box::pin(api::admin::revoke_user_sessions(id.clone()))),
            success: "Signed out everywhere.",
            then: Box::new(move || page.changed()),
        }
    };
    page.change.button("button plain", "Sign out everywhere".to_owned(), "Signing out…", Box::new(order))
}

fn delete(page: Page) -> AnyView {
    let order = move || {
        let (id, email) = (page.id.get_untracked(), page.email());
        Order {
            question: Some(Question {
                title: format!("Delete {email}?"),
                text: "The email address, the password, the sessions and the security events are deleted. \
                       This cannot be undone.",
                yes: format!("Delete {email}"),
            }),
            call: Box::new(move || Box::pin(api::admin::delete_user(id.clone()))),
            success: "",
            then: Box::new(move || {
                page.details.forget();
                page.gone.set(true);
                focus("title");
            }),
        }
    };
    page.change.button("button danger", "Delete account".to_owned(), "Deleting…", Box::new(order))
}

fn history(details: &UserDetails) -> AnyView {
    late(view! {
        <div class="stack wide">
            <section class="stack" aria-labelledby="sessions">
                <h2 id="sessions">"Sessions"</h2>
                {session_list(&details.sessions, &|_, _| ().into_any())}
            </section>
            <section class="stack" aria-labelledby="events">
                <h2 id="events">"Security events"</h2>
                {event_list(&details.events)}
            </section>
        </div>
    })
}
