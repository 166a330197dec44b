//! Verdicts: rules over evidence, never constants. What is not proved is inconclusive, and that is not safe.

use super::{
    Attack, Evidence,
    evidence::{Deed, Loot, Request},
    named,
};
use serde::Serialize;

named! {
    /// What came of an attack.
    Verdict {
        /// The attacker's server received a token and used it itself.
        Stolen: "stolen", "Stolen";
        /// A script in the page did something in the user's name.
        Rode: "rode", "Acted as you";
        /// A page of another origin did something in the user's name.
        Forged: "forged", "Forged";
        /// The attacker's server received a token that is of no use to it.
        DeadOnArrival: "dead-on-arrival", "Copied, useless";
        /// The victim's server refused the request.
        Refused: "refused", "Refused";
        /// The browser stopped the script, or kept the cookie back.
        Blocked: "blocked", "Blocked by the browser";
        /// The script ran to its end and found no token.
        Nothing: "nothing", "Nothing to take";
        /// The user is still signed in, without asking the server for a new token.
        SignedIn: "signed-in", "Signed in";
        /// The user is signed in again after a refresh.
        NeedsRefresh: "needs-refresh", "Signed in after a refresh";
        /// Nothing is proved; never to be counted as safe.
        Inconclusive: "inconclusive", "Inconclusive";
    }
}

impl Verdict {
    /// Whether the attacker got something.
    pub const fn is_breach(self) -> bool {
        matches!(self, Self::Stolen | Self::Rode | Self::Forged)
    }

    /// What a cell of the table says.
    pub fn words(self, bytes: Option<usize>, deed: Option<Deed>) -> String {
        match (self, bytes, deed) {
            (_, Some(bytes), _) => format!("{}, {bytes} B", self.label()),
            (Self::Forged, None, Some(Deed::Transfer)) => "Transfer made".to_owned(),
            (Self::Forged, None, Some(Deed::Refresh)) => "Session rotated blind".to_owned(),
            (_, None, _) => self.label().to_owned(),
        }
    }

    /// Whether something was kept from the attacker, which means nothing if there was nobody to attack.
    const fn is_defence(self) -> bool {
        matches!(self, Self::DeadOnArrival | Self::Refused | Self::Blocked | Self::Nothing)
    }
}

/// A verdict and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What came of the attack.
    pub verdict: Verdict,
    /// The rule, in words.
    pub rule: &'static str,
    /// The bytes that the attacker received.
    pub bytes: Option<usize>,
    /// The status that the attacker's own server got for them first.
    pub replay: Option<u16>,
    /// What was done in the user's name.
    pub deed: Option<Deed>,
}

impl Judgement {
    /// What a cell of the table says.
    pub fn words(&self) -> String {
        self.verdict.words(self.bytes, self.deed)
    }

    const fn new(verdict: Verdict, rule: &'static str) -> Self {
        Self { verdict, rule, bytes: None, replay: None, deed: None }
    }

    const fn of_deed(verdict: Verdict, rule: &'static str, deed: Deed) -> Self {
        Self { deed: Some(deed), ..Self::new(verdict, rule) }
    }

    fn of_loot(verdict: Verdict, rule: &'static str, loot: &Loot, replay: u16) -> Self {
        Self { bytes: Some(loot.value.len()), replay: Some(replay), ..Self::new(verdict, rule) }
    }
}

/// Says what came of an attack, from what was logged so far.
pub fn judge(attack: Attack, evidence: &Evidence) -> Judgement {
    let judgement = match attack {
        Attack::XssReads | Attack::XssRefreshes | Attack::FetchHook | Attack::HeapScan | Attack::HeapAfterSignOut => {
            theft(evidence)
        }
        Attack::XssRides => ride(evidence),
        Attack::CsrfBackground | Attack::CsrfForm | Attack::SiblingPort => forgery(evidence),
        Attack::AfterReload => reload(evidence),
    };
    if judgement.verdict.is_defence() && !evidence.signed_in() {
        return inconclusive("The victim was not signed in, so there was nothing to defend.");
    }
    judgement
}

const fn inconclusive(rule: &'static str) -> Judgement {
    Judgement::new(Verdict::Inconclusive, rule)
}

fn theft(evidence: &Evidence) -> Judgement {
    let answered = |status| {
        let first = |loot: &&Loot| loot.replays.first().is_some_and(|replay| replay.status == status);
        evidence.loot.iter().find(first)
    };
    if let Some(loot) = answered(200) {
        let rule = "The attacker's server received a token, and the victim answered 200 to it there.";
        return Judgement::of_loot(Verdict::Stolen, rule, loot, 200);
    }
    if evidence.loot.iter().any(|loot| loot.replays.is_empty()) {
        return inconclusive("The attacker's server received something that it has not tried yet.");
    }
    if let Some(loot) = answered(401) {
        let rule = "The attacker's server received a token, and the victim answered 401 to it there.";
        return Judgement::of_loot(Verdict::DeadOnArrival, rule, loot, 401);
    }
    if !evidence.loot.is_empty() {
        return inconclusive("The victim answered the attacker's server neither with 200 nor with 401.");
    }
    unarmed(evidence)
}

/// A script that took nothing away: why?
fn unarmed(evidence: &Evidence) -> Judgement {
    if evidence.script_stopped() {
        return Judgement::new(Verdict::Blocked, "The browser reported that the policy stopped the script.");
    }
    if evidence.finished() {
        return Judgement::new(Verdict::Nothing, "The script ran to its end and reported that it found no token.");
    }
    inconclusive("Neither did the script report its end, nor did the browser report that it was stopped.")
}

fn ride(evidence: &Evidence) -> Judgement {
    if evidence.own(Deed::Transfer).any(Request::took_effect) {
        let rule = "The victim's server logged a transfer that the script asked for, from the victim's own origin.";
        return Judgement::of_deed(Verdict::Rode, rule, Deed::Transfer);
    }
    if evidence.finished() && evidence.own(Deed::Transfer).next().is_some() {
        return Judgement::new(Verdict::Refused, "The victim's server refused every transfer of the script.");
    }
    unarmed(evidence)
}

fn forgery(evidence: &Evidence) -> Judgement {
    for deed in [Deed::Transfer, Deed::Refresh] {
        if evidence.foreign().any(|request| request.deed == deed && request.took_effect()) {
            let rule = "The victim's server logged an effect that a page of another origin asked for.";
            return Judgement::of_deed(Verdict::Forged, rule, deed);
        }
    }
    // A transfer is the last thing that such a page tries.
    let Some(last) = evidence.foreign().filter(|request| request.deed == Deed::Transfer).last() else {
        return inconclusive("No request of another origin reached the victim's server.");
    };
    match last.status {
        403 => Judgement::new(Verdict::Refused, "The request arrived and failed the check of where it came from."),
        401 if last.credential.is_none() && evidence.cookie_kept() => {
            Judgement::new(Verdict::Blocked, "The request arrived without the cookie that the browser has.")
        }
        401 => Judgement::new(Verdict::Refused, "The request arrived with nothing that proves who is signed in."),
        _ => inconclusive("The victim's server answered neither with success nor with a refusal."),
    }
}

fn reload(evidence: &Evidence) -> Judgement {
    let is_load = |request: &Request| request.deed == Deed::Page;
    let loads = evidence.requests.iter().filter(|request| is_load(request)).count();
    let Some(last) = evidence.requests.iter().rposition(is_load).filter(|_| loads > 1) else {
        return inconclusive("The page was not loaded a second time.");
    };
    let done = |deed| evidence.requests[last..].iter().any(|request| request.deed == deed && request.took_effect());
    match (done(Deed::Who), done(Deed::Refresh)) {
        (true, false) => Judgement::new(Verdict::SignedIn, "The page was answered as Alice without a refresh."),
        (true, true) => Judgement::new(Verdict::NeedsRefresh, "The page was answered as Alice after a refresh."),
        (false, _) => inconclusive("The page was not answered as Alice again."),
    }
}

#[cfg(test)]
mod tests;
