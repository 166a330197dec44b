//! A token drawn as a ticket in three parts.

use crate::{
    client::{Ticket, use_client},
    ui::eager::erase,
};
use leptos::prelude::*;

/// In the order of [`Ticket`], and of the same length, so that a token can take its place without moving anything.
const SAMPLE_HEADER: &str = r#"{
  "alg": "HS256",
  "kid": "9f86d081",
  "typ": "at+jwt"
}"#;
const SAMPLE_PAYLOAD: &str = r#"{
  "aud": "http://localhost:3000",
  "exp": 1795313700,
  "gen": 4,
  "iat": 1795312800,
  "iss": "http://localhost:3000",
  "jti": "e2c4a6b8d0f14f3a9c5e7b1d3f5a7c9e",
  "role": "user",
  "sid": "6d1f3b5a7c9e4d2f8b0a1c3e5d7f9b2d",
  "sub": "0b8e1f5c7d2a4e6f9a3c5b7d8e1f2a4c"
}"#;
/// As many as an HMAC-SHA-256 has; longer signatures are drawn at the same length.
const DOTS: usize = 43;

/// What a ticket shows while there is no token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// A sample.
    Sample,
    /// Nothing, on the same number of lines.
    Blank,
}

/// The access token in memory, decoded, with its signature masked. Neither the token nor any encoded part of it is ever
/// in the document.
#[component]
pub fn TicketView(
    without: Without,
    /// What is said below it.
    caption: Signal<String>,
) -> impl IntoView {
    let ticket = use_client().ticket();
    let part = move |of: fn(&Ticket) -> &String, sample: &'static str| {
        move || {
            ticket
                .with(|ticket| ticket.as_ref().map(|ticket| of(ticket).clone()))
                .unwrap_or_else(|| stand_in(without, sample))
        }
    };
    let signature = move || {
        let chars = ticket.with(|ticket| ticket.as_ref().map_or(DOTS, |ticket| ticket.signature_chars));
        format!("{chars} characters, not shown. Only the server can make it.")
    };
    erase(view! {
        <figure class="ticket">
            <div class="ticket-parts">
                <div class="part" data-part="header">
                    <p class="part-name">"1 Header"</p>
                    <pre class="pending">{part(|ticket| &ticket.header, SAMPLE_HEADER)}</pre>
                    <p class="part-note">"How it is signed, and with which key."</p>
                </div>
                <div class="part" data-part="payload">
                    <p class="part-name">"2 Payload"</p>
                    <pre class="pending">{part(|ticket| &ticket.payload, SAMPLE_PAYLOAD)}</pre>
                    <p class="part-note">"Who bears it, and until when. Anybody can read this: it holds no secret."</p>
                </div>
                <div class="part" data-part="signature">
                    <p class="part-name">"3 Signature"</p>
                    <p class="dots" aria-hidden="true">
                        {"•".repeat(DOTS)}
                    </p>
                    <p class="part-note ready">{signature}</p>
                </div>
            </div>
            <figcaption class="ticket-caption ready">{caption}</figcaption>
        </figure>
    })
}

/// Blank, it has as many characters on as many lines as the sample, so that nothing moves when a token takes its place.
fn stand_in(without: Without, sample: &str) -> String {
    match without {
        Without::Sample => sample.to_owned(),
        Without::Blank => sample.chars().map(|c| if c == '\n' { c } else { '\u{a0}' }).collect(),
    }
}
