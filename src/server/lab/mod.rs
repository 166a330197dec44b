//! The lab's four sites: control room, victim, attacker and sibling (DESIGN section 8).
//!
//! The victim is vulnerable on purpose. Nothing here knows the real accounts, sessions, store or keys.

mod assets;
mod attacker;
mod control;
mod credentials;
mod dpop;
pub mod origins;
mod sibling;
mod thief;
mod token;
mod victim;
mod visitors;
mod walls;

use super::{
    clock::Clock,
    config::Settings,
    entropy::Entropy,
    listener::{self, bind_to},
};
use axum::Router;
use origins::Origins;
use std::{future, io, net::SocketAddr, sync::Arc};
use thief::Thief;
use token::Tokens;
use tokio::{net::TcpListener, task::JoinSet};
pub use victim::VAULT_FOLDER;
use visitors::Visitors;

/// What the lab's sites share; cheap to clone.
#[derive(Clone)]
pub struct LabState {
    settings: Arc<Settings>,
    origins: Arc<Origins>,
    visitors: Arc<Visitors>,
    tokens: Arc<Tokens>,
    thief: Arc<Thief>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// The lab, bound to its addresses.
pub struct Lab {
    listeners: [TcpListener; 4],
    state: LabState,
}

impl Lab {
    /// Binds the lab's addresses, and makes a key that lives as long as the process.
    ///
    /// # Errors
    /// When an address cannot be bound.
    pub async fn bind(settings: Arc<Settings>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> io::Result<Self> {
        let [control, victim, attacker, sibling] = settings.lab.ports(&settings.public_origin);
        let bind = |port| bind_to(SocketAddr::new(settings.lab.bind, port));
        let listeners = [bind(control).await?, bind(victim).await?, bind(attacker).await?, bind(sibling).await?];
        let mut ports = [0; 4];
        for (port, listener) in ports.iter_mut().zip(&listeners) {
            *port = listener.local_addr()?.port();
        }
        let origins = Origins::new(&settings.lab.origins, ports)?;
        let thief = Thief::new(listeners[1].local_addr()?, &origins.victim)?;
        let state = LabState {
            settings,
            origins: Arc::new(origins),
            visitors: Arc::new(Visitors::new(clock.clone(), entropy.clone())),
            tokens: Arc::new(Tokens::new(&*entropy)),
            thief: Arc::new(thief),
            clock,
            entropy,
        };
        Ok(Self { listeners, state })
    }

    /// Where its sites are.
    pub fn origins(&self) -> &Origins {
        &self.state.origins
    }

    /// Serves the four sites until it is dropped.
    pub async fn serve(self) {
        let Self { listeners, state } = self;
        let sites = sites(&state);
        let mut serving = JoinSet::new();
        for (listener, site) in listeners.into_iter().zip(sites) {
            let settings = state.settings.clone();
            serving.spawn(async move { listener::serve(vec![listener], site, &settings, future::pending()).await });
        }
        serving.join_all().await;
    }
}

/// The four sites as services, in the order of their origins, each behind the walls.
fn sites(state: &LabState) -> [Router; 4] {
    let Origins { control, victim, attacker, sibling } = &*state.origins;
    [
        walls::around(control::router(state), control, &state.settings),
        walls::around(victim::router(state), victim, &state.settings),
        walls::around(attacker::router(state), attacker, &state.settings),
        walls::around(sibling::router(), sibling, &state.settings),
    ]
    .map(|site| site.with_state(state.clone()))
}
