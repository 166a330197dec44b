//! Going through all schedules, and showing one that breaks a promise.

use super::{
    schedules::Schedules,
    steps::{PROMISE, Rotation, Step},
    world::{Breach, World},
};
use stateright::{Checker, HasDiscoveries, Model};

const THREADS: usize = 2;

/// Goes through all schedules. No promise may break, and everything that should happen in one of them has to.
#[track_caller]
pub fn holds(what: &str, schedules: &Schedules) {
    let model = Rotation::new(*schedules);
    let checker = model.checker().threads(THREADS).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    println!("{what}: {} worlds, {} steps deep", checker.unique_state_count(), checker.max_depth());
    assert!(checker.discovery(PROMISE).is_none(), "{what}: {}", shortest(schedules));
    checker.assert_properties();
}

/// Goes through the schedules until one breaks a promise, and says how.
#[track_caller]
pub fn breaks(what: &str, schedules: &Schedules) -> Breach {
    let model = Rotation::new(*schedules);
    let checker = model.checker().threads(THREADS).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let Some(path) = checker.discovery(PROMISE) else { panic!("{what}: every promise holds") };
    println!("{what}: broken, after {} worlds", checker.unique_state_count());
    path.last_state().breach.unwrap()
}

/// The shortest schedule that breaks a promise, one step a line.
pub fn shortest(schedules: &Schedules) -> String {
    for depth in 1.. {
        let model = Rotation::new(*schedules);
        let searched = model.checker().target_max_depth(depth).finish_when(HasDiscoveries::AnyFailures);
        if let Some(path) = searched.spawn_bfs().join().discovery(PROMISE) {
            let breach = path.last_state().breach;
            let lines: String =
                path.into_vec().iter().filter_map(|(world, step)| Some(line(world, step.as_ref()?))).collect();
            return format!("{breach:?} after {} steps\n{lines}", depth - 1);
        }
    }
    unreachable!("there is a schedule that breaks a promise")
}

fn line(world: &World, step: &Step) -> String {
    let begun = World::begun(0, 0, 0).server.now;
    let step = match step {
        Step::Arrive(message) => format!("{:?} presents R{}", message.from, message.leg.generation()),
        Step::Write(message) => format!("R{} is written for {:?}", message.leg.generation() + 1, message.from),
        Step::Land(message) => format!("R{} reaches {:?}", message.leg.generation(), message.from),
        Step::Lose(message) => format!("the {:?} of {:?} is lost", message.leg, message.from),
        Step::Copy(message) => format!("the {:?} of {:?} is copied", message.leg, message.from),
        step => format!("{step:?}"),
    };
    let time = world.server.now.as_secs() - begun.as_secs();
    let proven = if world.server.is_proven() { "used" } else { "unused" };
    format!("  {time} s, R{} current and {proven}, R{} in the jar: {step}\n", world.server.row.generation, world.jar)
}
