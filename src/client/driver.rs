//! Carries out what the refresh machine decides, in this tab.

use super::{
    held_token::{HeldToken, grant_of},
    platform::{self, Abort, Channel, Timer},
    refresh::{Command, Event, Machine, Reply},
    session::{Client, Session},
    tabs::{CHANNEL, TabMessage},
    transport::{Incoming, Outgoing, PATIENCE, Unreachable},
};
use crate::shared::{Code, EndReason, Problem, paths, wire::TokenResponse};
use futures::channel::oneshot;
use http::Method;
use std::{cell::RefCell, rc::Rc};
use zeroize::Zeroizing;

/// The refresh that all tabs would like to send goes out of one at a time, if the browser can arrange it in time.
const LOCK: &str = "counterfoil-refresh";
/// How long, in milliseconds, a refresh may take. Well below the server's grace period: a reply that comes later never
/// reaches the cookie jar, and after one that comes late there is time to set the jar right again.
const PATIENCE_FOR_REFRESH: u32 = 6_000;

thread_local! {
    /// A browser's tab has one thread; on the server nothing is ever put here.
    static DRIVER: RefCell<Option<Rc<Driver>>> = const { RefCell::new(None) };
}

struct Driver {
    client: Client,
    machine: RefCell<Machine>,
    held: RefCell<Option<HeldToken>>,
    waiting: RefCell<Vec<oneshot::Sender<bool>>>,
    timer: RefCell<Option<Timer>>,
    abort: RefCell<Option<Abort>>,
    channel: Option<Channel>,
}

/// Starts the session of this tab: one silent refresh, then whatever happens.
pub fn start(client: Client) {
    let channel = Channel::open(CHANNEL, |text| {
        match TabMessage::decode(&text) {
            Some(TabMessage::Fresh(response)) => with(|driver| driver.take_in(response, Event::PeerFresh)),
            Some(TabMessage::SignedOut(reason)) => with(|driver| driver.handle(Event::PeerSignedOut(reason), None)),
            None => None,
        };
    });
    let driver = Driver {
        client,
        machine: RefCell::default(),
        held: RefCell::default(),
        waiting: RefCell::default(),
        timer: RefCell::default(),
        abort: RefCell::default(),
        channel,
    };
    DRIVER.set(Some(Rc::new(driver)));
    platform::on_wake(|returned| {
        let event = if returned { Event::Returned } else { Event::Woke };
        with(|driver| driver.handle(event.clone(), None));
    });
    platform::every_second(|| {
        with(|driver| driver.client.tick());
    });
    with(|driver| driver.handle(Event::Started, None));
}

/// Gives up a refresh that is under way, before a sign-in or a sign-out.
pub fn interrupt() {
    with(|driver| driver.handle(Event::Interrupted, None));
}

/// Takes over the tokens of a sign-in.
pub fn signed_in(response: TokenResponse) {
    with(|driver| driver.take_in(response, Event::SignedIn));
}

/// Forgets everything after a sign-out.
pub fn signed_out(reason: EndReason) {
    with(|driver| driver.handle(Event::SignedOut(Some(reason)), None));
}

/// Goes on as before, after a sign-in or a sign-out that failed.
pub fn resume() {
    with(|driver| driver.handle(Event::Woke, None));
}

/// Sends a call with the access token, and once more if the token turns out to have expired.
///
/// # Errors
/// [`Unreachable`] when there is no answer.
pub async fn send_with_token(request: &Outgoing) -> Result<Incoming, Unreachable> {
    let (serial, response) = send_once(request).await?;
    match code_of(&response) {
        Some(Code::TokenExpired) if fresh_token(serial).await => Ok(send_once(request).await?.1),
        Some(Code::TokenRevoked | Code::InvalidToken) => {
            // A refresh tells why, and the call is not repeated.
            with(|driver| driver.handle(Event::Rejected, None));
            Ok(response)
        }
        _ => Ok(response),
    }
}

async fn send_once(request: &Outgoing) -> Result<(u32, Incoming), Unreachable> {
    let header = with(|driver| driver.authorization()).flatten();
    let serial = with(|driver| driver.machine.borrow().serial()).unwrap_or_default();
    Ok((
        serial,
        platform::fetch(request, header.as_ref().map(|header| header.as_str()), &Abort::new(), PATIENCE).await?,
    ))
}

/// Waits for an access token newer than the one with this serial number.
async fn fresh_token(serial: u32) -> bool {
    let (sender, receiver) = oneshot::channel();
    with(|driver| {
        driver.waiting.borrow_mut().push(sender);
        driver.handle(Event::Expired { serial }, None);
    });
    receiver.await.unwrap_or(false)
}

fn code_of(response: &Incoming) -> Option<Code> {
    response.problem().map(|problem| problem.code)
}

fn with<T>(work: impl FnOnce(&Rc<Driver>) -> T) -> Option<T> {
    let driver = DRIVER.with_borrow(Clone::clone)?;
    Some(work(&driver))
}

impl Driver {
    fn take_in(self: &Rc<Self>, response: TokenResponse, event: impl FnOnce(super::refresh::Grant) -> Event) {
        if let Some(grant) = grant_of(&response) {
            self.handle(event(grant), Some(response));
        }
    }

    fn handle(self: &Rc<Self>, event: Event, response: Option<TokenResponse>) {
        let commands = self.machine.borrow_mut().step(event, platform::now(), platform::random_below(100));
        let mut response = response;
        for command in commands {
            match command {
                Command::Send { request } => self.send(request),
                Command::Abort => drop(self.abort.take()),
                Command::Keep => self.keep(response.take()),
                Command::Forget(reason) => {
                    self.held.take();
                    self.client.show(Session::SignedOut(reason), None);
                }
                Command::TellFresh => {
                    if let Some(held) = &*self.held.borrow() {
                        self.tell(&TabMessage::Fresh(held.to_response()));
                    }
                }
                Command::TellSignedOut(reason) => self.tell(&TabMessage::SignedOut(reason)),
                Command::Settle(fresh) => {
                    for waiting in self.waiting.take() {
                        let _ = waiting.send(fresh);
                    }
                }
                Command::Wake(after) => {
                    let timer = Timer::after(after, || {
                        with(|driver| driver.handle(Event::TimerFired, None));
                    });
                    self.timer.replace(Some(timer));
                }
                Command::Sleep => drop(self.timer.take()),
                Command::Reachable(reachable) => self.client.show_reachable(reachable),
            }
        }
    }

    fn keep(&self, response: Option<TokenResponse>) {
        if let Some(response) = response {
            let held = HeldToken::new(response);
            self.client.show(Session::SignedIn(held.user.clone()), held.ticket());
            self.held.replace(Some(held));
        }
    }

    fn tell(&self, message: &TabMessage) {
        if let (Some(channel), Some(text)) = (&self.channel, message.encode()) {
            channel.post(&text);
        }
    }

    /// The header in a buffer of its exact size, so that it never moves and leaves a copy behind.
    fn authorization(&self) -> Option<Zeroizing<String>> {
        const SCHEME: &str = "Bearer ";
        let held = self.held.borrow();
        let token = held.as_ref()?.token.expose();
        let mut header = Zeroizing::new(String::with_capacity(SCHEME.len() + token.len()));
        header.push_str(SCHEME);
        header.push_str(token);
        Some(header)
    }

    fn send(self: &Rc<Self>, request: u32) {
        let driver = self.clone();
        let abort = Abort::new();
        self.abort.replace(Some(abort.clone()));
        leptos::task::spawn_local(async move {
            // Held until the other tabs have been told.
            let _lock = platform::lock(LOCK).await;
            if !driver.machine.borrow().wants(request) {
                return;
            }
            driver.handle(Event::Dispatched { request }, None);
            let answer = platform::fetch(&refresh_request(), None, &abort, PATIENCE_FOR_REFRESH).await;
            let (reply, response) = read(answer);
            driver.handle(Event::Replied { request, reply }, response);
        });
    }
}

fn refresh_request() -> Outgoing {
    Outgoing {
        path: format!("{}/refresh", paths::AUTH),
        method: Method::POST,
        content_type: "application/json".to_owned(),
        body: Some(Zeroizing::new(b"{}".to_vec())),
    }
}

fn read(answer: Result<Incoming, Unreachable>) -> (Reply, Option<TokenResponse>) {
    let Ok(answer) = answer else {
        return (Reply::Failed { retry_after: None }, None);
    };
    if answer.status == 200 {
        let response: Option<TokenResponse> = serde_json::from_slice(&answer.body).ok();
        if let Some((grant, response)) = response.and_then(|response| Some((grant_of(&response)?, response))) {
            return (Reply::Fresh(grant), Some(response));
        }
    }
    let problem = answer.problem();
    match &problem {
        Some(problem) if problem.status == 401 => (Reply::Refused(problem.end_reason()), None),
        _ => (Reply::Failed { retry_after: problem.as_ref().and_then(wait_of) }, None),
    }
}

fn wait_of(problem: &Problem) -> Option<u64> {
    problem.retry_after.map(|seconds| u64::from(seconds) * 1000)
}
