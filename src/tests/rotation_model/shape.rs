//! Which worlds are alike.

use super::world::{Leg, Message, Sender, World};
use counterfoil::server::{
    auth::rotation::{Session, Superseded},
    clock::Timestamp,
};
use std::hash::{Hash, Hasher};

/// A world with its times and generations counted from the server's present ones.
///
/// Two worlds of one shape have the same future: the protocol compares times and generations and never asks for their
/// values; ages beyond every limit are alike; so are generations beyond every window, but for their order; and so are
/// the tabs. The shapes are finitely many although the runs have no end, so the promises are checked for runs of any
/// length.
#[derive(Hash)]
struct Shape {
    row: RowShape,
    seen: Option<i64>,
    queued: Option<i64>,
    backup: Option<(i64, RowShape)>,
    jar: i64,
    tabs: Vec<(bool, Option<i64>, Option<MessageShape>)>,
    strays: Vec<(Sender, MessageShape)>,
    thief: (Vec<i64>, Option<i64>),
    record: (Vec<(i64, i64)>, Option<i64>),
    steps_back: u32,
    is_broken: bool,
}

/// Whether it is proven and ended, and what it replaced how long ago.
type RowShape = (bool, bool, Vec<(i64, i64)>);

/// The leg, its generation, its age, the time before it, and for a writer what it read and will write.
type MessageShape = (u8, i64, u32, u32, Option<(i64, RowShape)>);

impl Hash for World {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        View::of(self).shape().hash(hasher);
    }
}

/// A world, and what its generations are counted from.
struct View<'a> {
    world: &'a World,
    current: i64,
    /// Generations below it are beyond every window.
    floor: i64,
    /// Those that are under way or in the browser, in order.
    below: Vec<i64>,
}

impl<'a> View<'a> {
    fn of(world: &'a World) -> Self {
        let mut view = Self { world, current: i64::from(world.server.row.generation), floor: 0, below: Vec::new() };
        view.floor = [Some(&world.server.row), world.backup.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|row| {
                let parent = i64::from(row.generation) - 1;
                view.recent(&row.superseded).map(|(generation, _)| generation).chain([parent])
            })
            .min()
            .unwrap_or_default();
        let under_way = world.wire.iter().map(|message| message.leg.generation());
        let in_browser = world.tabs.iter().filter_map(|tab| tab.newest).chain([world.jar]);
        view.below = under_way.chain(in_browser).map(i64::from).filter(|generation| *generation < view.floor).collect();
        view.below.sort_unstable();
        view.below.dedup();
        view
    }

    fn age(&self, at: Timestamp) -> i64 {
        self.world.server.now.as_secs() - at.as_secs()
    }

    fn recent(&self, superseded: &[Superseded]) -> impl Iterator<Item = (i64, i64)> {
        let ages = superseded.iter().map(|s| (i64::from(s.generation), self.age(s.at)));
        ages.filter(|(_, age)| *age < self.world.old)
    }

    fn relative(&self, generation: u32) -> i64 {
        let generation = i64::from(generation);
        if generation >= self.floor {
            return generation - self.current;
        }
        let rank = self.below.len() - self.below.binary_search(&generation).unwrap_or_default();
        self.floor - self.current - i64::try_from(rank).unwrap_or_default()
    }

    fn list(&self, superseded: &[Superseded]) -> Vec<(i64, i64)> {
        self.recent(superseded).map(|(generation, age)| (generation - self.current, age)).collect()
    }

    fn row(&self, row: &Session) -> RowShape {
        (row.proven, row.ended.is_some(), self.list(&row.superseded))
    }

    fn message(&self, message: &Message) -> MessageShape {
        let (leg, writing) = match &message.leg {
            Leg::Request(_) => (0, None),
            Leg::Writing { from, row, .. } => (1, Some((self.relative(*from), self.row(row)))),
            Leg::Reply(_) => (2, None),
        };
        (leg, self.relative(message.leg.generation()), message.age, message.before, writing)
    }

    fn shape(&self) -> Shape {
        let world = self.world;
        let server = &world.server;
        let mut tabs: Vec<_> = (0..world.tabs.len())
            .map(|index| {
                let message = world.wire.iter().find(|message| message.from == Sender::Tab(index));
                let tab = world.tabs[index];
                (tab.is_waiting, tab.newest.map(|newest| self.relative(newest)), message.map(|m| self.message(m)))
            })
            .collect();
        tabs.sort();
        let is_stray = |message: &&Message| !matches!(message.from, Sender::Tab(_));
        let mut strays: Vec<_> =
            world.wire.iter().filter(is_stray).map(|message| (message.from, self.message(message))).collect();
        strays.sort();
        let mut stolen: Vec<_> = world.thief.tokens.iter().map(|token| i64::from(*token).max(self.floor - 1)).collect();
        stolen.dedup();
        // Uses of older generations prove nothing, not even after a backup came back.
        let oldest_row =
            world.backup.as_ref().map_or(server.row.generation, |row| row.generation.min(server.row.generation));
        let is_news = |generation: &u32| *generation >= oldest_row;
        Shape {
            row: self.row(&server.row),
            seen: server.seen.filter(is_news).map(|seen| self.relative(seen)),
            queued: server.queued.filter(is_news).map(|queued| self.relative(queued)),
            backup: world.backup.as_ref().map(|row| (self.relative(row.generation), self.row(row))),
            jar: self.relative(world.jar),
            tabs,
            strays,
            thief: (
                stolen.into_iter().map(|token| token - self.current).collect(),
                world.thief.access.filter(is_news).map(|access| self.relative(access)),
            ),
            record: (
                self.list(&world.record.replaced),
                world.record.used.map(|used| i64::from(used).max(self.floor - 1) - self.current),
            ),
            steps_back: world.steps_back,
            is_broken: world.breach.is_some(),
        }
    }
}
