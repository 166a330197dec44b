//! Security events, newest first.

use super::moment::at;
use crate::{
    shared::{EventKind, wire::Event},
    ui::eager::late,
};
use leptos::prelude::*;

/// The list.
pub fn event_list(events: &[Event]) -> AnyView {
    if events.is_empty() {
        return late(view! { <p class="muted">"Nothing has happened yet."</p> });
    }
    let rows: Vec<AnyView> = events.iter().map(row).collect();
    late(view! { <ol class="rows">{rows}</ol> })
}

fn row(event: &Event) -> AnyView {
    let meaning = meaning(event.kind);
    let by = if event.by_admin { ", by an administrator" } else { "" };
    let detail = if event.detail.is_empty() { String::new() } else { format!(": {}", event.detail) };
    let account = event.account_id.as_ref().map(|id| format!("account {id}")).unwrap_or_default();
    let from: Vec<&str> =
        [&*account, &event.device, &event.network].into_iter().filter(|part| !part.is_empty()).collect();
    let from = from.join(" · ");
    late(view! {
        <li class="row" class:marked=meaning.is_some()>
            <div class="row-text">
                <h3>{meaning.map(|_| warning())} {event.kind.sentence()} {detail} {by}</h3>
                <p class="muted">{at(event.at)} {(!from.is_empty()).then(|| format!(" · {from}"))}</p>
                {meaning
                    .map(|meaning| {
                        view! {
                            <details>
                                <summary>"What does this mean?"</summary>
                                <p>{meaning}</p>
                            </details>
                        }
                    })}
            </div>
        </li>
    })
}

fn warning() -> AnyView {
    late(view! {
        <svg class="mark" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
            <path fill-rule="evenodd" d="M8 1 15.5 15H.5zM7 6v4h2V6zm0 5v2h2v-2z" />
        </svg>
        "Warning: "
    })
}

/// What an event that somebody should look at means, and what to do about it.
fn meaning(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::RefreshTokenReused => Some(
            "Every refresh token is good for one use. One that had been used was presented again, so two parties held \
             it: you and perhaps a thief. Nobody can tell which of them came second, so the session was ended for both. \
             If you do not know why it happened, change your password.",
        ),
        EventKind::FailedSignIns => Some(
            "Somebody tried several wrong passwords for your account. If that was not you, nothing is lost: they did \
             not get in. A password that you use nowhere else keeps it that way.",
        ),
        EventKind::Locked => Some(
            "After several wrong passwords in a row, sign-in from devices that have not signed in before stops for a \
             while, so that a password cannot be guessed. Your own devices are not affected, and no session was ended.",
        ),
        _ => None,
    }
}
