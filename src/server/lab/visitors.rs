//! What the lab remembers of each visitor, for a short time.

use crate::{
    lab::{Attack, Defence, Evidence, Matrix, Strategy, defence::Hole, evidence::Loot},
    server::{
        clock::{Clock, Timestamp},
        entropy::Entropy,
        id::LabId,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a lab that nobody uses is remembered.
const IDLE_LIFE: Duration = Duration::from_mins(15);
/// How often those are looked for.
const SWEEP: Duration = Duration::from_mins(1);
/// The most labs at once.
const MAX_LABS: usize = 256;
/// The most requests, violations, reports and entries of the guestbook that are kept of one run.
const MAX_ENTRIES: usize = 200;
/// The most bytes of loot of one run (DESIGN section 8).
pub const MAX_LOOT: usize = 32 * 1024;
/// The number before the first run's. Numbers of one length make tokens of one length: what an allocator leaves of a
/// buffer that was given back depends on its size, and the heap is searched after sign-out.
const RUN_BEFORE: u32 = 10_000;
/// What Alice has when a run begins.
const BALANCE: i64 = 100;

/// How the victim is set up for a run, and what is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where the victim keeps its token.
    pub strategy: Strategy,
    /// What is tried.
    pub attack: Attack,
    /// What the victim does against it.
    #[serde(default)]
    pub defences: Vec<Defence>,
    /// Where its guestbook lets markup through.
    #[serde(default)]
    pub hole: Hole,
}

/// The lab of one visitor.
pub struct Visit {
    touched: Timestamp,
    /// Counts the runs; a token of an earlier one is worth nothing.
    pub run: u32,
    /// How the victim is set up.
    pub plan: Plan,
    /// What Alice has.
    pub balance: i64,
    /// What customers wrote.
    pub guestbook: Vec<String>,
    /// The victim's refresh token.
    pub refresh_token: Option<String>,
    /// The newest nonce for proofs.
    pub nonce: String,
    /// What was logged.
    pub evidence: Evidence,
    /// What was measured so far.
    pub table: Matrix,
}

impl Visit {
    fn new(browser: String, now: Timestamp) -> Self {
        let plan = Plan {
            strategy: Strategy::LocalStorage,
            attack: Attack::XssReads,
            defences: Vec::new(),
            hole: Hole::default(),
        };
        Self {
            touched: now,
            run: RUN_BEFORE,
            plan,
            balance: BALANCE,
            guestbook: Vec::new(),
            refresh_token: None,
            nonce: String::new(),
            evidence: Evidence::default(),
            table: Matrix { browser, ..Matrix::default() },
        }
    }

    /// Starts from nothing, with another plan.
    pub fn begin(&mut self, plan: Plan) {
        self.run += 1;
        self.plan = plan;
        self.balance = BALANCE;
        self.guestbook.clear();
        self.refresh_token = None;
        self.nonce.clear();
        self.evidence = Evidence::default();
    }

    /// Whether the victim does this against attacks.
    pub fn has(&self, defence: Defence) -> bool {
        self.plan.defences.contains(&defence)
    }

    /// Keeps what the attacker received, within its bounds, and says where.
    pub fn keep_loot(&mut self, loot: Loot) -> Option<usize> {
        let size = |loot: &Loot| loot.value.len() + loot.proof.as_ref().map_or(0, String::len);
        let total: usize = self.evidence.loot.iter().map(size).sum();
        (total + size(&loot) <= MAX_LOOT && self.evidence.loot.len() < MAX_ENTRIES).then(|| {
            self.evidence.loot.push(loot);
            self.evidence.loot.len() - 1
        })
    }
}

/// Adds to a list that has a bound.
pub fn note<T>(list: &mut Vec<T>, entry: T) {
    if list.len() < MAX_ENTRIES {
        list.push(entry);
    }
}

/// The labs of all visitors.
pub struct Visitors {
    visits: Mutex<HashMap<LabId, Visit>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Visitors {
    /// No visitors yet.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { visits: Mutex::default(), clock, entropy }
    }

    /// Opens a lab, unless there are too many.
    pub fn open(&self, browser: String) -> Option<LabId> {
        self.forget_idle();
        let now = self.clock.now();
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        if visits.len() >= MAX_LABS {
            return None;
        }
        let id = LabId::generate(&*self.entropy);
        visits.insert(id, Visit::new(browser, now));
        Some(id)
    }

    /// Uses a lab that is remembered, from its control room: it is forgotten the later.
    pub fn with<T>(&self, id: LabId, use_it: impl FnOnce(&mut Visit) -> T) -> Option<T> {
        let now = self.clock.now();
        self.peek(id, |visit| {
            visit.touched = now;
            use_it(visit)
        })
    }

    /// Uses a lab that is remembered, on the other sites, where the attacker's own server comes too: it is forgotten none
    /// the later.
    pub fn peek<T>(&self, id: LabId, use_it: impl FnOnce(&mut Visit) -> T) -> Option<T> {
        let now = self.clock.now();
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.get_mut(&id).filter(|visit| now.since(visit.touched) < IDLE_LIFE).map(use_it)
    }

    /// Forgets the labs that nobody uses.
    fn forget_idle(&self) {
        let now = self.clock.now();
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.retain(|_, visit| now.since(visit.touched) < IDLE_LIFE);
    }

    /// Forgets the labs that nobody uses, again and again.
    pub async fn keep_forgetting(&self) {
        let mut ticks = tokio::time::interval(SWEEP);
        loop {
            ticks.tick().await;
            self.forget_idle();
        }
    }

    /// Forgets a lab.
    pub fn close(&self, id: LabId) {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::{IDLE_LIFE, SWEEP, Visitors};
    use crate::server::{
        clock::{Clock, Timestamp},
        entropy::SystemEntropy,
    };
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::SeqCst))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn labs_are_forgotten_without_anybody_asking() {
        let hand = Arc::new(Hand::default());
        let visitors = Arc::new(Visitors::new(hand.clone(), Arc::new(SystemEntropy)));
        let forgetting = visitors.clone();
        tokio::spawn(async move { forgetting.keep_forgetting().await });
        visitors.open(String::new()).unwrap();
        let remembered = async || {
            tokio::time::sleep(SWEEP).await;
            visitors.visits.lock().unwrap().len()
        };
        assert_eq!(remembered().await, 1);
        hand.0.store(i64::try_from(IDLE_LIFE.as_millis()).unwrap(), Ordering::SeqCst);
        assert_eq!(remembered().await, 0);
    }
}
