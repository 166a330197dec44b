//! The account, for its owner.

use super::use_navigate_instead;
use crate::{
    client::{Client, Session, local_date, use_client},
    shared::{
        Problem, paths,
        wire::{Me, User},
    },
    ui::{
        clock,
        components::{
            busy_button::BusyButton,
            heading::Heading,
            sign_out::SignOutButton,
            ticket::{TicketView, Without},
        },
        eager::erase,
    },
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

const SIGN_IN_FIRST: &str = "/signin?next=/account";

/// `/account`
///
/// One structure for every state of the session: while it is being restored the lines are blank and as high as they will
/// be, so nothing moves when they are filled, and no sign-in form flashes up.
#[component]
pub fn Account() -> impl IntoView {
    let client = use_client();
    let session = client.session();
    let go = use_navigate_instead();
    // A session that ends under the page has its end explained; whoever comes signed out is asked to sign in.
    Effect::new(move |was_signed_in: Option<bool>| {
        match session.get() {
            Session::SignedOut(reason)
                if was_signed_in == Some(true) || (reason.is_some() && was_signed_in.is_some()) =>
            {
                go(paths::SIGNED_OUT);
            }
            Session::SignedOut(_) => go(SIGN_IN_FIRST),
            Session::SignedIn(_) => return true,
            Session::Restoring => {}
        }
        was_signed_in == Some(true)
    });

    let user = Memo::new(move |_| match session.get() {
        Session::SignedIn(user) => Some(user),
        _ => None,
    });
    let inquiry = Inquiry::new(client, user);
    // Once for every user who signs in while this page is open.
    Effect::new(move |_| {
        inquiry.forget();
        if user.with(Option::is_some) {
            inquiry.ask(false);
        }
    });
    let waiting = move || if user.with(Option::is_some) { "false" } else { "true" };
    view! {
        <Title text="Your account" />
        <div class="stack wide" aria-busy=waiting>
            <div class="stack">
                <Heading text="Your account" />
                <noscript class="notice">
                    "Your account needs JavaScript and WebAssembly: your access token is kept in the memory of this page."
                </noscript>
                <div class="columns">{profile(user, inquiry)} {this_session(inquiry)}</div>
            </div>
            {access_token(client, inquiry)}
        </div>
    }
}

fn profile(user: Memo<Option<User>>, inquiry: Inquiry) -> AnyView {
    erase(view! {
        <section class="card stack" aria-labelledby="profile">
            <h2 id="profile">"Profile"</h2>
            <dl class="facts">
                <dt>"Email"</dt>
                <dd class="pending one-line">{move || user.get().map(|user| user.email)}</dd>
                <dt>"Role"</dt>
                <dd class="pending">{move || user.get().map(|user| user.role.as_str())}</dd>
                <dt>"Member since"</dt>
                <dd class="pending">{inquiry.found(|me| local_date(me.created_at))}</dd>
            </dl>
        </section>
    })
}

fn this_session(inquiry: Inquiry) -> AnyView {
    erase(view! {
        <section class="card stack" aria-labelledby="session">
            <h2 id="session">"This session"</h2>
            <dl class="facts">
                <dt>"Session"</dt>
                <dd class="pending">
                    <code>{inquiry.found(|me| me.session_id.chars().take(8).collect())}</code>
                </dd>
                <dt>"Signed in"</dt>
                <dd class="pending">{inquiry.found(|me| local_date(me.signed_in_at))}</dd>
            </dl>
            <p class="ready">
                <SignOutButton text="Sign out of this browser" class="button plain" />
            </p>
        </section>
    })
}

fn access_token(client: Client, inquiry: Inquiry) -> AnyView {
    let caption = Signal::derive(move || {
        format!("Expires in {}. Before that it is renewed without you.", clock(client.seconds_left().get()))
    });
    let press = move |_| {
        if !inquiry.asking.get_untracked() {
            inquiry.ask(true);
        }
    };
    erase(view! {
        <section class="stack" aria-labelledby="token">
            <h2 id="token">"Your access token"</h2>
            <TicketView without=Without::Blank caption=caption />
            <p class="ready">
                <BusyButton
                    r#type="button"
                    class="button plain"
                    idle="Ask the server who I am"
                    doing="Asking…"
                    busy=inquiry.asking
                    held=false
                    press
                />
            </p>
            <p class="answer" role="status">
                {inquiry.answer}
            </p>
        </section>
    })
}

/// Asking the server who the caller is.
#[derive(Clone, Copy)]
struct Inquiry {
    client: Client,
    user: Memo<Option<User>>,
    me: RwSignal<Option<Me>>,
    asking: RwSignal<bool>,
    answer: RwSignal<String>,
}

impl Inquiry {
    fn new(client: Client, user: Memo<Option<User>>) -> Self {
        Self {
            client,
            user,
            me: RwSignal::new(None),
            asking: RwSignal::new(false),
            answer: RwSignal::new(String::new()),
        }
    }

    fn forget(self) {
        self.me.set(None);
        self.answer.set(String::new());
    }

    /// One fact of the answer, once there is one.
    fn found(self, of: fn(&Me) -> String) -> impl Fn() -> Option<String> {
        move || self.me.with(|me| me.as_ref().map(of))
    }

    fn ask(self, aloud: bool) {
        self.asking.set(true);
        spawn_local(async move {
            let outcome = self.client.me().await;
            // By now the page may be gone, and its signals with it, or somebody else may be signed in.
            self.asking.try_set(false);
            let asker = self.user.try_get_untracked().flatten();
            if let Ok(me) = &outcome
                && asker.is_none_or(|user| user.id != me.id)
            {
                return;
            }
            if aloud {
                self.answer.try_set(sentence(&outcome));
            }
            if let Ok(me) = outcome {
                self.me.try_set(Some(me));
            }
        });
    }
}

fn sentence(outcome: &Result<Me, Problem>) -> String {
    match outcome {
        Ok(me) => format!("The server says: {}, role {}.", me.email, me.role),
        Err(problem) => format!("The server did not say: {}. {}", problem.title, problem.detail),
    }
}
