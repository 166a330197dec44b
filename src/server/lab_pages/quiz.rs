//! `/lab/quiz`: ten questions.

use super::{Surroundings, parts::opening};
use leptos::prelude::*;

/// One question.
pub struct Question {
    asks: &'static str,
    options: &'static [&'static str],
    /// The index of the right one.
    right: usize,
    because: &'static str,
    experiment: (&'static str, &'static str),
}

/// Every question.
pub const QUESTIONS: [Question; 10] = [
    Question {
        asks: "Three services that other teams run must verify your tokens. How do you sign?",
        options: &[
            "HS256, with a copy of the secret for each team",
            "RS256, ES256 or EdDSA, with the public keys in a JWKS",
            "It makes no difference",
        ],
        right: 1,
        because: "Whoever can verify HS256 can also sign. With a key pair only you can, and the public half may be known to all.",
        experiment: ("/lab/choosing#algorithm", "Choosing: HS256 or RS256?"),
    },
    Question {
        asks: "Why does the server keep a hash of a refresh token and not the token?",
        options: &[
            "A hash is shorter",
            "So that a stolen database holds nothing that can be handed in",
            "Hashes are faster to compare",
        ],
        right: 1,
        because: "A refresh token is as good as a password. It is random and long, so a plain SHA-256 is enough; it needs no bcrypt.",
        experiment: ("/lab/rotation", "Rotation: the stub"),
    },
    Question {
        asks: "A user with a good token asks for what only administrators may do. What is the answer?",
        options: &["401", "403", "404"],
        right: 1,
        because: "401 says: I do not know who you are, sign in. 403 says: I know, and you may not. Signing in again would not help.",
        experiment: ("/lab/patterns/guard", "Patterns: role guard"),
    },
    Question {
        asks: "What does the salt of a password hash do?",
        options: &[
            "It keeps the hash secret",
            "It makes equal passwords unequal hashes, so that each has to be guessed by itself",
            "It slows the hash down",
        ],
        right: 1,
        because: "A salt is no secret and costs no time. It takes away the tables made in advance and the guesses shared between accounts.",
        experiment: ("/lab/choosing#rounds", "Choosing: rounds"),
    },
    Question {
        asks: "How do you end an access token before it expires?",
        options: &[
            "Delete it from the browser",
            "Change its exp in the database",
            "Put its jti or its session on a denylist for the rest of its life",
        ],
        right: 2,
        because: "A copy does not care what the browser deletes, and what is signed cannot be changed. The verifier has to be told.",
        experiment: ("/lab/patterns/denylist", "Patterns: denylist"),
    },
    Question {
        asks: "Why is the access token short-lived and the refresh token long-lived?",
        options: &[
            "The one is sent everywhere and checked without asking; the other goes to one address that looks it up",
            "Long tokens are harder to guess",
            "Browsers demand it",
        ],
        right: 0,
        because: "What travels a lot and cannot be looked up must run out soon. What is looked up with every use can be stopped at any time.",
        experiment: ("/lab/patterns/pair", "Patterns: access and refresh"),
    },
    Question {
        asks: "Which of these is the same site as http://localhost:3000?",
        options: &["http://127.0.0.1:3000", "http://a.localhost:3000", "http://localhost:8080"],
        right: 2,
        because: "Ports do not count for sites or cookies. So SameSite=Strict does not hold back an app on another port; a check of the origin does.",
        experiment: ("/lab/storage#terms", "Where a token lives: three questions"),
    },
    Question {
        asks: "A script in your page asks your own server for a refresh. Does reuse detection notice?",
        options: &["Yes, at once", "Yes, at the owner’s next refresh", "No"],
        right: 2,
        because: "The browser’s own cookie was used and replaced by the same reply. To the server that was you. What helps is that the script does not get to run.",
        experiment: ("/lab/storage#honest", "Where a token lives: what nothing stops"),
    },
    Question {
        asks: "The policy says connect-src 'self' and nothing about scripts. What is left open to an injected script?",
        options: &["Nothing", "Navigation: the address of the next page can carry the token away", "Only images"],
        right: 1,
        because: "fetch and images are held back, but location = attacker + token is a navigation. A nonce for scripts stops the script itself.",
        experiment: ("/lab/storage#defences", "Where a token lives: defences"),
    },
    Question {
        asks: "Is the payload of a JWT secret?",
        options: &["Yes, it is encrypted", "Only with RS256", "No, anybody who holds the token can read it"],
        right: 2,
        because: "It is base64url, which has no key. The signature keeps it from being changed, not from being read.",
        experiment: ("/lab/anatomy#base64url", "Anatomy: base64url"),
    },
];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    view! {
        {opening(
            "Quiz",
            "Ten questions, no clock. Each answer says why, and where to see it happen.",
            "If you can say why, you do not have to remember what.",
        )}
        <p hidden data-score role="status" class="verdict"></p>
        {QUESTIONS.iter().enumerate().map(|(index, asked)| question(index + 1, asked)).collect_view()}
    }
    .into_any()
}

fn question(number: usize, asked: &'static Question) -> impl IntoView {
    let options = asked.options.iter().enumerate().map(|(index, option)| {
        view! {
            <label class="choice">
                <input r#type="radio" name=format!("question-{number}") value=index />
                {*option}
            </label>
        }
    });
    let (href, experiment) = asked.experiment;
    view! {
        <form class="stack question" data-question=number data-right=asked.right>
            <fieldset class="options">
                <legend>{format!("Question {number} of {}: {}", QUESTIONS.len(), asked.asks)}</legend>
                {options.collect_view()}
            </fieldset>
            <p class="buttons">
                <button class="button plain" hidden>
                    "Check"
                    <span class="visually-hidden">{format!(" question {number}")}</span>
                </button>
            </p>
            <p role="status" class="verdict"></p>
            <details>
                <summary>{format!("Answer {number}")}</summary>
                <p>
                    <strong>{asked.options.get(asked.right).copied().unwrap_or_default()} ". "</strong>
                    {asked.because}
                    " "
                    <a href=href>{experiment}</a>
                </p>
            </details>
        </form>
    }
}
