//! What this is.

use crate::{
    client::{Session, use_client},
    shared::paths,
    ui::{
        clock,
        components::{
            heading::Heading,
            ticket::{TicketView, Without},
        },
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    let client = use_client();
    let signed_in = move || matches!(client.session().get(), Session::SignedIn(_));
    let caption = Signal::derive(move || {
        if client.ticket().with(Option::is_some) {
            format!("Live: your token, expires in {}.", clock(client.seconds_left().get()))
        } else {
            "A sample. Sign in to see your own.".to_owned()
        }
    });
    view! {
        <Title text="Sign-in you can check" />
        <div class="stack wide">
            <div class="hero">
                <div class="stack">
                    <Heading text="Sign-in you can check." />
                    <p class="lead">
                        "A short-lived access token stays in this page’s memory, and a refresh token that changes with every \
                        use stays in a cookie that no script can read. The server keeps only the stub, a hash, and ends the \
                        session when an old stub comes back."
                    </p>
                    <p class="buttons">
                        <a class="button" href=move || if signed_in() { paths::ACCOUNT } else { paths::SIGN_UP }>
                            {move || if signed_in() { "Go to your account" } else { "Create an account" }}
                        </a>
                        <a class="button plain" href=paths::LAB rel="external">
                            "Open the lab"
                        </a>
                        <a href="#how">"How it works"</a>
                    </p>
                </div>
                <TicketView without=Without::Sample caption=caption />
            </div>
            {how_it_works()}
            {limits()}
        </div>
    }
}

fn how_it_works() -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="how">
            <h2 id="how">"How it works"</h2>
            <ol class="steps">
                <li>
                    <h3>"Sign in"</h3>
                    <p>
                        "Your password buys two tokens: one for the next quarter of an hour, and one to get more of them."
                    </p>
                </li>
                <li>
                    <h3>"Show the ticket"</h3>
                    <p>
                        "Every call carries the access token. Its signature, its times and a list of ended sessions are \
                        checked each time, without asking the database."
                    </p>
                </li>
                <li>
                    <h3>"Tear off the stub"</h3>
                    <p>
                        "Before the ticket runs out the page trades its refresh token for a new pair. The old one is spent, \
                        and an old one that is shown again ends the session."
                    </p>
                </li>
                <li>
                    <h3>"Sign out"</h3>
                    <p>"It takes effect at once: the token of a session that ended is refused before it expires."</p>
                </li>
            </ol>
        </section>
    }
}

fn limits() -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="limits">
            <h2 id="limits">"What it does not stop"</h2>
            <ul class="limits">
                <li>
                    <p>
                        <strong>"An attacker who runs script in your page is your page."</strong>
                        " No place to store a token stops that."
                    </p>
                </li>
                <li>
                    <p>
                        <strong>"Where a token is stored decides what they can carry away, and for how long."</strong>
                        " From localStorage: the refresh token, to be used from anywhere until it expires. From memory with \
                        an httpOnly cookie: one access token, and more of them only while this tab is open."
                    </p>
                </li>
                <li>
                    <p>
                        <strong>"Rotation does not notice an attacker who refreshes through your own browser."</strong>
                        " To the server that is you. It notices a copy that is used somewhere else."
                    </p>
                </li>
            </ul>
        </section>
    }
}
