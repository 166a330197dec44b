//! What can happen next.

use super::{
    schedules::{Browser, May, Schedules},
    server::{GRACE, Server, TICK, Verdict},
    world::{Breach, Leg, Message, Sender, Tab, World},
};
use counterfoil::server::auth::rotation::{Session, Superseded};
use stateright::{Model, Property};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How often the clock is stepped back in a schedule, and by how many ticks.
const STEPS_BACK: u32 = 2;
const STEP_BACK: u32 = 2;
/// How many generations a restored row may be behind.
const BEHIND: u32 = 2;
/// How many messages may be under way.
const ROOM: usize = 4;

/// The protocol under certain circumstances.
#[derive(Clone)]
pub struct Rotation {
    pub schedules: Schedules,
    pub tally: Arc<Tally>,
}

/// What happened how often, over all schedules: a model in which nothing happens would keep every promise.
#[derive(Debug, Default)]
pub struct Tally {
    rotations: AtomicUsize,
    repeats: AtomicUsize,
    adoptions: AtomicUsize,
    reuses: AtomicUsize,
    lost_races: AtomicUsize,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Tick,
    /// A tab sends a refresh with what is in the jar.
    Send {
        tab: usize,
    },
    /// A request reaches the server.
    Arrive(Message),
    /// The server writes what it decided.
    Write(Message),
    /// A reply reaches the browser.
    Land(Message),
    Lose(Message),
    Copy(Message),
    Close {
        tab: usize,
    },
    /// The owner uses an access token.
    Use {
        generation: u32,
    },
    WriteProof,
    Restart,
    ClockBack,
    BackUp,
    Restore,
    Steal,
    Replay {
        generation: u32,
        gets_reply: bool,
    },
    /// The thief uses an access token.
    Misuse {
        generation: u32,
    },
}

impl Rotation {
    pub fn new(schedules: Schedules) -> Self {
        Self { schedules, tally: Arc::default() }
    }

    /// Somebody presents a token.
    fn receive(&self, world: &mut World, presented: u32) -> Verdict {
        let is_late_replay = self.schedules.may(May::Steal) && is_late_replay(world, presented);
        let behind = presented > world.server.row.generation;
        let graces = world.server.row.superseded.clone();
        let verdict = world.server.receive(presented, self.schedules.rules);
        if self.schedules.may(May::Steal) && world.server.row.superseded != graces {
            // Recovered: its window begins anew.
            world.record.replaced.retain(|superseded| superseded.generation != presented);
            world.record.replaced.push(Superseded { generation: presented, at: world.server.now });
        }
        match &verdict {
            Verdict::Write(_) if behind => Tally::count(&self.tally.adoptions),
            Verdict::Write(_) => {}
            Verdict::Answer(_) => Tally::count(&self.tally.repeats),
            Verdict::Refuse(_) => Tally::count(&self.tally.reuses),
        }
        if is_late_replay {
            world.breach = match verdict {
                Verdict::Refuse(_) if world.server.is_live() => Some(Breach::ReplayEndedNothing),
                Verdict::Refuse(_) => None,
                Verdict::Write(_) | Verdict::Answer(_) => Some(Breach::ReplayGotToken),
            };
        }
        verdict
    }

    /// Writes a rotation if the row is still the one that was read.
    fn write(&self, world: &mut World, presented: u32, from: u32, row: &Session) -> bool {
        let was_live = world.server.is_live();
        let replaced = world.server.row.generation..=presented;
        if !world.server.write(from, row, self.schedules.rules) {
            Tally::count(&self.tally.lost_races);
            return false;
        }
        Tally::count(&self.tally.rotations);
        if !was_live {
            world.breach = Some(Breach::WrittenAfterEnd);
        }
        if self.schedules.may(May::Steal) {
            let at = world.server.now;
            world.record.replaced.extend(replaced.map(|generation| Superseded { generation, at }));
        }
        true
    }

    /// A request of the owner's reaches the server.
    fn arrive(&self, world: &mut World, message: &Message, presented: u32) {
        let from = world.server.row.generation;
        match self.receive(world, presented) {
            Verdict::Write(row) => {
                world.wire.push(Message { leg: Leg::Writing { presented, from, row }, ..message.clone() });
            }
            Verdict::Answer(generation) => self.answer(world, message, generation),
            Verdict::Refuse(outcome) => {
                if let Sender::Tab(tab) = message.from {
                    world.tabs[tab].is_waiting = false;
                }
                if !self.schedules.may(May::Steal) {
                    world.breach = Some(Breach::OwnerRefused(outcome));
                }
            }
        }
    }

    fn answer(&self, world: &mut World, request: &Message, generation: u32) {
        if request.from != Sender::Network {
            // Where patience is not what ends an exchange first, the time that the request took makes no difference.
            let is_limit = self.schedules.patience < self.schedules.request + self.schedules.reply;
            let before = if is_limit { request.age } else { 0 };
            world.wire.push(Message { from: request.from, leg: Leg::Reply(generation), age: 0, before });
        }
    }

    /// The browser takes the cookie over, then the tab looks at the reply and tells the other tabs at once.
    fn land(&self, world: &mut World, from: Sender, generation: u32) {
        let keeps_newest = self.schedules.browser == Browser::KeepsNewest;
        world.jar = if keeps_newest { world.jar.max(generation) } else { generation };
        let Sender::Tab(tab) = from else { return };
        world.tabs[tab].is_waiting = false;
        let is_outdated = |tab: &Tab| tab.newest.is_some_and(|newest| newest > generation);
        if self.schedules.browser == Browser::Heals && is_outdated(&world.tabs[tab]) {
            send(world, tab);
            return;
        }
        // After three healings in a row the machine would give up; so many do not fit into the pace of the model.
        world.tabs[tab].newest = Some(generation);
        for tab in world.tabs.iter_mut().filter(|tab| !is_outdated(tab)) {
            tab.newest = Some(generation);
        }
    }

    fn browser_steps(&self, world: &World, steps: &mut Vec<Step>) {
        let is_free = self.schedules.browser != Browser::TakesTurns || !world.tabs.iter().any(|tab| tab.is_waiting);
        let mut news = None;
        for (index, tab) in world.tabs.iter().enumerate() {
            if is_free && !tab.is_waiting {
                steps.push(Step::Send { tab: index });
            }
            if self.schedules.may(May::Close) {
                steps.push(Step::Close { tab: index });
            }
            news = news.max(tab.newest.filter(|newest| world.server.would_learn(*newest)));
        }
        steps.extend(news.map(|generation| Step::Use { generation }));
    }

    fn network_steps(&self, world: &World, steps: &mut Vec<Step>) {
        let copies = world.wire.iter().filter(|message| message.from == Sender::Network).count();
        for message in &world.wire {
            match message.leg {
                Leg::Request(_) => steps.push(Step::Arrive(message.clone())),
                Leg::Writing { .. } => steps.push(Step::Write(message.clone())),
                Leg::Reply(_) => steps.push(Step::Land(message.clone())),
            }
            if self.schedules.may(May::Lose) && !message.leg.is_writing() {
                steps.push(Step::Lose(message.clone()));
            }
            let is_request = matches!(message.leg, Leg::Request(_)) && message.from != Sender::Network;
            if self.schedules.may(May::Copy) && is_request && copies == 0 {
                steps.push(Step::Copy(message.clone()));
            }
        }
    }

    fn server_steps(&self, world: &World, steps: &mut Vec<Step>) {
        let server = &world.server;
        if server.queued.is_some() {
            steps.push(Step::WriteProof);
        }
        if self.schedules.may(May::Restart) && server.seen.is_some() {
            steps.push(Step::Restart);
        }
        if world.steps_back > 0 {
            steps.push(Step::ClockBack);
        }
        if self.schedules.may(May::Restore) {
            steps.push(if world.backup.is_none() { Step::BackUp } else { Step::Restore });
        }
    }

    fn thief_steps(&self, world: &World, steps: &mut Vec<Step>) {
        if !self.schedules.may(May::Steal) {
            return;
        }
        for generation in world.thief.tokens.iter().copied() {
            steps.push(Step::Replay { generation, gets_reply: true });
            if self.schedules.may(May::Lose) {
                steps.push(Step::Replay { generation, gets_reply: false });
            }
        }
        if !world.thief.tokens.contains(&world.jar) {
            steps.push(Step::Steal);
        }
        let news = world.thief.access.filter(|access| world.server.would_learn(*access));
        steps.extend(news.map(|generation| Step::Misuse { generation }));
    }

    /// Whether something has been under way for as long as it may.
    fn is_urgent(&self, message: &Message) -> bool {
        match message.leg {
            Leg::Request(_) => message.age >= self.schedules.request.min(self.schedules.patience),
            Leg::Writing { .. } => true,
            Leg::Reply(_) => message.age >= self.schedules.reply.min(self.schedules.patience - message.before),
        }
    }

    /// Uses are written down at once where nothing could get lost in between.
    fn observe(&self, world: &mut World, generation: u32) {
        world.server.observe(generation);
        if !self.schedules.may(May::Restart) && !self.schedules.may(May::Restore) {
            world.server.write_proof();
        }
        if self.schedules.may(May::Steal) {
            world.record.used = world.record.used.max(Some(generation));
        }
    }
}

/// Promise 2's replay: the token was replaced longer ago than the grace period, and somebody has used an access token
/// of a later generation here.
fn is_late_replay(world: &World, presented: u32) -> bool {
    let Server { now, row, .. } = &world.server;
    let replaced = world.record.replaced.iter().rev().find(|superseded| superseded.generation == presented);
    let is_late = replaced.is_none_or(|superseded| now.since(superseded.at) > TICK * GRACE);
    row.ended.is_none() && presented < row.generation && is_late && world.record.used > Some(presented)
}

fn send(world: &mut World, tab: usize) {
    world.tabs[tab].is_waiting = true;
    world.wire.push(Message { from: Sender::Tab(tab), leg: Leg::Request(world.jar), age: 0, before: 0 });
}

fn take(world: &mut World, message: &Message) {
    let index = world.wire.iter().position(|other| other == message);
    world.wire.remove(index.unwrap());
}

/// Forgets the proofs that a crash or a restored backup took along.
fn lose_proofs(world: &mut World) {
    let row = &world.server.row;
    let kept = if row.proven { Some(row.generation) } else { row.generation.checked_sub(1) };
    world.record.used = world.record.used.min(kept);
}

impl Model for Rotation {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let steps_back = if self.schedules.may(May::StepBack) { STEPS_BACK } else { 0 };
        vec![World::begun(self.schedules.tabs, steps_back, GRACE + STEP_BACK * steps_back + 1)]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        if world.breach.is_some() || !world.server.is_live() {
            return;
        }
        if world.wire.iter().any(|message| message.leg.is_writing()) {
            // Between its read and its write only what touches the row can make a difference; everything else may as
            // well happen before or after.
            self.network_steps(world, steps);
            self.thief_steps(world, steps);
            steps.retain(|step| matches!(step, Step::Arrive(_) | Step::Write(_) | Step::Replay { .. }));
            return;
        }
        if !world.wire.iter().any(|message| self.is_urgent(message)) {
            steps.push(Step::Tick);
        }
        self.browser_steps(world, steps);
        self.network_steps(world, steps);
        self.server_steps(world, steps);
        self.thief_steps(world, steps);
    }

    fn next_state(&self, last: &World, step: Step) -> Option<World> {
        let mut world = last.clone();
        match step {
            Step::Tick => {
                world.server.now = world.server.now + TICK;
                world.wire.iter_mut().for_each(|message| message.age += 1);
            }
            Step::Send { tab } => send(&mut world, tab),
            Step::Arrive(message) => {
                take(&mut world, &message);
                let presented = message.leg.generation();
                self.arrive(&mut world, &message, presented);
            }
            Step::Write(message) => {
                take(&mut world, &message);
                let Leg::Writing { presented, from, row } = &message.leg else { return None };
                if self.write(&mut world, *presented, *from, row) {
                    self.answer(&mut world, &message, presented + 1);
                } else {
                    let presented = *presented;
                    self.arrive(&mut world, &message, presented);
                }
            }
            Step::Land(message) => {
                take(&mut world, &message);
                self.land(&mut world, message.from, message.leg.generation());
            }
            Step::Lose(message) => {
                take(&mut world, &message);
                if let Sender::Tab(tab) = message.from {
                    world.tabs[tab].is_waiting = false;
                }
            }
            Step::Copy(message) => world.wire.push(Message { from: Sender::Network, ..message }),
            Step::Close { tab } => {
                for message in world.wire.iter_mut().filter(|message| message.from == Sender::Tab(tab)) {
                    message.from = Sender::ClosedPage;
                }
                world.tabs[tab] = Tab::default();
            }
            Step::Use { generation } | Step::Misuse { generation } => self.observe(&mut world, generation),
            Step::WriteProof => world.server.write_proof(),
            Step::Restart => {
                world.server.restart();
                lose_proofs(&mut world);
            }
            Step::ClockBack => {
                world.steps_back -= 1;
                world.server.now = world.server.now - TICK * STEP_BACK;
            }
            Step::BackUp => world.backup = Some(world.server.row.clone()),
            Step::Restore => {
                world.server.restart();
                world.server.row = world.backup.take()?;
                let generation = world.server.row.generation;
                world.record.replaced.retain(|superseded| superseded.generation < generation);
                lose_proofs(&mut world);
            }
            Step::Steal => _ = world.thief.tokens.insert(world.jar),
            Step::Replay { generation, gets_reply } => {
                // He may take his time before, so his requests need not be slow.
                let from = world.server.row.generation;
                let token = match self.receive(&mut world, generation) {
                    Verdict::Write(row) => {
                        self.write(&mut world, generation, from, &row);
                        Some(generation + 1)
                    }
                    Verdict::Answer(current) => Some(current),
                    Verdict::Refuse(_) => None,
                };
                if let Some(token) = token.filter(|_| gets_reply) {
                    world.thief.tokens.insert(token);
                    world.thief.access = world.thief.access.max(Some(token));
                }
            }
        }
        if self.schedules.browser != Browser::Heals {
            // Then all that matters of a tab's access token is whether its use would be a proof.
            let oldest = world.backup.as_ref().map_or(u32::MAX, |row| row.generation).min(world.server.row.generation);
            world.tabs.iter_mut().for_each(|tab| tab.newest = tab.newest.filter(|newest| *newest >= oldest));
        }
        Some(world)
    }

    fn within_boundary(&self, world: &World) -> bool {
        let Server { now, row, .. } = &world.server;
        let pace = row.superseded.iter().filter(|superseded| now.since(superseded.at) <= TICK * GRACE).count();
        let behind = world.backup.as_ref().map_or(0, |backup| row.generation.saturating_sub(backup.generation));
        pace <= self.schedules.pace && behind <= BEHIND && world.wire.len() <= ROOM
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(PROMISE, |_, world: &World| world.breach.is_none()),
            Property::sometimes("tokens rotate", |model: &Self, _| Tally::has(&model.tally.rotations)),
            Property::sometimes("the current token is repeated", |model: &Self, _| Tally::has(&model.tally.repeats)),
        ];
        if self.schedules.browser != Browser::TakesTurns || self.schedules.may(May::Steal) {
            properties.push(Property::sometimes("a write comes too late", |model: &Self, _| {
                Tally::has(&model.tally.lost_races)
            }));
        }
        if self.schedules.may(May::Restore) {
            properties.push(Property::sometimes("a lost generation is adopted", |model: &Self, _| {
                Tally::has(&model.tally.adoptions)
            }));
        }
        if self.schedules.may(May::Steal) {
            properties.push(Property::sometimes("a session ends for reuse", |model: &Self, world: &World| {
                Tally::has(&model.tally.reuses) && !world.server.is_live()
            }));
        }
        properties
    }
}

/// The name of what must always hold.
pub const PROMISE: &str = "no promise is broken";

impl Tally {
    fn count(counter: &AtomicUsize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn has(counter: &AtomicUsize) -> bool {
        counter.load(Ordering::Relaxed) > 0
    }
}
