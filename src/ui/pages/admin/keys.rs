//! The keys that sign access tokens.

use super::{frame, is_admin, table::table};
use crate::{
    api,
    client::local_date,
    shared::wire::{KeyState, SigningKey},
    ui::{
        components::{asked::Asked, event_list::event_list, moment::at},
        eager::{erase, late},
        pages::signed_in_user,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

const COLUMNS: [&str; 6] = ["Key", "Algorithm", "State", "Published", "Signs from", "Signs until"];

/// `/admin/keys`
#[component]
pub fn AdminKeys() -> impl IntoView {
    let user = signed_in_user();
    let keys = Asked::new(|| Box::pin(api::signing_keys()));
    let events = Asked::new(|| Box::pin(api::admin::site_events()));
    Effect::new(move |_| {
        keys.forget();
        events.forget();
        if is_admin(user) {
            keys.ask();
            events.ask();
        }
    });
    let body = erase(view! {
        <div class="stack wide">
            <section class="stack" aria-labelledby="keys">
                <h2 id="keys">"Signing keys"</h2>
                <p class="muted">
                    "A new key is published before it signs, so that whoever verifies tokens has it in time. The old one goes \
                    on verifying until its last token has ended. Nobody is signed out by a change of keys. Keys are rotated on \
                    the command line of the server: " <code>"counterfoil keys rotate"</code> "."
                </p>
                {keys.view(2, |list| schedule(&list.keys))}
            </section>
            <section class="stack" aria-labelledby="events">
                <h2 id="events">"Events of the site"</h2>
                {events.view(1, |list| event_list(&list.events))}
            </section>
        </div>
    });
    view! {
        <Title text="Keys" />
        {frame("Keys", user, body)}
    }
}

fn schedule(keys: &[SigningKey]) -> AnyView {
    let caption = "In the order in which they sign".to_owned();
    table("keys-caption", caption, &COLUMNS, keys.iter().map(row).collect())
}

fn row(key: &SigningKey) -> AnyView {
    let moment = |moment: Option<i64>| moment.map_or_else(|| "–".into_any(), at);
    late(view! {
        <tr>
            <th scope="row">
                <code>{key.kid.clone()}</code>
            </th>
            <td>{key.algorithm.clone()}</td>
            <td>
                <strong>{key.state.as_str()}</strong>
                ": "
                {meaning(key)}
            </td>
            <td>{moment(key.published_at)}</td>
            <td>{moment(key.current_from)}</td>
            <td>{moment(key.retired_at)}</td>
        </tr>
    })
}

/// What its state means for those who verify tokens.
fn meaning(key: &SigningKey) -> String {
    match (key.state, key.ends_at) {
        (KeyState::Next, _) => "others can fetch it, and it signs nothing yet".to_owned(),
        (KeyState::Current, _) => "signs every new token".to_owned(),
        (KeyState::Retired, None) => "signs nothing more, and verifies what it has signed".to_owned(),
        (KeyState::Retired, Some(end)) => {
            format!("signs nothing more, and verifies until its last token has ended, {}", local_date(end))
        }
    }
}
