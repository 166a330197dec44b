//! `/lab/choosing`: four choices, each with numbers.

use super::{
    Surroundings,
    parts::{live, opening, section, table, text},
};
use leptos::prelude::*;

/// bcrypt's costs and how many rounds of its key schedule each is.
const COSTS: [(&str, &str); 5] = [("10", "1 024"), ("11", "2 048"), ("12", "4 096"), ("13", "8 192"), ("14", "16 384")];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    view! {
        {opening(
            "Choosing",
            "Four questions that every sign-in has to answer. There is a number behind each.",
            "Choose by who can forge, how long a theft lasts and what a guess costs, not by habit.",
        )}
        {section("algorithm", "HS256 or RS256?", algorithm())}
        {live("algorithm-live", "Who could forge your tokens?", algorithm_live())}
        {section("life", "How long should an access token live?", life())}
        {live("life-live", "Life of a stolen token", life_live())}
        {section("rounds", "How many rounds of bcrypt?", rounds())}
        {live("rounds-live", "Measure this server", rounds_live())}
        {section("place", "localStorage or a cookie?", place())}
        {live("place-live", "What a thief has, and for how long", place_live())}
    }
    .into_any()
}

/// A field for a whole number within bounds.
fn number(id: &'static str, label: &'static str, [min, max]: [u32; 2], value: u32) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id r#type="number" min=min max=max value=value inputmode="numeric" />
        </div>
    }
}

fn algorithm() -> impl IntoView {
    let rows = [
        ["HS256", "One secret", "Everybody who verifies", "One server signs and verifies"],
        ["RS256", "A key pair (RSA, 3072 bits)", "The issuer alone", "Old verifiers; signatures of 384 bytes"],
        ["ES256", "A key pair (P-256)", "The issuer alone", "Most verifiers; signatures of 64 bytes"],
        ["EdDSA", "A key pair (Ed25519)", "The issuer alone", "New verifiers; signatures of 64 bytes, fast"],
    ];
    view! {
        <p>
            "HS256 uses one secret for both directions, so whoever can check a token can also make one. With a key pair the \
            private half signs, and the public half, which anybody may have, only verifies."
        </p>
        {table("Algorithms", ["Algorithm", "Key", "Who can forge", "Fits"], rows.map(|row| row.map(text)))}
        <p>
            "While one server does both, HS256 is simple and fast, and there is nobody else to forge. From the first service \
            that verifies elsewhere on, use a key pair and a JWKS."
        </p>
    }
}

fn algorithm_live() -> impl IntoView {
    view! {
        {number("verifiers", "Services that verify your tokens, beside the one that issues them", [0, 1000], 3)}
        <p role="status" class="verdict" data-show="forgers"></p>
    }
}

fn life() -> impl IntoView {
    let rows = [
        ["5 minutes", "5 minutes", "2.5 minutes", "12"],
        ["15 minutes", "15 minutes", "7.5 minutes", "4"],
        ["1 hour", "1 hour", "30 minutes", "1"],
        ["24 hours", "24 hours", "12 hours", "0.04"],
    ];
    view! {
        <p>
            "A stolen access token works until it expires, unless somebody notices and signs out. On average half of its life \
            is left when it is stolen. The price of a short life is a refresh now and then, which is one look-up."
        </p>
        {table(
            "Life of a token and of a theft",
            ["Life", "A theft lasts at most", "On average", "Refreshes an hour for each open page"],
            rows.map(|row| row.map(text)),
        )}
        <p>
            "This app issues 15 minutes, and a denylist ends a token at once when somebody signs out. A longer life makes the \
            denylist longer too: it has to remember every sign-out for as long."
        </p>
    }
}

fn life_live() -> impl IntoView {
    view! {
        {number("minutes", "Minutes that an access token lives", [1, 43200], 15)}
        {number("pages", "People with a page open", [1, 100_000_000], 1_000)}
        <p role="status" class="verdict" data-show="theft"></p>
    }
}

fn rounds() -> impl IntoView {
    let rows = COSTS.map(|(cost, rounds)| [text(cost), text(rounds)]);
    view! {
        <p>
            "The cost is a power of two: each step up doubles what one guess costs an attacker who has stolen the hashes, and \
            what one sign-in costs you. Choose the highest that your busiest minute can bear; a quarter of a second is a \
            common aim. For new systems OWASP names Argon2id first and bcrypt where it is not to be had."
        </p>
        {table("Costs of bcrypt", ["Cost", "Rounds"], rows)}
        <p>
            "The salt, another one for every password, makes equal passwords unequal hashes, so that an attacker has to guess \
            for each account anew. It is no secret. The pepper is one: it is kept outside the database, so a stolen database \
            alone cannot be guessed at all."
        </p>
    }
}

fn rounds_live() -> impl IntoView {
    let rows = COSTS.map(|(cost, _)| {
        view! {
            <tr>
                <th scope="row">{cost}</th>
                <td data-cost=cost>"not measured"</td>
                <td data-guesses=cost>"–"</td>
            </tr>
        }
    });
    view! {
        <p>"One hash of each cost, on the threads that hash this server’s passwords."</p>
        <p class="buttons">
            <button r#type="button" class="button" data-do="measure">
                "Measure 10 to 14"
            </button>
        </p>
        <table class="quad">
            <caption class="visually-hidden">"Measured costs"</caption>
            <thead>
                <tr>
                    <th scope="col">"Cost"</th>
                    <th scope="col">"One hash"</th>
                    <th scope="col">"Guesses a day on this core"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p role="status" class="verdict" data-show="measured"></p>
    }
}

fn place() -> impl IntoView {
    let rows = [
        ["localStorage", "Yes, and use it from anywhere until it expires", "No", "A reload"],
        ["httpOnly cookie", "No", "From siblings, unless the origin is checked", "A reload"],
        [
            "Memory, with an httpOnly refresh cookie",
            "The access token, while the tab is open",
            "No",
            "Nothing, but a refresh restores it",
        ],
    ];
    view! {
        <p>
            "Neither stops a script in your page from acting as you. The question is what it can take with it, and whether \
            other pages can make your browser act."
        </p>
        {table(
            "Places compared",
            ["Place", "Can a script carry it away?", "Can another page use it?", "What it survives"],
            rows.map(|row| row.map(text)),
        )}
        <p>
            "This app keeps the access token in memory and the refresh token in an httpOnly, SameSite=Strict cookie that only \
            one path gets. "
            <a href="/lab/storage">"The measurements are on their own page."</a>
        </p>
    }
}

fn place_live() -> impl IntoView {
    view! {
        <p>"For a script that got in once. The access token lives for as long as you chose above."</p>
        <div class="field">
            <label for="place-of">"The tokens live in"</label>
            <select id="place-of">
                <option value="storage">"localStorage, both of them"</option>
                <option value="cookie">"an httpOnly session cookie"</option>
                <option value="memory" selected>
                    "memory, with an httpOnly refresh cookie"
                </option>
            </select>
        </div>
        {number("session-days", "Days that a session lives", [1, 3650], 30)}
        {number("open-minutes", "Minutes that the page stays open after the script got in", [0, 43200], 60)}
        <p role="status" class="verdict" data-show="place"></p>
    }
}
