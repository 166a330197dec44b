//! The circumstances under which a promise is checked.

use super::server::Rules;

/// What may happen, and how long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Schedules {
    pub rules: Rules,
    pub browser: Browser,
    pub tabs: usize,
    /// For how many ticks a request may be under way at most.
    pub request: u32,
    /// For how many ticks a reply may be under way at most.
    pub reply: u32,
    /// After how many ticks the browser half gives an exchange up, whichever of the two was slow.
    pub patience: u32,
    /// How many generations may be replaced within one grace period; without a bound there would be no end of states.
    pub pace: usize,
    pub may: &'static [May],
}

/// What may happen beside refreshes, uses of access tokens, and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Requests and replies are lost.
    Lose,
    /// The network delivers a request twice.
    Copy,
    /// Tabs are closed and opened, also while a request is in flight.
    Close,
    /// The server loses what is in memory.
    Restart,
    /// An old row comes back.
    Restore,
    /// The server's clock is stepped back.
    StepBack,
    /// Somebody copies tokens out of the jar.
    Steal,
}

/// How the browser half deals with several requests in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// As the product without Web Locks: the jar holds the reply that came last, and a tab that gets a reply older
    /// than one of which it has heard refreshes again at once.
    Heals,
    /// The same without that rule.
    DoesNotHeal,
    /// As the product with Web Locks: one request at a time.
    TakesTurns,
    /// As if a late reply could not replace the cookie of a newer one.
    KeepsNewest,
}

impl Schedules {
    pub fn may(&self, what: May) -> bool {
        self.may.contains(&what)
    }
}
