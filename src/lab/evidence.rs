//! What the victim's and the attacker's servers logged while an attack ran.

use super::named;
use serde::{Deserialize, Serialize};

named! {
    /// Where a request came from, as its browser said in `Sec-Fetch-Site`.
    Site {
        /// The same scheme, host and port.
        SameOrigin: "same-origin", "same origin";
        /// Another origin of the same site: another port, or a sibling of the host.
        SameSite: "same-site", "same site";
        /// Another site.
        CrossSite: "cross-site", "another site";
        /// The person in front of the browser.
        Person: "none", "nobody";
        /// The request did not say: no browser sent it.
        Unsaid: "unsaid", "not said";
    }
}

impl Site {
    /// Whether a page of another origin sent it.
    pub const fn is_foreign(self) -> bool {
        matches!(self, Self::SameSite | Self::CrossSite)
    }
}

named! {
    /// What a request proved its right with.
    Credential {
        /// A cookie, which the browser added.
        Cookie: "cookie", "cookie";
        /// An `Authorization` header, which a script added.
        Bearer: "bearer", "Authorization header";
    }
}

named! {
    /// What a request asked of the victim.
    Deed {
        /// The page.
        Page: "page", "open the page";
        /// Sign in as Alice.
        SignIn: "sign-in", "sign in";
        /// A new access token for the refresh cookie.
        Refresh: "refresh", "refresh";
        /// Sign out.
        SignOut: "sign-out", "sign out";
        /// Who is signed in, and the balance.
        Who: "who", "ask who is signed in";
        /// A transfer of money.
        Transfer: "transfer", "transfer";
    }
}

/// A request as the victim's server logged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What it asked.
    pub deed: Deed,
    /// `Sec-Fetch-Site`.
    pub site: Site,
    /// `Origin`.
    pub origin: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// The scheme of `Authorization`, without what follows it.
    pub authorization: Option<String>,
    /// The names of its cookies.
    pub cookies: Vec<String>,
    /// What it proved its right with, good or not.
    pub credential: Option<Credential>,
    /// The status of the answer.
    pub status: u16,
    /// Why it was refused.
    pub refusal: Option<String>,
}

impl Request {
    /// Whether it did what it asked.
    pub const fn took_effect(&self) -> bool {
        self.status < 300
    }
}

/// Something that the attacker's server received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loot {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// How it left the page.
    pub via: String,
    /// What it is good for.
    pub credential: Credential,
    /// The bytes that arrived, as they arrived.
    pub value: String,
    /// A `DPoP` proof that came with it.
    pub proof: Option<String>,
    /// What the attacker's own server got for it: its first answer and its latest.
    pub replays: Vec<Replay>,
}

/// A request of the attacker's own server to the victim, with loot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The status of the answer.
    pub status: u16,
    /// The answer.
    pub body: String,
}

impl Loot {
    /// Keeps an answer, in place of the latest one unless that was the first.
    pub fn record(&mut self, replay: Replay) {
        self.replays.truncate(1);
        self.replays.push(replay);
    }

    /// When it was refused after it had been good: the attacker was cut off.
    pub fn cut_off(&self) -> Option<i64> {
        let was_good = self.replays.first().is_some_and(|replay| replay.status == 200);
        let last = self.replays.last().filter(|replay| was_good && replay.status == 401)?;
        Some(last.at)
    }
}

named! {
    /// What kept the control room from running an attack to its end.
    Obstacle {
        /// The browser opened no popup.
        PopupBlocked: "popup-blocked", "the browser blocked the popup";
        /// An origin of the lab did not answer.
        Unreachable: "unreachable", "an origin of the lab cannot be reached";
        /// Nothing conclusive happened in time.
        TimedOut: "timed-out", "nothing conclusive happened in time";
    }
}

/// Everything that was logged between the start of an attack and its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the victim's server logged, oldest first.
    pub requests: Vec<Request>,
    /// The directives that the victim's browser reported as violated.
    pub violations: Vec<String>,
    /// What the attacker's server received.
    pub loot: Vec<Loot>,
    /// What the injected script told the attacker, the end of its run last.
    pub reports: Vec<String>,
    /// What kept the control room from running the attack to its end.
    pub obstacle: Option<Obstacle>,
}

/// What an injected script tells the attacker when it has tried everything.
pub const FINISHED: &str = "finished";

impl Evidence {
    /// Whether the victim's own page was signed in: its server answered it as Alice.
    pub fn signed_in(&self) -> bool {
        self.own(Deed::Who).any(Request::took_effect)
    }

    /// Whether the browser kept the victim's cookie: it came back from the victim's own page.
    pub fn cookie_kept(&self) -> bool {
        self.own(Deed::Who).any(|request| request.took_effect() && request.credential == Some(Credential::Cookie))
    }

    /// Whether the browser stopped a script from running.
    pub fn script_stopped(&self) -> bool {
        let stops = |name: &String| name.starts_with("script-src") || name.starts_with("require-trusted-types");
        self.violations.iter().any(stops)
    }

    /// Whether the injected script came to its end.
    pub fn finished(&self) -> bool {
        self.reports.last().is_some_and(|report| report == FINISHED)
    }

    /// What the victim's own origin asked.
    pub fn own(&self, deed: Deed) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(move |request| request.deed == deed && request.site == Site::SameOrigin)
    }

    /// What pages of other origins asked.
    pub fn foreign(&self) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(|request| request.site.is_foreign() && request.deed != Deed::Page)
    }
}
