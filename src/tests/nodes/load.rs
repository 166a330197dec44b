//! What people do all the time: look, refresh, sign in and sign out.

use super::{
    browser::{Browser, Outcome},
    now,
};
use counterfoil::server::clock::Timestamp;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinHandle, time::sleep};

/// Those who stay.
const STAYING: usize = 16;
/// Those who come and go.
const LEAVING: usize = 3;
/// Between two calls of one of them.
const PACE: Duration = Duration::from_millis(40);
/// A protected call that is answered from the token and the denylist alone.
pub const BY_TOKEN: &str = "/api/events";

/// What was seen.
#[derive(Default)]
pub struct Seen {
    pub served: AtomicUsize,
    /// Calls that nobody answered, or only in part.
    pub unanswered: Mutex<Vec<Timestamp>>,
    /// Answers of 500 and more.
    pub failed: Mutex<Vec<(Timestamp, u16)>>,
    /// Sessions that nobody ended and that are over.
    pub lost: Mutex<Vec<(Timestamp, String)>>,
    /// Access tokens that were accepted for longer after a sign-out than they may be.
    pub late: Mutex<Vec<(Timestamp, SocketAddr)>>,
}

/// The load, until it is stopped.
pub struct Load {
    pub seen: Arc<Seen>,
    is_over: Arc<AtomicBool>,
    staying: Vec<JoinHandle<Browser>>,
    leaving: Vec<JoinHandle<Vec<Browser>>>,
}

/// What a load leaves.
pub struct Ended {
    pub seen: Arc<Seen>,
    /// Those who stayed.
    pub signed_in: Vec<Browser>,
    /// One for each sign-out.
    pub signed_out: Vec<Browser>,
}

impl Load {
    /// Begins. `exposure` is the longest that a revoked token may be accepted.
    pub async fn begin(nodes: &[SocketAddr], exposure: Duration) -> Self {
        let (seen, is_over) = (Arc::<Seen>::default(), Arc::<AtomicBool>::default());
        let (mut staying, mut leaving) = (Vec::new(), Vec::new());
        for number in 0..STAYING {
            let browser = Browser::sign_up(nodes, &format!("stays{number}@example.com")).await;
            staying.push(tokio::spawn(stay(browser, number, nodes.to_vec(), seen.clone(), is_over.clone())));
        }
        for number in 0..LEAVING {
            let email = format!("leaves{number}@example.com");
            Browser::sign_up(nodes, &email).await;
            leaving.push(tokio::spawn(leave(email, number, nodes.to_vec(), exposure, seen.clone(), is_over.clone())));
        }
        Self { seen, is_over, staying, leaving }
    }

    /// Ends it.
    pub async fn end(self) -> Ended {
        self.is_over.store(true, Ordering::SeqCst);
        let (mut signed_in, mut signed_out) = (Vec::new(), Vec::new());
        for task in self.leaving {
            signed_out.extend(task.await.unwrap());
        }
        for task in self.staying {
            signed_in.push(task.await.unwrap());
        }
        Ended { seen: self.seen, signed_in, signed_out }
    }
}

impl Seen {
    /// Takes note of an outcome; false when the session is over.
    fn note(&self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Served => drop(self.served.fetch_add(1, Ordering::Relaxed)),
            Outcome::Unanswered => self.unanswered.lock().unwrap().push(now()),
            Outcome::Failed(status) => self.failed.lock().unwrap().push((now(), status)),
            Outcome::Refused(why) => {
                self.lost.lock().unwrap().push((now(), why));
                return false;
            }
        }
        true
    }
}

/// Looks often and refreshes now and then, each time at the next node.
async fn stay(
    mut browser: Browser,
    number: usize,
    nodes: Vec<SocketAddr>,
    seen: Arc<Seen>,
    is_over: Arc<AtomicBool>,
) -> Browser {
    let mut turn = number;
    while !is_over.load(Ordering::SeqCst) {
        turn += 1;
        let node = nodes[turn % nodes.len()];
        let outcome = if turn.is_multiple_of(5) {
            browser.refresh(node).await
        } else {
            browser.get(node, if turn.is_multiple_of(2) { "/api/me" } else { BY_TOKEN }).await
        };
        if !seen.note(outcome) {
            break;
        }
        sleep(PACE).await;
    }
    browser
}

/// Signs in, signs out, and tries the access token until every node refuses it; gives every browser that signed out.
async fn leave(
    email: String,
    number: usize,
    nodes: Vec<SocketAddr>,
    exposure: Duration,
    seen: Arc<Seen>,
    is_over: Arc<AtomicBool>,
) -> Vec<Browser> {
    let mut signed_out = Vec::new();
    let mut turn = number;
    while !is_over.load(Ordering::SeqCst) {
        turn += 1;
        sleep(PACE).await;
        let node = nodes[turn % nodes.len()];
        let Some(browser) = Browser::sign_in(node, &email).await else { continue };
        while !matches!(browser.sign_out(nodes[turn % nodes.len()]).await, Outcome::Served) {
            turn += 1;
            sleep(PACE).await;
        }
        let over = now() + exposure;
        for node in &nodes {
            loop {
                let asked_at = now();
                match browser.get(*node, BY_TOKEN).await {
                    Outcome::Served if asked_at > over => {
                        seen.late.lock().unwrap().push((asked_at, *node));
                        break;
                    }
                    Outcome::Refused(_) => break,
                    // A node that is away is asked again at the end; whoever waited for it would see nothing else.
                    _ if asked_at > over => break,
                    _ => sleep(PACE).await,
                }
            }
        }
        signed_out.push(browser);
    }
    signed_out
}
