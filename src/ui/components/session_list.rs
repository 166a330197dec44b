//! The sessions of an account: the devices that are signed in, and those that were.

use super::moment::{ago, at};
use crate::{client::unix_time, shared::wire::SessionSummary, ui::eager::late};
use leptos::prelude::*;

/// A device that has not been seen for as long, in seconds, is folded away.
const STALE: i64 = 30 * 24 * 3_600;

/// The list. `action` gives what can be done about a live session, which goes by a name of its own.
pub fn session_list(sessions: &[SessionSummary], action: &dyn Fn(&SessionSummary, &str) -> AnyView) -> AnyView {
    let stale_before = unix_time() - STALE;
    let live = |session: &SessionSummary| session.ended_at.is_none();
    let stale = |session: &SessionSummary| !session.current && session.last_seen_at < stale_before;
    let names = names(sessions);
    let rows = |wanted: &dyn Fn(&SessionSummary) -> bool| -> Vec<AnyView> {
        let found = sessions.iter().zip(&names).filter(|(session, _)| wanted(session));
        found.map(|(session, name)| row(session, name, action)).collect()
    };
    late(view! {
        <ul class="rows">{rows(&|session| live(session) && !stale(session))}</ul>
        {fold("Not seen for more than 30 days", rows(&|session| live(session) && stale(session)))}
        {fold("Ended sessions", rows(&|session| !live(session)))}
    })
}

fn fold(summary: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    let count = rows.len();
    (count > 0).then(|| {
        late(view! {
            <details class="fold">
                <summary>{summary} " (" {count} ")"</summary>
                <ul class="rows">{rows}</ul>
            </details>
        })
    })
}

fn row(session: &SessionSummary, name: &str, action: &dyn Fn(&SessionSummary, &str) -> AnyView) -> AnyView {
    let network = (!session.network.is_empty()).then(|| format!(" · {}", session.network));
    let end = session.ended_at.zip(session.end_reason);
    let seen = match (end, session.current) {
        (Some((_, reason)), _) => reason.sentence().into_any(),
        (None, true) => "Active now".into_any(),
        (None, false) => view! { "Last seen " {ago(session.last_seen_at)} }.into_any(),
    };
    late(view! {
        <li class="row">
            <div class="row-text">
                <h3>
                    {name.to_owned()} {session.current.then(|| view! { " " <span class="chip">"This device"</span> })}
                </h3>
                <p>{seen}</p>
                <p class="muted">
                    "Signed in " {at(session.signed_in_at)} {end.map(|(ended_at, _)| view! { ", ended " {at(ended_at)} })}
                    {network}
                </p>
            </div>
            {(end.is_none() && !session.current).then(|| action(session, name))}
        </li>
    })
}

/// A name for each session. Of live ones on devices with the same name, all but the first that signed in have a number.
fn names(sessions: &[SessionSummary]) -> Vec<String> {
    fn key(session: &SessionSummary) -> (i64, &str) {
        (session.signed_in_at, &session.id)
    }
    let name = |session: &SessionSummary| {
        let before = |other: &&SessionSummary| {
            other.ended_at.is_none() && other.name == session.name && key(other) < key(session)
        };
        match sessions.iter().filter(before).count() {
            earlier @ 1.. if session.ended_at.is_none() => format!("{} ({})", session.name, earlier + 1),
            _ => session.name.clone(),
        }
    };
    sessions.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::shared::{EndReason, wire::SessionSummary};

    fn session(id: &str, name: &str, signed_in_at: i64) -> SessionSummary {
        SessionSummary {
            id: id.to_owned(),
            name: name.to_owned(),
            current: false,
            network: String::new(),
            signed_in_at,
            last_seen_at: signed_in_at,
            ended_at: None,
            end_reason: None,
        }
    }

    #[test]
    fn no_two_live_sessions_have_the_same_name() {
        let sessions = [
            session("a", "Firefox on Linux", 30),
            session("b", "Edge on Windows", 20),
            session("c", "Firefox on Linux", 10),
            session("d", "Firefox on Linux", 20),
        ];
        let expected = ["Firefox on Linux (3)", "Edge on Windows", "Firefox on Linux", "Firefox on Linux (2)"];
        assert_eq!(names(&sessions), expected);
    }

    #[test]
    fn sessions_that_ended_take_no_number() {
        let mut ended = session("a", "Firefox on Linux", 10);
        ended.ended_at = Some(15);
        ended.end_reason = Some(EndReason::SignedOut);
        assert_eq!(names(&[session("b", "Firefox on Linux", 20), ended]), ["Firefox on Linux"; 2]);
    }
}
