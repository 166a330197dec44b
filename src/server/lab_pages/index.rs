//! `/lab`: what there is to try.

use super::{
    PAGES, Surroundings, matrix,
    parts::{control_room, live, without_script},
};
use crate::lab::Matrix;
use leptos::prelude::*;

/// The page.
pub fn view(surroundings: &Surroundings) -> AnyView {
    let experiments = PAGES.into_iter().skip(1).map(|page| {
        view! {
            <li class="row">
                <div class="row-text">
                    <h3>
                        <a href=page.path>{page.title}</a>
                    </h3>
                    <p>{page.about}</p>
                </div>
                <p hidden data-progress=page.path>
                    <span class="chip">"Not started"</span>
                </p>
            </li>
        }
    });
    view! {
        <div class="stack">
            <h1>"The lab"</h1>
            <p class="lead">
                "A token is a ticket that anybody can check without phoning the office; its stub stays with the issuer. \
                Here you can take tickets apart, forge them, steal them and hand in old stubs, and watch what happens."
            </p>
            <p>
                "Everything runs against this server’s own code, with keys of its own, on sessions that end within \
                the hour. Nothing here touches your account."
            </p>
            {without_script()}
        </div>
        <section class="stack" aria-labelledby="experiments">
            <h2 id="experiments">"Experiments"</h2>
            <p hidden data-progress-note class="muted">
                "Your progress is kept in this browser’s localStorage. That is a fine place for it: it is not a secret."
            </p>
            <ol class="rows">{experiments.collect_view()}</ol>
        </section>
        <section class="stack" aria-labelledby="attacks">
            <h2 id="attacks">"Attacks"</h2>
            <p>
                "The attacks run on origins of their own, because a page with a hole in it has no business on the origin \
                of a real app. One click there runs every attack against every place to keep a token, in your browser, \
                and fills the table from what the attacker’s server really received."
            </p>
            <p class="buttons">
                {control_room(surroundings, "Run everything (about 20 s)")}
                <a href="/lab/storage">"What it will show"</a>
            </p>
        </section>
        {live("own", "Your own table", own_table())}
    }
    .into_any()
}

fn own_table() -> impl IntoView {
    view! {
        <p>
            "It stays where you ran it. This page cannot read it: the other origin’s storage is closed to us, which is the \
            rule that keeps your session from the lab. Copy it there as JSON and bring it here, if you like; it is kept in \
            this browser alone."
        </p>
        <div class="field">
            <label for="table">"The table as JSON"</label>
            <textarea id="table" rows="3" spellcheck="false" autocomplete="off"></textarea>
        </div>
        <p class="buttons">
            <button r#type="button" class="button plain">
                "Show it"
            </button>
        </p>
        <p role="status" class="verdict" data-show="status"></p>
        {matrix::words()}
        {matrix::table("Not brought yet".to_owned(), &Matrix::default())}
    }
}
