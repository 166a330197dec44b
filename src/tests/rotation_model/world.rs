//! Everything that moves: the server, the owner's browser, the network between them, and a thief.

use super::server::Server;
use counterfoil::server::auth::rotation::{Outcome, Session, Superseded};
use std::collections::BTreeSet;

/// The world between two steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    pub server: Server,
    /// A copy of the row that may come back.
    pub backup: Option<Session>,
    /// The generation in the refresh cookie, which all tabs share.
    pub jar: u32,
    pub tabs: Vec<Tab>,
    pub wire: Vec<Message>,
    pub thief: Thief,
    pub record: Record,
    pub breach: Option<Breach>,
    /// How often the clock may still be stepped back.
    pub steps_back: u32,
    /// From this age on, in ticks, all ages are alike.
    pub old: i64,
}

/// A tab of the owner's, as far as `client/refresh.rs` matters here. It may refresh whenever no request of its own is
/// in flight: because one is due, a call was refused, the page was woken, loaded or came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    pub is_waiting: bool,
    /// The newest generation of which it has heard; it holds the access token that came with it. Access tokens do not
    /// expire in the model, which only adds schedules.
    pub newest: Option<u32>,
}

/// A request or a reply under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub from: Sender,
    pub leg: Leg,
    /// For how many ticks it has been on this leg.
    pub age: u32,
    /// How many ticks were spent before this leg.
    pub before: u32,
}

/// Who sent the request and gets the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sender {
    Tab(usize),
    /// A page that is gone. The browser may still keep the cookie, but nothing else happens.
    ClosedPage,
    /// The network, which repeated a request. Nobody gets the reply.
    Network,
}

/// Where a message is, and the generation that it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leg {
    Request(u32),
    /// The server has read the row of generation `from` and is about to write `row`.
    Writing {
        presented: u32,
        from: u32,
        row: Session,
    },
    Reply(u32),
}

impl Leg {
    pub const fn generation(&self) -> u32 {
        match self {
            Self::Request(generation) | Self::Reply(generation) | Self::Writing { presented: generation, .. } => {
                *generation
            }
        }
    }

    pub const fn is_writing(&self) -> bool {
        matches!(self, Self::Writing { .. })
    }
}

/// Somebody who copies refresh tokens out of the jar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thief {
    pub tokens: BTreeSet<u32>,
    /// The newest generation of which he was given an access token.
    pub access: Option<u32>,
}

/// What happened, noted beside the server's own books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// When generations were replaced.
    pub replaced: Vec<Superseded>,
    /// The newest generation of which anybody has used an access token here, unless a crash or a restored backup
    /// took the proof along.
    pub used: Option<u32>,
}

/// A promise that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The first: the owner was refused.
    OwnerRefused(Outcome),
    /// The second: a replay after the window got a token.
    ReplayGotToken,
    /// The second: a replay after the window left the session live.
    ReplayEndedNothing,
    /// The third: a rotation was written after the end.
    WrittenAfterEnd,
}

impl World {
    pub fn begun(tabs: usize, steps_back: u32, old: u32) -> Self {
        Self {
            server: Server::begun(),
            backup: None,
            jar: 0,
            tabs: vec![Tab { is_waiting: false, newest: Some(0) }; tabs],
            wire: Vec::new(),
            thief: Thief::default(),
            record: Record::default(),
            breach: None,
            steps_back,
            old: i64::from(old),
        }
    }
}
