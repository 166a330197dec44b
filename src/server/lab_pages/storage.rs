//! `/lab/storage`: where a token can live, and what each place costs.

use super::{
    Surroundings, matrix,
    parts::{control_room, opening, section, table, text},
};
use crate::{lab::matrix::measured, server::clock::Timestamp};
use leptos::prelude::*;

/// Place; who can read it; who can use it; how long a thief has it.
const PLACES: [[&str; 5]; 8] = [
    [
        "localStorage",
        "Every script of the origin",
        "A script in the page: yes",
        "No: nothing is sent by itself",
        "Until the token expires, from anywhere",
    ],
    [
        "Cookie that scripts can read",
        "Every script of the origin",
        "A script in the page: yes",
        "Another port or a sibling host: yes. Another site: as SameSite says",
        "Until the token expires, from anywhere",
    ],
    [
        "httpOnly cookie, SameSite=None",
        "No script",
        "A script in the page: yes",
        "Any site by a form; in the background where third-party cookies are allowed",
        "While the page is open",
    ],
    [
        "httpOnly cookie, no SameSite",
        "No script",
        "A script in the page: yes",
        "Any site by a form: for two minutes in Chromium, always in Firefox",
        "While the page is open",
    ],
    [
        "httpOnly cookie, SameSite=Lax",
        "No script",
        "A script in the page: yes",
        "Another site: no. Another port or a sibling host: yes",
        "While the page is open",
    ],
    [
        "httpOnly cookie, SameSite=Strict",
        "No script",
        "A script in the page: yes",
        "Another site: no. Another port or a sibling host: yes",
        "While the page is open",
    ],
    [
        "Memory of the page, with an httpOnly refresh cookie",
        "A script that hooks fetch, or asks for a refresh",
        "A script in the page: yes",
        "No; a sibling can rotate blindly unless the origin is checked",
        "While the tab is open, and one access token’s life",
    ],
    [
        "Memory of WebAssembly, with an httpOnly refresh cookie",
        "A script that scans the heap, hooks fetch, or asks for a refresh",
        "A script in the page: yes",
        "As above",
        "While the tab is open, and one access token’s life",
    ],
];

/// A defence, what it stops, and what it does not.
const DEFENCES: [[&str; 3]; 9] = [
    [
        "Content security policy with a nonce",
        "The injected script itself, so every theft by script",
        "Requests that other sites send",
    ],
    [
        "Trusted Types",
        "Markup that a script of the page writes into the document",
        "Markup that the server wrote there",
    ],
    [
        "connect-src 'self' alone",
        "fetch and images to the attacker",
        "Navigation: location = attacker + token still leaves",
    ],
    ["SameSite=Lax or Strict", "Requests from other sites", "Another port or sibling host, and scripts in the page"],
    ["Origin or Sec-Fetch-Site check", "Requests from every other origin, siblings too", "Scripts in the page"],
    ["Wiping the token from memory", "A scan of the heap after sign-out", "A scan while somebody is signed in"],
    ["Short life", "Use of a stolen token after minutes", "Use within them"],
    [
        "DPoP with a key that cannot be exported",
        "Use of a copied token elsewhere",
        "Signing in the page, and proofs signed ahead",
    ],
    ["DPoP with a nonce of the server", "Proofs signed ahead", "Signing in the page"],
];

/// The page.
pub fn view(surroundings: &Surroundings) -> AnyView {
    view! {
        {opening(
            "Where a token lives",
            "localStorage, a cookie or memory: the old argument, settled by measurement. No place stops a script that runs \
            in your page. Places differ in what it can carry away and for how long.",
            "An attacker who runs script in your page is your page; storage only decides what they can take home.",
        )}
        {section("run", "See it in your own browser", run(surroundings))}
        {measurements()}
        {section("terms", "Three different questions", terms())}
        {section("places", "Places", places())}
        {section("defences", "Defences", defences())}
        {section("honest", "What none of this stops", honest())}
    }
    .into_any()
}

fn run(surroundings: &Surroundings) -> impl IntoView + use<> {
    view! {
        <p>
            "The control room opens a deliberately holed little bank on one origin and an attacker with a server of its own \
            on another, and runs every attack against every place. The attacker’s server then tries what it was sent: a \
            theft counts when that works."
        </p>
        <p class="buttons">{control_room(surroundings, "Open the control room")}</p>
    }
}

/// The tables that this project's tests have measured.
fn measurements() -> impl IntoView {
    let tables = measured().into_iter().filter(|matrix| !matrix.cells.is_empty()).map(|matrix| {
        let day = Timestamp::from_millis(matrix.measured_at).to_string();
        let caption = format!("{}, {}", matrix.browser, day.split('T').next().unwrap_or_default());
        matrix::table(caption, &matrix)
    });
    let tables = tables.collect_view();
    (!tables.is_empty()).then(|| section("measured", "Measured", tables))
}

fn terms() -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"Can a script read it?"</dt>
            <dd>
                "Then it can be sent away and used from anywhere until it expires. httpOnly answers this one question with \
                no. It does not make a page safe from scripts."
            </dd>
            <dt>"Can a script use it?"</dt>
            <dd>
                "Always. A script in your page asks your server for what it wants, and the browser adds the cookie. This is \
                called riding the session, and it ends when the page is closed."
            </dd>
            <dt>"Can another origin make the browser use it?"</dt>
            <dd>
                "A cookie goes along with requests that other pages cause. SameSite holds back those from other sites. But a \
                site is not an origin: another port of the same host, and another host of the same registrable domain, are \
                the same site. That is why the server checks the origin too."
            </dd>
        </dl>
    }
}

fn places() -> impl IntoView {
    let columns = ["Place", "Who can read it", "Who can ride it", "Who can forge requests", "How long a thief has it"];
    table("Places to keep a token", columns, PLACES.map(|row| row.map(text)))
}

fn defences() -> impl IntoView {
    table("Defences and their bounds", ["Defence", "Stops", "Does not stop"], DEFENCES.map(|row| row.map(text)))
}

fn honest() -> impl IntoView {
    view! {
        <ul class="limits">
            <li>
                <p>"A script in your page acts as you for as long as the page is open, wherever the token is."</p>
            </li>
            <li>
                <p>
                    "Rotation and reuse detection do not notice a script that refreshes through your own browser: to the \
                    server that is you."
                </p>
            </li>
            <li>
                <p>"Malware on the device reads every cookie and every memory. No web page can show that, or stop it."</p>
            </li>
        </ul>
    }
}
