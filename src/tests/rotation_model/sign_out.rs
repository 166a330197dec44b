//! Promise 3: signing out and in while refreshes are under way. Time stands still here; only the order matters.

use super::server::{Rules, Server, Verdict};
use counterfoil::{server::auth::rotation::Session, shared::EndReason};
use stateright::{Checker, HasDiscoveries, Model, Property};
use std::hash::{Hash, Hasher};

const SESSIONS: usize = 2;
const OLD: usize = 0;
const NEW: usize = 1;
/// How many generations a session may get to, so that there is an end of states.
const GENERATIONS: u32 = 2;
/// How many refreshes may be under way.
const REFRESHES: usize = 2;

/// How the refresh cookies are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// As in the product: the name carries the session.
    OnePerSession,
    OneForAll,
}

/// A browser that is signed in, signs out, and signs in again.
#[derive(Clone, Copy)]
struct SignOut {
    rules: Rules,
    names: Names,
}

/// The refresh tokens in the jar or in a request, by session.
type Cookies = [Option<u32>; SESSIONS];

#[derive(Clone, Debug, PartialEq, Eq)]
struct World {
    /// The second session begins with the sign-in.
    servers: [Option<Server>; SESSIONS],
    jar: Cookies,
    wire: Vec<Message>,
    /// Whether a sign-out is still to be tried.
    may_sign_out: bool,
    /// Whether the owner was told that he is signed in again, and has done nothing since but refresh.
    is_signed_in: bool,
    seen: Seen,
    breach: Option<Breach>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Message {
    Refresh(Cookies),
    /// About to write a row of this session.
    Writing {
        cookies: Cookies,
        session: usize,
        from: u32,
        row: Row,
    },
    SignOut(Cookies),
    SignIn(Cookies),
    Reply {
        set: Option<(usize, u32)>,
        clear: Vec<usize>,
        signs_in: bool,
    },
}

/// A row about to be written; its generation tells it from all others, since time stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row(Session);

impl Hash for Row {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.generation.hash(hasher);
    }
}

/// What has to happen in some schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Seen {
    refresh_lost_to_the_end: bool,
    late_reply_after_sign_in: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Breach {
    WrittenAfterEnd,
    CookieLost,
    OwnerRefused,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Refresh,
    SignOut,
    SignIn,
    Arrive(usize),
    Write(usize),
    Land(usize),
    Lose(usize),
}

impl Hash for World {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let rows = self.servers.each_ref().map(|server| {
            server.as_ref().map(|server| (server.row.generation, server.row.superseded.len(), server.is_live()))
        });
        (rows, self.jar, &self.wire, self.may_sign_out, self.is_signed_in, self.seen, self.breach).hash(hasher);
    }
}

impl SignOut {
    fn set(self, world: &mut World, session: usize, generation: u32) {
        if self.names == Names::OneForAll {
            world.jar = Cookies::default();
        }
        world.jar[session] = Some(generation);
    }

    fn clear(self, world: &mut World, session: usize) {
        match self.names {
            Names::OnePerSession => world.jar[session] = None,
            Names::OneForAll => world.jar = Cookies::default(),
        }
    }

    /// The newest live session of those presented; the names of ended ones are cleared.
    fn refresh(self, world: &mut World, cookies: Cookies) {
        let mut clear = Vec::new();
        for session in (0..SESSIONS).rev() {
            let (Some(presented), Some(server)) = (cookies[session], &mut world.servers[session]) else { continue };
            let from = server.row.generation;
            let was_live = server.is_live();
            let reply = match server.receive(presented, self.rules) {
                Verdict::Write(row) => Message::Writing { cookies, session, from, row: Row(row) },
                Verdict::Answer(current) => {
                    Message::Reply { set: Some((session, current)), clear: clear.clone(), signs_in: false }
                }
                Verdict::Refuse(_) => {
                    clear.push(session);
                    continue;
                }
            };
            if !was_live {
                world.breach = Some(Breach::WrittenAfterEnd);
            }
            world.wire.push(reply);
            return;
        }
        if world.is_signed_in && cookies[NEW].is_some() {
            world.breach = Some(Breach::OwnerRefused);
        }
        world.wire.push(Message::Reply { set: None, clear, signs_in: false });
    }

    fn write(self, world: &mut World, cookies: Cookies, session: usize, from: u32, row: &Session) {
        let Some(server) = &mut world.servers[session] else { return };
        let was_live = server.is_live();
        if server.write(from, row, self.rules) {
            if !was_live {
                world.breach = Some(Breach::WrittenAfterEnd);
            }
            let set = Some((session, row.generation));
            world.wire.push(Message::Reply { set, clear: Vec::new(), signs_in: false });
        } else {
            world.seen.refresh_lost_to_the_end |= !was_live;
            self.refresh(world, cookies);
        }
    }

    fn arrive(self, world: &mut World, message: &Message) {
        match message {
            Message::Refresh(cookies) => self.refresh(world, *cookies),
            Message::SignOut(cookies) => {
                let clear = end(world, *cookies, EndReason::SignedOut);
                world.wire.push(Message::Reply { set: None, clear, signs_in: false });
            }
            Message::SignIn(cookies) => {
                let clear = end(world, *cookies, EndReason::Replaced);
                world.servers[NEW] = Some(Server::begun());
                world.wire.push(Message::Reply { set: Some((NEW, 0)), clear, signs_in: true });
            }
            Message::Writing { .. } | Message::Reply { .. } => {}
        }
    }

    fn land(self, world: &mut World, set: Option<(usize, u32)>, clear: &[usize], signs_in: bool) {
        for session in clear {
            self.clear(world, *session);
        }
        if let Some((session, generation)) = set {
            world.seen.late_reply_after_sign_in |= world.is_signed_in && session == OLD;
            self.set(world, session, generation);
        }
        world.is_signed_in |= signs_in;
        if world.is_signed_in && world.jar[NEW].is_none() {
            world.breach = Some(Breach::CookieLost);
        }
    }
}

/// Ends the sessions of these cookies.
fn end(world: &mut World, cookies: Cookies, reason: EndReason) -> Vec<usize> {
    let sessions: Vec<_> = (0..SESSIONS).filter(|session| cookies[*session].is_some()).collect();
    for session in &sessions {
        if let Some(server) = &mut world.servers[*session] {
            server.end(reason);
        }
    }
    sessions
}

impl Model for SignOut {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            servers: [Some(Server::begun()), None],
            jar: [Some(0), None],
            wire: Vec::new(),
            may_sign_out: true,
            is_signed_in: false,
            seen: Seen::default(),
            breach: None,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        if world.breach.is_some() {
            return;
        }
        let is_refresh = |message: &&Message| !matches!(message, Message::SignOut(_) | Message::SignIn(_));
        if world.jar != Cookies::default() && world.wire.iter().filter(is_refresh).count() < REFRESHES {
            steps.push(Step::Refresh);
        }
        if world.may_sign_out {
            steps.push(Step::SignOut);
        }
        if world.servers[NEW].is_none() && !world.wire.iter().any(|message| matches!(message, Message::SignIn(_))) {
            steps.push(Step::SignIn);
        }
        for (index, message) in world.wire.iter().enumerate() {
            steps.push(match message {
                Message::Writing { .. } => Step::Write(index),
                Message::Reply { .. } => Step::Land(index),
                _ => Step::Arrive(index),
            });
            let is_lost_for_good = matches!(message, Message::Refresh(_) | Message::Reply { signs_in: false, .. });
            if is_lost_for_good {
                steps.push(Step::Lose(index));
            }
        }
    }

    fn next_state(&self, last: &World, step: Step) -> Option<World> {
        let mut world = last.clone();
        match step {
            Step::Refresh => world.wire.push(Message::Refresh(world.jar)),
            Step::SignOut => {
                world.may_sign_out = false;
                world.is_signed_in = false;
                world.wire.push(Message::SignOut(world.jar));
            }
            Step::SignIn => world.wire.push(Message::SignIn(world.jar)),
            Step::Arrive(index) => {
                let message = world.wire.remove(index);
                self.arrive(&mut world, &message);
            }
            Step::Write(index) => {
                let Message::Writing { cookies, session, from, row } = world.wire.remove(index) else { return None };
                self.write(&mut world, cookies, session, from, &row.0);
            }
            Step::Land(index) => {
                let Message::Reply { set, clear, signs_in } = world.wire.remove(index) else { return None };
                self.land(&mut world, set, &clear, signs_in);
            }
            Step::Lose(index) => _ = world.wire.remove(index),
        }
        world.wire.sort_by_cached_key(|message| format!("{message:?}"));
        Some(world)
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.servers.iter().flatten().all(|server| server.row.generation <= GENERATIONS)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(PROMISE, |_, world: &World| world.breach.is_none()),
            Property::sometimes("a refresh loses to the end", |_, world: &World| world.seen.refresh_lost_to_the_end),
            Property::sometimes("a late reply lands after a sign-in", |_, world: &World| {
                world.seen.late_reply_after_sign_in
            }),
        ]
    }
}

const PROMISE: &str = "what has ended stays ended, and a new sign-in keeps its cookie";

const REAL: SignOut = SignOut { rules: Rules::Real, names: Names::OnePerSession };

fn breach(model: SignOut) -> Option<Breach> {
    let checker = model.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    checker.discovery(PROMISE)?.last_state().breach
}

#[test]
fn what_has_ended_stays_ended_and_a_new_sign_in_keeps_its_cookie() {
    let checker = REAL.checker().spawn_bfs().join();
    println!("signing out and in: {} worlds, {} steps deep", checker.unique_state_count(), checker.max_depth());
    checker.assert_properties();
}

#[test]
fn without_the_conditional_update_a_refresh_undoes_a_sign_out() {
    assert_eq!(breach(SignOut { rules: Rules::UnconditionalUpdate, ..REAL }), Some(Breach::WrittenAfterEnd));
}

#[test]
fn with_one_name_for_all_cookies_a_late_reply_costs_a_new_sign_in_its_cookie() {
    assert_eq!(breach(SignOut { names: Names::OneForAll, ..REAL }), Some(Breach::CookieLost));
}
