//! Finds out, in this one place, which address a request comes from.

use crate::server::{
    call::{ClientAddress, Peer},
    clock::{Clock, Timestamp},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The only header that is believed, and only from a trusted proxy.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The headers by which a proxy shows itself.
const PROXY_HEADERS: [HeaderName; 2] = [FORWARDED_FOR, HeaderName::from_static("forwarded")];
/// How often to warn of a proxy that is not trusted; whoever sends such a header could fill the log otherwise.
const WARN_EVERY: Duration = Duration::from_hours(1);

/// Tells clients from the proxies in front of this server.
pub struct ClientAddresses {
    trusted: Vec<IpNet>,
    clock: Arc<dyn Clock>,
    warned_at: Mutex<Option<Timestamp>>,
}

impl ClientAddresses {
    /// With the trusted proxies of the settings.
    pub fn new(state: &AppState) -> Self {
        let trusted = state.settings.trusted_proxies.clone();
        Self { trusted, clock: state.sessions.clock.clone(), warned_at: Mutex::default() }
    }

    /// The address behind the trusted proxies. Each appends the address that it was called from, so the list is read
    /// from its end, and only as far as it was written by those who are trusted.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lists = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut hops = lists.flat_map(|list| list.to_str().unwrap_or_default().rsplit(','));
        let mut client = peer.to_canonical();
        while self.trusts(client) {
            match hops.next().map(|hop| hop.trim().parse::<IpAddr>()) {
                Some(Ok(hop)) => client = hop.to_canonical(),
                Some(Err(_)) | None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    fn warn_of_unknown_proxy(&self, peer: IpAddr, headers: &HeaderMap) {
        if self.trusts(peer.to_canonical()) || !PROXY_HEADERS.iter().any(|name| headers.contains_key(name)) {
            return;
        }
        let now = self.clock.now();
        let mut warned_at = self.warned_at.lock().unwrap_or_else(PoisonError::into_inner);
        if warned_at.is_none_or(|at| now.since(at) >= WARN_EVERY) {
            *warned_at = Some(now);
            tracing::warn!(
                peer.address = %peer.to_canonical(),
                "forwarding headers from a peer that is no trusted proxy: if it is yours, name it in \
                 COUNTERFOIL_TRUSTED_PROXIES, or all of its clients count as one"
            );
        }
    }
}

/// Puts the client's address into the request, for the log, for the sessions and for whatever counts.
pub async fn identify(State(addresses): State<Arc<ClientAddresses>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0.ip());
    addresses.warn_of_unknown_proxy(peer, request.headers());
    let client = ClientAddress(addresses.client(peer, request.headers()));
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Parses an address or a network, such as `10.0.0.1` or `10.0.0.0/8`.
///
/// # Errors
/// When the text is neither.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    address.or_else(|_| text.parse()).map_err(|_| "not an address or a network such as 10.0.0.0/8".to_owned())
}
