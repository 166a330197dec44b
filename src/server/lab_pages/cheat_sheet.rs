//! `/lab/cheat-sheet`: one page, for the wall.

use super::Surroundings;
use leptos::prelude::*;

const SHEET: [(&str, &[&str]); 8] = [
    (
        "Issue",
        &[
            "Claims: iss, aud, sub, exp, iat, jti, a session id, a role. Nothing secret, nothing personal.",
            "15 minutes for an access token. typ: at+jwt, kid always.",
            "HS256 (32 random bytes or more) while one server signs and verifies; a key pair and a JWKS from two on.",
        ],
    ),
    (
        "Verify, in this order",
        &[
            "Size and form. Header without jwk, jku, x5u, crit. typ.",
            "kid is one of ours; alg is the algorithm of that key, not the token’s wish.",
            "Signature. Then iss, aud, exp, nbf and the type of every claim. Then the denylist.",
        ],
    ),
    (
        "Refresh",
        &[
            "httpOnly, Secure, SameSite=Strict, and a path of its own. POST only.",
            "Keep a hash. Replace it with every use, in one conditional update.",
            "The same successor for a repeat within 10 seconds; end the session on a later one.",
            "Idle end after 7 days, absolute end after 30.",
        ],
    ),
    (
        "Store in the browser",
        &[
            "Access token in memory, refresh token in the cookie. One silent refresh after a reload.",
            "Never in localStorage, in a URL, in a log, in the DOM.",
            "A script in your page is you: nonce CSP and Trusted Types come before any place to store.",
        ],
    ),
    (
        "Refuse other pages",
        &[
            "Sec-Fetch-Site or Origin on everything that changes something: SameSite does not know ports.",
            "JSON only, so that a form cannot send it. GET changes nothing.",
        ],
    ),
    (
        "Passwords",
        &[
            "bcrypt 12 or more, or Argon2id; a salt each, a pepper outside the database.",
            "Long rather than odd; refuse the common ones. One message for a wrong address and a wrong password.",
            "Limit tries by network and by account, for accounts that do not exist alike.",
        ],
    ),
    (
        "Sign out",
        &[
            "End the session, deny its access tokens for the rest of their life, clear the cookie.",
            "Also on a change of password or role, and on reuse. Say why at the next sign-in.",
        ],
    ),
    (
        "Answers",
        &[
            "401: who are you? Sign in, or refresh if it says token_expired, once.",
            "403: I know you, and no. Never refresh.",
            "429 and 503: wait as long as Retry-After says. Not a sign-out.",
        ],
    ),
];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    let parts = SHEET.map(|(heading, lines)| {
        view! {
            <section class="sheet-part">
                <h2>{heading}</h2>
                <ul>{lines.iter().map(|line| view! { <li>{*line}</li> }).collect_view()}</ul>
            </section>
        }
    });
    view! {
        <div class="contents">
            <h1>"Cheat sheet"</h1>
            <p class="no-print" hidden data-live>
                <button r#type="button" class="button plain small">
                    "Print"
                </button>
            </p>
        </div>
        <div class="sheet">{parts.collect_view()}</div>
        <p class="muted">
            "A ticket can be checked without phoning the office; its stub stays with the issuer. In one sentence: short tickets, \
            one stub, and a list of those handed back."
        </p>
    }
    .into_any()
}
