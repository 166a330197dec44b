//! The session as the pages see it: one enum in one signal.

use super::{Ticket, driver, platform};
use crate::{
    api,
    shared::{
        EndReason, Problem,
        wire::{Done, Me, User},
    },
};
use leptos::prelude::*;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Session {
    /// Not known yet: on the server, and in the browser until the first refresh is answered.
    Restoring,
    /// Nobody; with the reason if there was a session.
    SignedOut(Option<EndReason>),
    /// This account.
    SignedIn(User),
}

/// What pages know about the session, and what they can do with it.
#[derive(Clone, Copy)]
pub struct Client {
    session: RwSignal<Session>,
    ticket: RwSignal<Option<Ticket>>,
    /// When the access token expires, in milliseconds on the clock that never steps.
    expires_at: RwSignal<u64>,
    seconds_left: RwSignal<u32>,
    reachable: RwSignal<bool>,
}

/// Makes the session available to all components, and starts it in the browser.
pub fn provide_client() -> Client {
    let client = Client {
        session: RwSignal::new(Session::Restoring),
        ticket: RwSignal::new(None),
        expires_at: RwSignal::new(0),
        seconds_left: RwSignal::new(0),
        reachable: RwSignal::new(true),
    };
    provide_context(client);
    // Effects run in the browser alone, and after the page has come alive.
    Effect::new(move || driver::start(client));
    client
}

/// The session that [`provide_client`] made available.
///
/// # Panics
/// Outside of the application's component tree.
pub fn use_client() -> Client {
    expect_context()
}

impl Client {
    /// Whether somebody is signed in.
    pub fn session(self) -> ReadSignal<Session> {
        self.session.read_only()
    }

    /// Whether the last refresh reached the server.
    pub fn reachable(self) -> ReadSignal<bool> {
        self.reachable.read_only()
    }

    /// What may be shown of the access token.
    pub fn ticket(self) -> ReadSignal<Option<Ticket>> {
        self.ticket.read_only()
    }

    /// Seconds until the access token expires.
    pub fn seconds_left(self) -> ReadSignal<u32> {
        self.seconds_left.read_only()
    }

    /// Creates an account and signs in.
    ///
    /// # Errors
    /// The server's problem.
    pub async fn register(self, email: String, password: String) -> Result<(), Problem> {
        driver::interrupt();
        let answer = api::register(email, password).await.inspect_err(|_| driver::resume())?;
        driver::signed_in(answer);
        Ok(())
    }

    /// Signs in.
    ///
    /// # Errors
    /// The server's problem.
    pub async fn sign_in(self, email: String, password: String) -> Result<(), Problem> {
        driver::interrupt();
        let answer = api::login(email, password).await.inspect_err(|_| driver::resume())?;
        driver::signed_in(answer);
        Ok(())
    }

    /// Signs out, here and in all other tabs.
    ///
    /// # Errors
    /// The server's problem; then the session goes on.
    pub async fn sign_out(self) -> Result<(), Problem> {
        self.end(api::logout(), EndReason::SignedOut).await.map(|Done {}| ())
    }

    /// Ends every session of the account, this one too.
    ///
    /// # Errors
    /// The server's problem; then the sessions go on.
    pub async fn sign_out_everywhere(self) -> Result<Done, Problem> {
        self.end(api::revoke_all_sessions(), EndReason::SignedOut).await
    }

    /// Deletes the account.
    ///
    /// # Errors
    /// The server's problem; then the account and the session go on.
    pub async fn delete_account(self) -> Result<Done, Problem> {
        self.end(api::delete_account(), EndReason::AccountDeleted).await
    }

    async fn end(self, call: impl Future<Output = Result<Done, Problem>>, reason: EndReason) -> Result<Done, Problem> {
        driver::interrupt();
        let done = call.await.inspect_err(|_| driver::resume())?;
        driver::signed_out(reason);
        Ok(done)
    }

    /// Asks the server who is calling.
    ///
    /// # Errors
    /// The server's problem.
    pub async fn me(self) -> Result<Me, Problem> {
        api::me().await
    }

    pub(super) fn show(self, session: Session, ticket: Option<Ticket>) {
        let life = ticket.as_ref().map_or(0, |ticket| u64::from(ticket.life) * 1000);
        self.expires_at.set(platform::now() + life);
        self.ticket.set(ticket);
        self.tick();
        if self.session.with_untracked(|present| *present != session) {
            self.session.set(session);
        }
    }

    pub(super) fn show_reachable(self, reachable: bool) {
        if self.reachable.get_untracked() != reachable {
            self.reachable.set(reachable);
        }
    }

    pub(super) fn tick(self) {
        let left = self.expires_at.get_untracked().saturating_sub(platform::now()).div_ceil(1000);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        if self.seconds_left.get_untracked() != left {
            self.seconds_left.set(left);
        }
    }
}
