//! The limiter of a single node: counts in this process's memory.

use super::limiter::{Counter, Hit, Key, Limiter, LimiterError, Policy, Runs, Tally};
use crate::server::clock::Timestamp;
use async_trait::async_trait;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The most counts of one kind in memory, at about 100 bytes each.
const CAPACITY: usize = 65_536;

/// Keeps counts until they end. When there are too many of a kind, the one that would end first goes: whoever had it
/// starts again from nothing, and nobody is refused for it.
#[derive(Default)]
pub struct MemoryLimiter(Mutex<HashMap<Counter, Table>>);

#[derive(Default)]
struct Table {
    tallies: HashMap<[u8; 16], Tally>,
    /// The same in the order of their ends.
    ends: BTreeSet<(Timestamp, [u8; 16])>,
}

impl MemoryLimiter {
    fn tables(&self) -> MutexGuard<'_, HashMap<Counter, Table>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Limiter for MemoryLimiter {
    async fn hit(&self, key: Key, policy: Policy, now: Timestamp) -> Result<Hit, LimiterError> {
        let mut tables = self.tables();
        let table = tables.entry(key.counter).or_default();
        table.prune(now);
        let fresh = Tally { hits: 1, ends_at: now + policy.window };
        let (counted, tally) = match table.tallies.get(&key.of) {
            None => (true, fresh),
            Some(old) if old.hits >= policy.quota => (false, *old),
            Some(old) => {
                let ends_at = if policy.runs == Runs::FromLast { fresh.ends_at } else { old.ends_at };
                (true, Tally { hits: old.hits + 1, ends_at })
            }
        };
        if counted {
            table.put(key.of, tally);
        }
        Ok(Hit { counted, tally })
    }

    async fn tally(&self, key: Key, now: Timestamp) -> Result<Option<Tally>, LimiterError> {
        let tables = self.tables();
        let tally = tables.get(&key.counter).and_then(|table| table.tallies.get(&key.of));
        Ok(tally.copied().filter(|tally| tally.ends_at > now))
    }

    async fn give_back(&self, key: Key) -> Result<(), LimiterError> {
        if let Some(table) = self.tables().get_mut(&key.counter) {
            match table.tallies.get_mut(&key.of) {
                Some(tally) if tally.hits > 1 => tally.hits -= 1,
                _ => table.remove(key.of),
            }
        }
        Ok(())
    }

    async fn clear(&self, key: Key) -> Result<(), LimiterError> {
        if let Some(table) = self.tables().get_mut(&key.counter) {
            table.remove(key.of);
        }
        Ok(())
    }
}

impl Table {
    fn put(&mut self, of: [u8; 16], tally: Tally) {
        self.remove(of);
        if self.tallies.len() >= CAPACITY {
            self.remove_first();
        }
        self.ends.insert((tally.ends_at, of));
        self.tallies.insert(of, tally);
    }

    fn remove(&mut self, of: [u8; 16]) {
        if let Some(tally) = self.tallies.remove(&of) {
            self.ends.remove(&(tally.ends_at, of));
        }
    }

    fn remove_first(&mut self) {
        if let Some((_, of)) = self.ends.pop_first() {
            self.tallies.remove(&of);
        }
    }

    fn prune(&mut self, now: Timestamp) {
        while self.ends.first().is_some_and(|(ends_at, _)| *ends_at <= now) {
            self.remove_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Counter, Hit, Key, Limiter, MemoryLimiter, Policy, Runs};
    use crate::server::clock::Timestamp;
    use std::{sync::Arc, time::Duration};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
    const FIXED: Policy = Policy { quota: 3, window: Duration::from_mins(1), runs: Runs::FromFirst };
    const RENEWED: Policy = Policy { runs: Runs::FromLast, ..FIXED };

    fn key(number: usize) -> Key {
        Key { counter: Counter::Login, of: (number as u128).to_be_bytes() }
    }

    fn after(seconds: u64) -> Timestamp {
        NOW + Duration::from_secs(seconds)
    }

    async fn hit(limiter: &MemoryLimiter, number: usize, policy: Policy, seconds: u64) -> (bool, u32, u64) {
        let Hit { counted, tally } = limiter.hit(key(number), policy, after(seconds)).await.unwrap();
        (counted, tally.hits, tally.ends_at.since(NOW).as_secs())
    }

    fn size(limiter: &MemoryLimiter) -> (usize, usize) {
        let tables = limiter.tables();
        (tables[&Counter::Login].tallies.len(), tables[&Counter::Login].ends.len())
    }

    #[tokio::test]
    async fn a_fixed_window_runs_from_the_first_to_its_end() {
        let limiter = MemoryLimiter::default();
        assert_eq!(hit(&limiter, 1, FIXED, 0).await, (true, 1, 60));
        assert_eq!(hit(&limiter, 1, FIXED, 20).await, (true, 2, 60));
        assert_eq!(hit(&limiter, 1, FIXED, 40).await, (true, 3, 60));
        assert_eq!(hit(&limiter, 1, FIXED, 59).await, (false, 3, 60));
        assert_eq!(hit(&limiter, 2, FIXED, 59).await, (true, 1, 119), "others have counts of their own");
        assert_eq!(hit(&limiter, 1, FIXED, 60).await, (true, 1, 120));
    }

    #[tokio::test]
    async fn a_renewed_window_runs_from_the_last_that_was_counted() {
        let limiter = MemoryLimiter::default();
        assert_eq!(hit(&limiter, 1, RENEWED, 0).await, (true, 1, 60));
        assert_eq!(hit(&limiter, 1, RENEWED, 50).await, (true, 2, 110));
        assert_eq!(hit(&limiter, 1, RENEWED, 100).await, (true, 3, 160));
        assert_eq!(hit(&limiter, 1, RENEWED, 159).await, (false, 3, 160), "what is refused renews nothing");
        assert_eq!(hit(&limiter, 1, RENEWED, 160).await, (true, 1, 220));
    }

    #[tokio::test]
    async fn what_is_given_back_or_cleared_can_be_used_again() {
        let limiter = MemoryLimiter::default();
        for _ in 0..4 {
            hit(&limiter, 1, FIXED, 0).await;
        }
        limiter.give_back(key(1)).await.unwrap();
        assert_eq!(limiter.tally(key(1), NOW).await.unwrap().unwrap().hits, 2);
        assert_eq!(hit(&limiter, 1, FIXED, 0).await, (true, 3, 60));
        limiter.clear(key(1)).await.unwrap();
        assert_eq!(limiter.tally(key(1), NOW).await.unwrap(), None);
        hit(&limiter, 1, FIXED, 0).await;
        limiter.give_back(key(1)).await.unwrap();
        assert_eq!(size(&limiter), (0, 0));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn parallel_hits_are_all_counted() {
        let limiter = Arc::new(MemoryLimiter::default());
        let policy = Policy { quota: 100, ..FIXED };
        let hits = (0..400).map(|_| {
            let limiter = limiter.clone();
            tokio::spawn(async move { limiter.hit(key(1), policy, NOW).await.unwrap().counted })
        });
        let counted = futures::future::join_all(hits).await.into_iter().filter(|hit| *hit.as_ref().unwrap()).count();
        assert_eq!(counted, 100);
    }

    #[tokio::test]
    async fn counts_that_have_ended_are_let_go() {
        let limiter = MemoryLimiter::default();
        for number in 0..1000 {
            hit(&limiter, number, FIXED, number as u64).await;
        }
        assert_eq!(size(&limiter), (60, 60));
    }

    #[tokio::test]
    async fn when_there_are_too_many_the_one_that_would_end_first_goes() {
        let limiter = MemoryLimiter::default();
        for number in 0..CAPACITY + 10 {
            hit(&limiter, number, FIXED, u64::from(number > 4)).await;
        }
        assert_eq!(size(&limiter), (CAPACITY, CAPACITY));
        assert_eq!(limiter.tally(key(4), NOW).await.unwrap(), None);
        assert!(limiter.tally(key(CAPACITY), NOW).await.unwrap().is_some());
        let other = Key { counter: Counter::Failures, ..key(1) };
        limiter.hit(other, FIXED, NOW).await.unwrap();
        assert_eq!(size(&limiter), (CAPACITY, CAPACITY), "kinds are kept apart");
    }
}
