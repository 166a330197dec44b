//! `/lab/anatomy`: three parts, what they say, and what a verifier asks.

use super::{
    Surroundings,
    parts::{code, live, opening, section, table, text},
};
use crate::server::playground::{checklist::Line, forgery::Forgery};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::*;

const HEADER: &str = r#"{"typ":"at+jwt","alg":"ES256","kid":"k1"}"#;
const PAYLOAD: &str = r#"{"iss":"https://lab.invalid","aud":"https://lab.invalid","sub":"0b8e1f5c","sid":"6d1f3b5a","gen":0,"jti":"e2c4a6b8","role":"user","iat":1795312800,"exp":1795313700}"#;
const SIGNATURE: &str = "mN0vJ2gYcX5o7wqk1dBz4tPq9sLr3uVhE6iKfAeT8bWjZxCnG0yRlQpMa5SdF7HgJ2kLo4iUyT1rEwQ9zXcVbN";

/// Claims of RFC 7519 section 4.1 and of this app.
const CLAIMS: [(&str, &str, &str); 10] = [
    ("iss", "issuer", "Who made the token. A verifier accepts its own issuer and no other."),
    ("sub", "subject", "Whom it is about: an account’s id, never a name or an address."),
    ("aud", "audience", "For which service it is. Another service must refuse it."),
    ("exp", "expires", "From this second on it is refused. The only limit to a stolen token that nobody noticed."),
    ("nbf", "not before", "Until this second it is refused. Rarely needed; this app issues none, and honours it."),
    (
        "iat",
        "issued at",
        "When it was made. A verifier can refuse what claims to live longer than anything is issued for.",
    ),
    ("jti", "token id", "Its own name, so that one token can be put on the denylist."),
    ("sid", "session id", "Of this app: which sign-in it grew from, so that a whole session can be ended."),
    (
        "gen",
        "generation",
        "Of this app: how often that session had rotated. Seeing it used proves that the reply arrived.",
    ),
    ("role", "role", "Of this app: what its bearer may do, as far as the issuer knew."),
];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    view! {
        {opening(
            "Anatomy of a token",
            "A JSON Web Token is three texts with dots between them: how it is signed, what it says, and the signature. \
            The first two are packed, not hidden.",
            "Anybody can read a token and anybody can write one; only the key holder can make one that verifies.",
        )}
        {section("parts", "The three parts", ticket())}
        {live("take-apart", "Take one apart", workbench())}
        {section("verifier", "What the verifier asks, in this order", checklist())}
        {section("break-it", "Break it", forgeries())}
        {section("base64url", "base64url is not encryption", base64url())}
        {section("claims", "What the claims mean", claims())}
    }
    .into_any()
}

fn ticket() -> impl IntoView {
    let pretty = |json: &str| {
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        serde_json::to_string_pretty(&value).unwrap_or_default()
    };
    view! {
        <figure class="ticket">
            <div class="ticket-parts">
                <div class="part" data-part="header">
                    <p class="part-name">"1 Header"</p>
                    <div class="stack">
                        <pre>{URL_SAFE_NO_PAD.encode(HEADER)}</pre>
                        <pre>{pretty(HEADER)}</pre>
                    </div>
                    <p class="part-note">"How it is signed, and with which key."</p>
                </div>
                <div class="part" data-part="payload">
                    <p class="part-name">"2 Payload"</p>
                    <div class="stack">
                        <pre>{URL_SAFE_NO_PAD.encode(PAYLOAD)}</pre>
                        <pre>{pretty(PAYLOAD)}</pre>
                    </div>
                    <p class="part-note">"What it says. Readable by anyone who holds it."</p>
                </div>
                <div class="part" data-part="signature">
                    <p class="part-name">"3 Signature"</p>
                    <pre>{SIGNATURE}</pre>
                    <p class="part-note">"64 bytes over the two other parts and the dot between them."</p>
                </div>
            </div>
            <figcaption class="ticket-caption">"A sample. Each part stands above what it unpacks to."</figcaption>
        </figure>
    }
}

fn workbench() -> impl IntoView {
    let tab = |part: &'static str, name: &'static str| {
        view! {
            <button
                r#type="button"
                role="tab"
                id=format!("tab-{part}")
                aria-controls=format!("panel-{part}")
                aria-selected="false"
                tabindex="-1"
                data-part=part
            >
                {name}
            </button>
        }
    };
    let panel = |part: &'static str, inner: AnyView| {
        view! {
            <div
                role="tabpanel"
                class="part"
                id=format!("panel-{part}")
                aria-labelledby=format!("tab-{part}")
                tabindex="0"
                data-part=part
                hidden
            >
                {inner}
            </div>
        }
    };
    let forgeries = Forgery::ALL.map(|forgery| {
        view! {
            <button r#type="button" class="button plain small" data-forgery=forgery.word()>
                {forgery.name()}
            </button>
        }
    });
    view! {
        <p class="buttons">
            <button r#type="button" class="button" data-do="sample">
                "A fresh token"
            </button>
            <button r#type="button" class="button plain" data-do="mine">
                "My own token"
            </button>
        </p>
        <div class="field">
            <label for="token">"Token"</label>
            <textarea id="token" rows="6" spellcheck="false" autocomplete="off" aria-describedby="token-note"></textarea>
            <p class="field-hint" id="token-note">
                "A token is a key to somebody’s account. What you paste here is unpacked in this page and never sent; all \
                the same, paste none that is still good."
            </p>
        </div>
        <div role="tablist" class="tabs" aria-label="Parts of the token">
            {tab("header", "1 Header")} {tab("payload", "2 Payload")} {tab("signature", "3 Signature")}
        </div>
        {panel("header", view! { <pre data-show="header"></pre> }.into_any())}
        {panel(
            "payload",
            view! {
                <div class="field">
                    <label for="payload">"Claims, yours to edit"</label>
                    <textarea id="payload" rows="12" spellcheck="false" autocomplete="off"></textarea>
                </div>
                <ul data-show="claims"></ul>
            }
                .into_any(),
        )}
        {panel("signature", view! { <pre data-show="signature"></pre> }.into_any())}
        <p role="status" data-show="note"></p>
        <div class="field">
            <label for="quad">"Four characters of the payload are three bytes: which four?"</label>
            <input r#type="range" id="quad" min="0" max="0" value="0" />
        </div>
        <table class="quad">
            <caption class="visually-hidden">"Four characters of the token and the bytes that they stand for"</caption>
            <tbody data-show="quad"></tbody>
        </table>
        <h3>"Break it"</h3>
        <div class="buttons">{forgeries.collect_view()}</div>
        <p class="buttons">
            <button r#type="button" class="button" data-do="verify">
                "Ask the verifier"
            </button>
        </p>
        <p role="status" class="verdict" data-show="verdict"></p>
    }
}

fn checklist() -> impl IntoView {
    let lines = Line::ALL.map(|line| {
        view! {
            <li data-line=line.name()>
                <span class="state" aria-hidden="true"></span>
                <span>
                    <strong>{line.name()}</strong>
                    " "
                    {line.asks()}
                    " "
                    <span class="said"></span>
                </span>
            </li>
        }
    });
    view! {
        <p>
            "The verifier stops at the first line that fails, and what comes after is never looked at. Nothing that the \
            token says is believed before its signature is."
        </p>
        <ol class="checklist">{lines.collect_view()}</ol>
    }
}

fn forgeries() -> impl IntoView {
    let rows =
        Forgery::ALL.map(|forgery| [text(forgery.name()), text(forgery.hope()), code(forgery.refused_at().name())]);
    view! {
        <p>
            "Each of these is made by this server with its throw-away key and then shown to the verifier of the app. The \
            last column is where it stops."
        </p>
        {table("Forged tokens and the line that refuses them", ["Token", "What its maker hopes for", "Refused at"], rows)}
    }
}

fn base64url() -> impl IntoView {
    let rows = [
        [code("eyJ0"), code("123 34 116"), code("{\"t")],
        [code("eXAi"), code("121 112 34"), code("yp\"")],
        [code("OiJh"), code("58 34 97"), code(":\"a")],
    ];
    view! {
        <p>
            "Bytes do not travel well in headers and addresses, so three bytes (24 bits) are written as four characters of \
            six bits each, from an alphabet of 64: letters, digits, - and _. There is no key. Every token that begins with a \
            JSON object begins with eyJ, because that is how {\" is written."
        </p>
        {table("The first twelve characters of the sample", ["Characters", "Bytes", "Text"], rows)}
        <p>
            "So a payload is as private as a postcard: put nothing into it that its bearer, their browser extensions and \
            every log between them and you may not read."
        </p>
    }
}

fn claims() -> impl IntoView {
    let rows = CLAIMS.map(|(name, long, meaning)| [code(name), text(long), text(meaning)]);
    table("Claims", ["Claim", "Long", "What it is for"], rows)
}
