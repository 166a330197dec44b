//! The account, for its owner.

mod deletion;
mod devices;
mod events;
mod password;
mod profile;
mod token;

use super::{form_title, signed_in_user};
use crate::{
    api,
    client::{focus, use_client},
    shared::wire::{EventList, Me, SessionList, User},
    ui::{
        components::{asked::Asked, heading::Heading, step_up::StepUp},
        eager::erase,
    },
};
use leptos::{ev::MouseEvent, prelude::*};
use leptos_meta::Title;

/// `/account`
///
/// One structure for every state of the session: while it is being restored the lines are blank and as high as they will
/// be, so nothing moves when they are filled, and no sign-in form flashes up.
#[component]
pub fn Account() -> impl IntoView {
    let page = Page::new(signed_in_user());
    let token = token::Token::new(page);
    let mistakes = RwSignal::new(Vec::new());
    let step_up = StepUp::shared();
    let until = page.me.found(|me| me.step_up_until);
    Effect::new(move || step_up.counts_until(until().unwrap_or_default()));
    // Once for every user who signs in while this page is open.
    Effect::new(move |_| {
        page.forget();
        token.forget();
        if page.user.with(Option::is_some) {
            page.ask();
        }
    });
    let waiting = move || if page.user.with(Option::is_some) { "false" } else { "true" };
    view! {
        <Title text=form_title("Your account", mistakes) />
        <div class="stack wide" aria-busy=waiting>
            <div class="stack">
                <Heading text="Your account" />
                <noscript class="notice">
                    "Your account needs JavaScript and WebAssembly: your access token is kept in the memory of this page."
                </noscript>
                {contents(step_up)} <div class="columns">{profile::profile(page)} {profile::this_session(page)}</div>
            </div>
            {token.view()} {devices::devices(page)} {events::events(page)} {password::password(page, mistakes)}
            {deletion::deletion()}
        </div>
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    user: Memo<Option<User>>,
    me: Asked<Me>,
    sessions: Asked<SessionList>,
    events: Asked<EventList>,
}

impl Page {
    fn new(user: Memo<Option<User>>) -> Self {
        let client = use_client();
        Self {
            user,
            me: Asked::new(move || Box::pin(client.me())),
            sessions: Asked::new(|| Box::pin(api::sessions())),
            events: Asked::new(|| Box::pin(api::events())),
        }
    }

    /// Asks for everything, at first and after each change.
    fn ask(self) {
        self.me.ask();
        self.sessions.ask();
        self.events.ask();
    }

    fn forget(self) {
        self.me.forget();
        self.sessions.forget();
        self.events.forget();
    }
}

/// Links to the parts of the page, and until when a step-up counts.
fn contents(step_up: StepUp) -> AnyView {
    let links = [
        (profile::ID, "Profile"),
        (devices::ID, "Sessions"),
        (events::ID, "Security events"),
        (password::ID, "Password"),
        (deletion::ID, "Delete account"),
    ];
    let links = links.map(|(id, text)| {
        // The router would only scroll to it.
        let go = move |event: MouseEvent| {
            event.prevent_default();
            focus(id);
        };
        view! {
            <a href=format!("#{id}") on:click=go>
                {text}
            </a>
        }
    });
    erase(view! {
        <div class="contents">
            <nav aria-label="On this page">{links.into_iter().collect_view()}</nav>
            {step_up.view()}
        </div>
    })
}

/// The heading of a part, which can be gone to.
fn part_heading(id: &'static str, text: &'static str) -> AnyView {
    erase(view! {
        <h2 id=id tabindex="-1">
            {text}
        </h2>
    })
}
