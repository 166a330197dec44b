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
use std::{
    future, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
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
    listeners: [Vec<TcpListener>; 4],
    state: LabState,
}

impl Lab {
    /// Binds the lab's addresses, and makes a key that lives as long as the process.
    ///
    /// # Errors
    /// When an address cannot be bound.
    pub async fn bind(settings: Arc<Settings>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> io::Result<Self> {
        let [control, victim, attacker, sibling] = settings.lab.ports(&settings.public_origin);
        let bind = |port| listen(settings.lab.bind, port);
        let listeners = [bind(control).await?, bind(victim).await?, bind(attacker).await?, bind(sibling).await?];
        let mut addresses = [SocketAddr::from(([0, 0, 0, 0], 0)); 4];
        for (address, listeners) in addresses.iter_mut().zip(&listeners) {
            *address = listeners[0].local_addr()?;
        }
        let origins = Origins::new(&settings.lab.origins, addresses.map(|address| address.port()))?;
        let thief = Thief::new(addresses[1], &origins.victim)?;
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
        for (listeners, site) in listeners.into_iter().zip(sites) {
            let settings = state.settings.clone();
            serving.spawn(async move { listener::serve(listeners, site, &settings, future::pending()).await });
        }
        serving.spawn(async move { state.visitors.keep_forgetting().await });
        serving.join_all().await;
    }
}

/// The listeners of a site: at the address of the settings, or at both that are called `localhost`.
async fn listen(address: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    let first = bind_to(SocketAddr::new(address.unwrap_or(Ipv4Addr::LOCALHOST.into()), port)).await?;
    let beside = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), first.local_addr()?.port());
    // A machine without IPv6 still has the other loopback address.
    let second = if address.is_none() { bind_to(beside).await.ok() } else { None };
    Ok([Some(first), second].into_iter().flatten().collect())
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
