//! `/lab/rotation`: the protocol as three lanes.

use super::{
    Surroundings,
    parts::{live, opening, section},
};
use leptos::prelude::*;

/// One course of events.
struct Scenario {
    id: &'static str,
    title: &'static str,
    story: &'static str,
    steps: &'static [(Lane, Lane, &'static str)],
}

/// Who speaks, and to whom.
#[derive(Clone, Copy)]
enum Lane {
    You,
    Server,
    Attacker,
}

impl Lane {
    const fn word(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Server => "server",
            Self::Attacker => "attacker",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::You => "You",
            Self::Server => "Server",
            Self::Attacker => "Attacker",
        }
    }
}

use Lane::{Attacker, Server, You};

const SCENARIOS: [Scenario; 5] = [
    Scenario {
        id: "normal",
        title: "A normal refresh",
        story: "The page trades its refresh token for a new pair before the access token runs out.",
        steps: &[
            (You, Server, "I sign in."),
            (Server, You, "Here are A0 and R0. I keep the stub of R0, a hash."),
            (You, Server, "I call with A0."),
            (Server, You, "200. So R0 arrived: its generation is proven used."),
            (You, Server, "I refresh with R0."),
            (Server, You, "Here are A1 and R1. I keep the stub of R1 in place of the old one."),
        ],
    },
    Scenario {
        id: "replay",
        title: "A copy is replayed",
        story: "The attacker holds a copy of R0. It is given to them here, not stolen: how one is stolen is shown in the \
                control room.",
        steps: &[
            (You, Server, "I sign in."),
            (Server, You, "Here are A0 and R0."),
            (You, Attacker, "GIVEN, not stolen: a copy of R0."),
            (You, Server, "I refresh with R0, and call with A1."),
            (Server, You, "Here are A1 and R1. A1 was used, so R1 has arrived."),
            (Attacker, Server, "Eleven seconds later: I refresh with R0."),
            (
                Server,
                Attacker,
                "401 refresh_token_reused. R0 was replaced, and nobody honest still needs it: this session ends.",
            ),
            (You, Server, "I refresh with R1."),
            (Server, You, "401 session_revoked. Sign in again; your events say why."),
        ],
    },
    Scenario {
        id: "thief",
        title: "The thief is faster",
        story: "The attacker refreshes first. The owner comes back later with the token that the attacker has spent.",
        steps: &[
            (You, Server, "I sign in."),
            (Server, You, "Here are A0 and R0."),
            (You, Attacker, "GIVEN, not stolen: a copy of R0."),
            (Attacker, Server, "I refresh with R0, and call with A1."),
            (Server, Attacker, "Here are A1 and R1. 200."),
            (You, Server, "Eleven seconds later: I refresh with R0."),
            (
                Server,
                You,
                "401 refresh_token_reused. I cannot tell which of you is the thief, so the session ends for both.",
            ),
            (Attacker, Server, "I call with A1."),
            (Server, Attacker, "401 token_revoked. Access tokens of a session that ended are on the denylist."),
        ],
    },
    Scenario {
        id: "tabs",
        title: "Two tabs at once",
        story: "Two tabs of one browser hold the same cookie and refresh in the same moment. Strict rotation would take the \
                second for a thief.",
        steps: &[
            (You, Server, "I sign in."),
            (Server, You, "Here are A0 and R0."),
            (You, Server, "First tab: I refresh with R0."),
            (Server, You, "Here are A1 and R1."),
            (You, Server, "Second tab: I refresh with R0."),
            (Server, You, "R0 was replaced less than 10 seconds ago. Here is R1 again, the very same."),
        ],
    },
    Scenario {
        id: "lost",
        title: "A lost reply",
        story: "The laptop is closed while the reply is on its way. The server has rotated; the browser still holds the old \
                token.",
        steps: &[
            (You, Server, "I sign in."),
            (Server, You, "Here are A0 and R0."),
            (You, Server, "I refresh with R0."),
            (Server, You, "Here are A1 and R1. (The reply is lost.)"),
            (You, Server, "Twenty minutes later: I refresh with R0."),
            (Server, You, "Nobody has used A1, so nobody has R1. Here it is again."),
            (You, Server, "I call with the new access token."),
            (Server, You, "200. From now on R0 is spent."),
        ],
    },
];

/// The page.
pub fn view(_: &Surroundings) -> AnyView {
    let scenarios = SCENARIOS.iter().map(scenario).collect_view();
    view! {
        {opening(
            "Rotation",
            "A refresh token is good for one use. Each use tears off a new one, and the server keeps only the stub of the \
            last. A stub that comes back late gives a copy away.",
            "Rotation does not prevent a theft; it makes sure that a thief and the owner cannot both go on.",
        )}
        {live("run", "Run it", bench())}
        {scenarios}
        {section("rules", "The rules behind it", rules())}
    }
    .into_any()
}

fn bench() -> impl IntoView {
    let choices = SCENARIOS.iter().enumerate().map(|(index, scenario)| {
        view! {
            <label class="choice">
                <input r#type="radio" name="scenario" value=scenario.id checked=index == 0 />
                {scenario.title}
            </label>
        }
    });
    view! {
        <p>"Each step is a real call to the real protocol, in a session of your own that ends within the hour."</p>
        <fieldset class="choices">
            <legend>"What happens"</legend>
            {choices.collect_view()}
        </fieldset>
        <p class="buttons">
            <button r#type="button" class="button" data-do="step">
                "Step"
            </button>
            <button r#type="button" class="button plain" data-do="run">
                "Run to the end"
            </button>
            <button r#type="button" class="button plain" data-do="reset">
                "Reset"
            </button>
        </p>
        {heads()}
        <ol class="lanes" data-show="lanes" aria-live="polite" aria-label="What was said so far"></ol>
        <h3>"The family"</h3>
        <ol class="chain" data-show="chain" aria-label="Generations of this session"></ol>
        <p role="status" class="verdict" data-show="status"></p>
    }
}

fn heads() -> impl IntoView {
    view! {
        <p class="lane-heads" aria-hidden="true">
            <span>"You"</span>
            <span>"Server"</span>
            <span>"Attacker"</span>
        </p>
    }
}

fn scenario(scenario: &'static Scenario) -> impl IntoView {
    let steps = scenario.steps.iter().map(|(from, to, says)| {
        view! {
            <li data-from=from.word() data-to=to.word()>
                <span class="who-says">{format!("{} to {}: ", from.name(), to.name().to_lowercase())}</span>
                {*says}
            </li>
        }
    });
    let inner = view! {
        <p>{scenario.story}</p>
        {heads()}
        <ol class="lanes">{steps.collect_view()}</ol>
    };
    section(scenario.id, scenario.title, inner)
}

fn rules() -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"The current token"</dt>
            <dd>"is replaced by its one successor."</dd>
            <dt>"A token that was replaced less than 10 seconds ago"</dt>
            <dd>"gets the same successor again: tabs and repeats are no thieves."</dd>
            <dt>"The parent of a token that nobody has shown to have"</dt>
            <dd>"gets it again, however late: the reply was lost."</dd>
            <dt>"Any other token of the past"</dt>
            <dd>"ends the session: a copy is in use."</dd>
            <dt>"A text that only looks like a token"</dt>
            <dd>"changes nothing, or a forger could sign people out."</dd>
        </dl>
        <p>
            <a href="/lab/patterns/rotation">"The function that decides this, and its test"</a>
        </p>
    }
}
