//! `/lab/patterns`: six patterns, each with its source, a run and a way to break it.

use super::{
    Surroundings,
    excerpt::excerpt,
    parts::{live, opening, section},
};
use leptos::prelude::*;

/// One pattern.
pub struct Pattern {
    /// Its name in addresses.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    idea: &'static str,
    insight: &'static str,
    /// The file, what is in it, and the region that is shown.
    pub source: (&'static str, &'static str, &'static str),
    /// The test that proves it: the file and the function.
    pub proof: (&'static str, &'static str),
    run: &'static str,
    breaking: (&'static str, &'static str),
}

/// Every pattern, in the order in which they build on each other.
pub const PATTERNS: [Pattern; 6] = [
    Pattern {
        id: "sign",
        title: "Sign",
        idea: "After the password was checked once, the server writes down whom it met and until when that holds, and signs \
               it. From then on the ticket speaks for itself.",
        insight: "Put in only what a verifier needs: ids, a role and times; every bearer can read the rest.",
        source: ("src/server/auth/access_token.rs", include_str!("../auth/access_token.rs"), "sign"),
        proof: ("src/tests/lab_pages/forgeries.rs", "a_token_of_the_playground_passes_every_line"),
        run: "A sign-in gives a token of three parts; its payload names an account, a session, a role and an end 15 minutes \
              away.",
        breaking: (
            "Change one claim",
            "The payload says admin now, the signature still says user: refused at the signature.",
        ),
    },
    Pattern {
        id: "verify",
        title: "Verify",
        idea: "Every call brings the token, and a fixed list of questions is asked about it. The algorithm comes from the key \
               that the server holds, never from the token.",
        insight: "A verifier does not ask whether a token is good, but whether it is one that we could have made for this.",
        source: ("src/server/auth/access_token.rs", include_str!("../auth/access_token.rs"), "verify"),
        proof: ("src/tests/lab_pages/forgeries.rs", "each_forgery_is_refused_at_its_own_line"),
        run: "A fresh token passes all twelve lines.",
        breaking: ("Let the token choose", "alg: none and HS256 with the public key are both refused at alg."),
    },
    Pattern {
        id: "pair",
        title: "Access and refresh",
        idea: "A short token for every call and a long one for a single purpose. The short one can be checked without asking \
               anybody; the long one is looked up each time, so it can be stopped.",
        insight: "Short life bounds a theft that nobody noticed; the refresh is the moment at which the server can say no.",
        source: ("src/server/auth/sessions.rs", include_str!("../auth/sessions.rs"), "pair"),
        proof: ("src/tests/lab_pages/visits.rs", "a_visitor_waits_alone_and_not_for_ever"),
        run: "The access token works, sixteen minutes later it is refused as expired, and a refresh gives one that works.",
        breaking: (
            "Never refresh",
            "After 31 minutes without a refresh the session itself has run out: 401 session_expired.",
        ),
    },
    Pattern {
        id: "rotation",
        title: "Rotation with reuse detection",
        idea: "A refresh token is replaced with every use, and only the hash of the last is kept. One that was replaced and \
               comes back late was copied, so its whole session ends.",
        insight: "A thief and the owner cannot both go on: whoever comes second gives the copy away.",
        source: ("src/server/auth/rotation.rs", include_str!("../auth/rotation.rs"), "rotation"),
        proof: ("src/tests/lab_pages/visits.rs", "a_replay_after_the_grace_period_ends_the_session"),
        run: "R0 becomes R1, and asked again at once R0 gives the very same R1: no false alarm for a second tab.",
        breaking: ("Replay an old one", "Eleven seconds later R0 is reuse: the session ends, and R1 is refused too."),
    },
    Pattern {
        id: "denylist",
        title: "Denylist",
        idea: "A signature cannot be taken back, so a signed-out token would work until it expires. The server keeps a list of \
               tokens and sessions to refuse, each for no longer than its token would have lived.",
        insight: "The list stays small because tokens are short-lived: it holds sign-outs of the last quarter of an hour.",
        source: ("src/server/auth/denylist.rs", include_str!("../auth/denylist.rs"), "denylist"),
        proof: ("src/tests/lab_pages/forgeries.rs", "the_lines_that_no_forgery_stops_at_are_form_and_denylist"),
        run: "A token works, its session signs out, and the same token is refused at the last line: token_revoked.",
        breaking: (
            "Sign out one of two",
            "A second session of the same account goes on: the denial names one session.",
        ),
    },
    Pattern {
        id: "guard",
        title: "Role guard",
        idea: "Who somebody is and what they may do are two questions with two answers: 401 sends them to sign in, 403 does \
               not. The role in a token is a hint of the past, so the store is asked before anything that matters.",
        insight: "401 means: I do not know you. 403 means: I know you, and no.",
        source: ("src/server/auth/role_guard.rs", include_str!("../auth/role_guard.rs"), "guard"),
        proof: ("src/tests/lab_pages/visits.rs", "the_guard_lets_administrators_through_and_nobody_else"),
        run: "An administrator passes; a user with a perfectly good token gets 403 forbidden.",
        breaking: ("Promote yourself", "role: admin in an edited payload is not even a role: 401 at the signature."),
    },
];

/// The page of all patterns.
pub fn view(_: &Surroundings) -> AnyView {
    let rows = PATTERNS.iter().map(|pattern| {
        view! {
            <li class="row">
                <div class="row-text">
                    <h3>
                        <a href=path(pattern)>{pattern.title}</a>
                    </h3>
                    <p>{pattern.idea}</p>
                </div>
                <p hidden data-opened=pattern.id>
                    <span class="chip">"Not opened"</span>
                </p>
            </li>
        }
    });
    view! {
        {opening(
            "Six patterns",
            "What a sign-in with tokens is made of. Each page has the idea, a run against this server, the very source that \
            runs, and a way to break it.",
            "Each pattern closes what the one before it leaves open.",
        )}
        {section("patterns", "From the first to the last", view! { <ol class="rows">{rows.collect_view()}</ol> })}
    }
    .into_any()
}

/// The page of one pattern.
pub fn one(pattern: &'static Pattern) -> AnyView {
    let (file, source, region) = pattern.source;
    let (test_file, test) = pattern.proof;
    let source = view! {
        <p>
            "From "
            <code>{file}</code>
            ", as it was compiled into the server that sent you this page."
        </p>
        <pre class="sample excerpt" tabindex="0" role="region" aria-label=format!("Source of {file}")>
            <code>{excerpt(source, region)}</code>
        </pre>
        <p>
            "Proved by "
            <code>{test}</code>
            " in "
            <code>{test_file}</code>
            "."
        </p>
    };
    let bench = view! {
        <p class="buttons">
            <button r#type="button" class="button" data-do="run">
                "Run it"
            </button>
            <button r#type="button" class="button danger" data-do="break">
                {format!("Break it: {}", pattern.breaking.0.to_lowercase())}
            </button>
        </p>
        <ol class="log" data-show="log" aria-live="polite" aria-label="What happened"></ol>
        <p role="status" class="verdict" data-show="status"></p>
    };
    let reading = view! {
        <dl class="facts">
            <dt>"Run"</dt>
            <dd>{pattern.run}</dd>
            <dt>{pattern.breaking.0}</dt>
            <dd>{pattern.breaking.1}</dd>
        </dl>
    };
    view! {
        {opening(pattern.title, pattern.idea, pattern.insight)}
        {live("live", "Try it", bench)}
        {section("shows", "What the run shows", reading)}
        {section("source", "The source", source)}
        <nav aria-label="Patterns" class="buttons">
            {PATTERNS
                .iter()
                .map(|other| {
                    let current = (other.id == pattern.id).then_some("page");
                    view! {
                        <a href=path(other) aria-current=current>
                            {other.title}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
    .into_any()
}

/// Where the page of a pattern is.
pub fn path(pattern: &Pattern) -> String {
    format!("/lab/patterns/{}", pattern.id)
}
