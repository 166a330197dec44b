//! The other nodes, as they say they are.

use super::message::Beat;
use std::collections::{HashMap, HashSet};

/// A node that has said nothing for as many of our own beats is gone.
const SILENCE: u64 = 5;

/// The nodes that live. Their age is counted in our own beats: when none come back, it is we who hear nothing.
#[derive(Default)]
pub struct Peers(HashMap<String, Peer>);

struct Peer {
    heard_at: u64,
    keys: Vec<String>,
}

impl Peers {
    /// Takes note of a node's beat, `now` being the number of our own last one.
    pub fn hear(&mut self, beat: Beat, now: u64) {
        self.0.insert(beat.node, Peer { heard_at: now, keys: beat.keys });
    }

    /// Forgets the nodes that are gone.
    pub fn forget_gone(&mut self, now: u64) {
        self.0.retain(|_, peer| peer.heard_at + SILENCE >= now);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The signing keys of each, the one that signs first.
    pub fn keys(&self) -> Vec<Vec<String>> {
        self.0.values().map(|peer| peer.keys.clone()).collect()
    }

    /// The nodes whose signing keys are not these.
    pub fn with_other_keys(&self, keys: &HashSet<String>) -> Vec<String> {
        let differs = |peer: &Peer| peer.keys.iter().collect::<HashSet<_>>() != keys.iter().collect();
        let mut nodes: Vec<_> = self.0.iter().filter(|(_, peer)| differs(peer)).map(|(node, _)| node.clone()).collect();
        nodes.sort_unstable();
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::{Peers, SILENCE};
    use crate::server::cluster::message::Beat;
    use std::collections::HashSet;

    fn beat(node: &str, keys: &[&str]) -> Beat {
        Beat { node: node.to_owned(), number: 1, keys: set(keys).into_iter().collect() }
    }

    fn set(keys: &[&str]) -> HashSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_node_that_is_silent_is_gone_and_comes_back_when_it_speaks() {
        let mut peers = Peers::default();
        peers.hear(beat("a", &["k"]), 10);
        peers.forget_gone(10 + SILENCE);
        assert_eq!(peers.len(), 1);
        peers.forget_gone(11 + SILENCE);
        assert_eq!(peers.len(), 0);
        peers.hear(beat("a", &["k"]), 20);
        assert_eq!(peers.keys(), [["k"]]);
    }

    #[test]
    fn nodes_with_other_keys_are_told_apart() {
        let mut peers = Peers::default();
        peers.hear(beat("same", &["old"]), 1);
        assert!(peers.with_other_keys(&set(&["old"])).is_empty());
        peers.hear(beat("ahead", &["old", "next"]), 1);
        assert_eq!(peers.with_other_keys(&set(&["old"])), ["ahead"]);
        assert_eq!(peers.with_other_keys(&set(&["next", "old"])), ["same"]);
    }
}
