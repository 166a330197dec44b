//! `/lab/mistakes`: six common ones, each failing in front of you.

use super::{Surroundings, parts::opening};
use leptos::prelude::*;

/// One mistake.
struct Mistake {
    id: &'static str,
    title: &'static str,
    made: &'static str,
    fails: &'static str,
    instead: &'static str,
    experiment: (&'static str, &'static str),
}

const MISTAKES: [Mistake; 6] = [
    Mistake {
        id: "local-storage",
        title: "The token in localStorage",
        made: "It survives a reload and is one line of code.",
        fails: "A second script of the same page, say of an advertisement, lists localStorage, finds the token, and the server \
                answers it with 200 from wherever it is shown.",
        instead: "Keep the access token in memory and the refresh token in an httpOnly cookie.",
        experiment: ("/lab/storage", "Where a token lives"),
    },
    Mistake {
        id: "no-expiry",
        title: "No expiry",
        made: "Nobody is ever signed out, and there is no refresh to write.",
        fails: "A verifier that does not insist on exp takes the token ten years later. This app’s verifier refuses it because \
                a claim is missing.",
        instead: "Require exp, and refuse what lives longer than you issue.",
        experiment: ("/lab/choosing#life", "How long should a token live?"),
    },
    Mistake {
        id: "no-algorithms",
        title: "No list of algorithms",
        made: "The library reads alg from the token, so it works with every token.",
        fails: "A token without a signature says alg: none and role: admin, and the trusting verifier agrees. This app’s stops \
                at alg.",
        instead: "Pin one algorithm to each key; never ask the token.",
        experiment: ("/lab/anatomy#break-it", "Break it"),
    },
    Mistake {
        id: "no-rotation",
        title: "No rotation",
        made: "The refresh token is a plain JWT that is good for 30 days.",
        fails: "The owner and a thief use the same token side by side, each gets 200, and nobody can tell. With rotation the \
                second of them ends the session.",
        instead: "Replace it with every use, and end the session when an old one comes back.",
        experiment: ("/lab/rotation", "Rotation"),
    },
    Mistake {
        id: "secrets",
        title: "Secrets in the payload",
        made: "The token is there anyway, so it carries the card number too.",
        fails: "base64url is undone without any key: the card number is readable in every log that the token passes.",
        instead: "Ids, a role and times. Look the rest up.",
        experiment: ("/lab/anatomy#base64url", "base64url is not encryption"),
    },
    Mistake {
        id: "one-secret",
        title: "One secret for both tokens",
        made: "One JWT_SECRET signs access and refresh tokens, and their claims are alike.",
        fails: "The refresh token passes as an access token that is good for 30 days. This app’s refresh token is no JWT, has a \
                key of its own, and is refused as malformed; and another type of token, though signed by the right key, is \
                refused at typ.",
        instead: "A key and a type for each kind of token.",
        experiment: ("/lab/patterns/pair", "Access and refresh"),
    },
];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    view! {
        {opening(
            "Six mistakes",
            "All of them work on the first day. The trusting verifier that they need runs in this page alone, with a secret \
            that it makes up; this server does not have one.",
            "A mistake in a sign-in is seldom that something does not work; it is that too much does.",
        )}
        {MISTAKES.iter().map(mistake).collect_view()}
    }
    .into_any()
}

fn mistake(mistake: &'static Mistake) -> impl IntoView {
    let (href, experiment) = mistake.experiment;
    view! {
        <section class="stack" aria-labelledby=mistake.id data-mistake=mistake.id>
            <h2 id=mistake.id>{mistake.title}</h2>
            <dl class="facts">
                <dt>"Why it is made"</dt>
                <dd>{mistake.made}</dd>
                <dt>"How it fails"</dt>
                <dd>{mistake.fails}</dd>
                <dt>"Instead"</dt>
                <dd>
                    {mistake.instead}
                    " "
                    <a href=href>{experiment}</a>
                </dd>
            </dl>
            <div class="stack card live" hidden data-live>
                <p class="buttons">
                    <button r#type="button" class="button danger" aria-describedby=mistake.id>
                        "Show it failing"
                    </button>
                </p>
                <ol class="log" aria-label=format!("{}: what happened", mistake.title)></ol>
                <p role="status" class="verdict"></p>
            </div>
        </section>
    }
}
