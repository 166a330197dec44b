//! What the model leaves out makes no difference.

use super::{
    schedules::{Browser, May, Schedules},
    server::{Rules, hash, lineage},
    steps::Rotation,
    world::World,
};
use crate::support::SeededEntropy;
use counterfoil::server::{auth::refresh_token::RefreshKeys, id::SessionId, secret::Secret};
use stateright::Model;
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

#[test]
fn lineage_follows_from_the_generations() {
    let keys = RefreshKeys::derive(&Secret::from_bytes(&[7; 32]));
    let first = keys.first(SessionId::from_bytes([1; 16]), &SeededEntropy::new(1));
    for current in 0..6 {
        let stored = keys.hash(&keys.descendant(&first, current));
        for presented in 0..6 {
            let token = keys.descendant(&first, presented);
            let expected = lineage(presented, current, &hash(current));
            assert_eq!(keys.lineage(&token, current, &stored), expected, "R{presented} where R{current} is current");
        }
    }
}

fn shape(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    world.hash(&mut hasher);
    hasher.finish()
}

/// The shapes of the worlds that can follow, where something changes.
fn futures(model: &Rotation, world: &World) -> BTreeSet<u64> {
    let mut shapes: BTreeSet<_> =
        model.next_states(world).iter().filter(|next| model.within_boundary(next)).map(shape).collect();
    shapes.remove(&shape(world));
    shapes
}

/// The checker goes on from one world of each shape alone. This compares it with the others that it leaves out.
#[test]
fn worlds_of_one_shape_have_one_future() {
    use May::{Close, Copy, Lose, Restart, Restore, Steal, StepBack};
    const WORLDS: usize = 8_000;
    let circumstances: [(Browser, &'static [May]); 6] = [
        (Browser::Heals, &[]),
        (Browser::Heals, &[Lose, Copy]),
        (Browser::DoesNotHeal, &[Close]),
        (Browser::TakesTurns, &[Lose, Restore, StepBack]),
        (Browser::Heals, &[Steal, Lose, Restart]),
        (Browser::Heals, &[Steal, Restore]),
    ];
    for (browser, may) in circumstances {
        let schedules =
            Schedules { rules: Rules::Real, browser, tabs: 2, request: 1, reply: 1, patience: 2, pace: 3, may };
        let model = Rotation::new(schedules);
        let mut known = HashMap::new();
        let mut frontier = VecDeque::from(model.init_states());
        let mut compared = 0;
        while known.len() + compared < WORLDS {
            let Some(world) = frontier.pop_front() else { break };
            let future = futures(&model, &world);
            if let Some(expected) = known.get(&shape(&world)) {
                assert_eq!(*expected, future, "{world:?}");
                compared += 1;
            } else {
                known.insert(shape(&world), future);
                frontier.extend(model.next_states(&world).into_iter().filter(|next| model.within_boundary(next)));
            }
        }
        println!("{browser:?}, {may:?}: {compared} worlds are like one of {}", known.len());
        assert!(compared > 1_000);
    }
}
