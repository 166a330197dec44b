//! When to refresh, and what to do with the reply: a pure state machine (DESIGN section 6).
//!
//! It knows no token, no clock and no network. The driver tells it what happened and when, and carries out what it
//! answers.

use crate::shared::EndReason;

/// Milliseconds on a clock that never steps.
pub type Millis = u64;

/// The refresh is due when this share of the access token's life has passed, in per cent…
const DUE_PERCENT: u64 = 75;
/// …and up to this much more, so that tabs and clients do not refresh in step.
const DUE_JITTER_PERCENT: u64 = 10;
/// However short a life, never refresh more often than this.
const DUE_FLOOR: Millis = 500;
/// The first wait after a failure; it doubles with each further one.
const BACK_OFF: Millis = 1_000;
/// The longest wait between two tries.
const BACK_OFF_MAX: Millis = 60_000;
/// How often in a row a reply may be found out of date before it is taken as it is.
const MAX_HEALS: u32 = 3;

/// What identifies an access token among those of this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its session.
    pub session: String,
    /// The generation of the refresh token that it came with.
    pub generation: u32,
    /// How long it lives from now.
    pub life: Millis,
}

/// The reply to a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A new access token.
    Fresh(Grant),
    /// The server says that there is no session, or that it has ended and why.
    Refused(Option<EndReason>),
    /// No answer, or an answer that says nothing about the session. Not a sign-out.
    Failed {
        /// How long the server asks to wait.
        retry_after: Option<Millis>,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The page came alive.
    Started,
    /// The wait that was asked for is over.
    TimerFired,
    /// The page is visible or online again.
    Woke,
    /// The page came back from the browser's cache and may have missed anything.
    Returned,
    /// A call was refused with `token_expired`; it used the token with this serial number.
    Expired {
        /// Serial number of the token.
        serial: u32,
    },
    /// A call was refused with `token_revoked` or `invalid_token`.
    Rejected,
    /// The request is about to leave.
    Dispatched {
        /// Which.
        request: u32,
    },
    /// A request was answered.
    Replied {
        /// Which.
        request: u32,
        /// How.
        reply: Reply,
    },
    /// This tab signs in or out: whatever is under way belongs to the past.
    Interrupted,
    /// This tab signed in.
    SignedIn(Grant),
    /// This tab signed out.
    SignedOut(Option<EndReason>),
    /// Another tab has a new access token.
    PeerFresh(Grant),
    /// Another tab signed out.
    PeerSignedOut(Option<EndReason>),
}

/// What to do about it, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Send a refresh.
    Send {
        /// Its number.
        request: u32,
    },
    /// Give the request in flight up.
    Abort,
    /// Keep the access token of the event, and show that somebody is signed in.
    Keep,
    /// Wipe the access token, and show that nobody is signed in and why.
    Forget(Option<EndReason>),
    /// Tell the other tabs about the access token of the event.
    TellFresh,
    /// Tell the other tabs that nobody is signed in.
    TellSignedOut(Option<EndReason>),
    /// Answer everybody who waits for an access token: whether there is a new one.
    Settle(bool),
    /// Fire the timer after this time, and no earlier one.
    Wake(Millis),
    /// Fire no timer.
    Sleep,
    /// Show whether the server can be reached.
    Reachable(bool),
}

/// The state between events.
#[derive(Debug, Default)]
pub struct Machine {
    holding: Option<Holding>,
    in_flight: Option<InFlight>,
    /// The newest token of which this tab has heard, even in another tab.
    newest: Option<Grant>,
    requests: u32,
    serial: u32,
    failures: u32,
    heals: u32,
    /// Whether to keep trying: nobody is known to be signed out.
    undecided: bool,
}

#[derive(Clone, Copy, Debug)]
struct Holding {
    due_at: Millis,
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    request: u32,
    dispatched: bool,
    /// Another tab got a token after the request left.
    overtaken: bool,
}

impl Machine {
    /// The serial number of the access token that is held; each new one has the next.
    pub const fn serial(&self) -> u32 {
        self.serial
    }

    /// Takes an event in and says what to do. `jitter` is a random number from 0 to 99.
    pub fn step(&mut self, event: Event, now: Millis, jitter: u64) -> Vec<Command> {
        match event {
            Event::Started | Event::Returned => {
                self.undecided = true;
                self.send()
            }
            Event::TimerFired | Event::Woke => {
                let due = self.holding.map_or(self.undecided, |holding| now >= holding.due_at || self.failures > 0);
                if due { self.send() } else { self.wake(now) }
            }
            Event::Expired { serial } if self.holding.is_some() && serial != self.serial => vec![Command::Settle(true)],
            Event::Expired { .. } | Event::Rejected => self.send(),
            Event::Dispatched { request } => {
                if let Some(in_flight) = self.in_flight.as_mut().filter(|in_flight| in_flight.request == request) {
                    in_flight.dispatched = true;
                }
                Vec::new()
            }
            Event::Replied { request, reply } => match self.in_flight.take_if(|flight| flight.request == request) {
                Some(in_flight) => self.replied(in_flight, reply, now, jitter),
                None => Vec::new(),
            },
            Event::Interrupted => {
                let aborted = self.in_flight.take().map(|_| Command::Abort);
                aborted.into_iter().chain([Command::Settle(false), Command::Sleep]).collect()
            }
            Event::SignedIn(grant) => {
                let mut commands = self.keep(grant, now, jitter);
                commands.insert(1, Command::TellFresh);
                commands
            }
            Event::SignedOut(reason) => {
                let mut commands = self.forget(reason);
                commands.push(Command::TellSignedOut(reason));
                commands
            }
            Event::PeerFresh(grant) => self.peer_fresh(grant, now, jitter),
            Event::PeerSignedOut(reason) => {
                let aborted = self.in_flight.take().map(|_| Command::Abort);
                aborted.into_iter().chain(self.forget(reason)).collect()
            }
        }
    }

    /// Whether a request with this number is still wanted.
    pub fn wants(&self, request: u32) -> bool {
        self.in_flight.is_some_and(|in_flight| in_flight.request == request)
    }

    fn send(&mut self) -> Vec<Command> {
        if self.in_flight.is_some() {
            return Vec::new();
        }
        self.requests = self.requests.wrapping_add(1);
        self.in_flight = Some(InFlight { request: self.requests, dispatched: false, overtaken: false });
        vec![Command::Send { request: self.requests }]
    }

    fn replied(&mut self, in_flight: InFlight, reply: Reply, now: Millis, jitter: u64) -> Vec<Command> {
        match reply {
            // The cookie jar holds what arrived last. A reply that was overtaken by a newer one has set it back,
            // and the next refresh with that cookie could look like a replay: refresh again while the server
            // still takes it for what it is.
            Reply::Fresh(grant) if self.is_outdated(&grant) && self.heals < MAX_HEALS => {
                self.heals += 1;
                self.send()
            }
            Reply::Fresh(grant) => {
                self.heals = 0;
                let mut commands = self.keep(grant, now, jitter);
                commands.insert(1, Command::TellFresh);
                commands
            }
            // It may speak of a session that another tab has replaced meanwhile: ask again.
            Reply::Refused(_) if in_flight.overtaken => self.send(),
            Reply::Refused(reason) => {
                let had_session = self.holding.is_some() || reason.is_some();
                let mut commands = self.forget(reason);
                if had_session {
                    commands.push(Command::TellSignedOut(reason));
                }
                commands.push(Command::Reachable(true));
                commands
            }
            Reply::Failed { .. } if in_flight.overtaken => self.wake(now),
            Reply::Failed { retry_after } => {
                let doubled = BACK_OFF.saturating_mul(1 << self.failures.min(10)).min(BACK_OFF_MAX);
                self.failures += 1;
                let wait = (doubled + doubled * jitter / 200).max(retry_after.unwrap_or(0));
                vec![Command::Settle(false), Command::Reachable(false), Command::Wake(wait)]
            }
        }
    }

    fn peer_fresh(&mut self, grant: Grant, now: Millis, jitter: u64) -> Vec<Command> {
        if self.is_outdated(&grant) {
            return Vec::new();
        }
        match &mut self.in_flight {
            Some(in_flight) if in_flight.dispatched => in_flight.overtaken = true,
            in_flight => *in_flight = None,
        }
        self.keep(grant, now, jitter)
    }

    fn is_outdated(&self, grant: &Grant) -> bool {
        let newest = self.newest.as_ref();
        newest.is_some_and(|newest| newest.session == grant.session && newest.generation > grant.generation)
    }

    fn keep(&mut self, grant: Grant, now: Millis, jitter: u64) -> Vec<Command> {
        let percent = DUE_PERCENT * 100 + DUE_JITTER_PERCENT * jitter.min(99);
        let wait = (grant.life * percent / 10_000).max(DUE_FLOOR);
        self.serial = self.serial.wrapping_add(1);
        self.holding = Some(Holding { due_at: now + wait });
        self.newest = Some(grant);
        self.failures = 0;
        self.undecided = false;
        vec![Command::Keep, Command::Settle(true), Command::Reachable(true), Command::Wake(wait)]
    }

    fn forget(&mut self, reason: Option<EndReason>) -> Vec<Command> {
        self.holding = None;
        self.newest = None;
        self.failures = 0;
        self.heals = 0;
        self.undecided = false;
        vec![Command::Forget(reason), Command::Settle(false), Command::Sleep]
    }

    fn wake(&self, now: Millis) -> Vec<Command> {
        self.holding.map(|holding| Command::Wake(holding.due_at.saturating_sub(now).max(1))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
