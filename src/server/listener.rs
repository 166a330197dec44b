//! Serves connections: bounded in number, cut off when slow, finished before the server stops.

use super::{call::Peer, config::Settings};
use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, watch},
};
use tower::ServiceExt;

/// The most headers a request may have.
const MAX_HEADERS: usize = 100;
/// The most bytes the head of a request may have.
const MAX_HEAD: usize = 64 * 1024;
/// How long to wait after the system refused to accept a connection, for want of files for instance.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// What a connection that has just come gets to send its request in, before those that are idle are closed.
const SETTLING: Duration = Duration::from_millis(100);

/// Binds the addresses of the settings.
///
/// # Errors
/// When none can be bound, or one that was asked for by name.
pub async fn bind(settings: &Settings) -> io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in settings.addresses() {
        match bind_to(address).await {
            Ok(listener) => listeners.push(listener),
            // A machine without IPv6 still has the other loopback address.
            Err(error) if settings.listen.is_empty() && address.is_ipv6() && !listeners.is_empty() => {
                tracing::warn!(%address, %error, "not listening");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(listeners)
}

/// Binds one address.
///
/// # Errors
/// When it cannot be bound, naming it.
pub async fn bind_to(address: SocketAddr) -> io::Result<TcpListener> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"));
    TcpListener::bind(address).await.map_err(named)
}

/// Serves until `stop`, then lets the requests in flight finish within the shutdown time-out.
pub async fn serve(listeners: Vec<TcpListener>, router: Router, settings: &Settings, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD);
    let places = Arc::new(Semaphore::new(settings.max_connections));
    let graceful = GracefulShutdown::new();
    let (sender, mut accepted) = mpsc::channel(1);
    let (open, is_open) = watch::channel(());
    for listener in listeners {
        tokio::spawn(accept(listener, places.clone(), sender.clone(), is_open.clone()));
    }
    drop(sender);

    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(connection) = accepted.recv() => start(connection, &http, &router, &graceful),
        }
    }

    drop(open);
    let finish = async {
        while let Some(connection) = accepted.recv().await {
            start(connection, &http, &router, &graceful);
        }
        tokio::time::sleep(SETTLING).await;
        graceful.shutdown().await;
    };
    if tokio::time::timeout(settings.shutdown_timeout, finish).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// Serves one connection, beside the others.
fn start((stream, peer, place): Accepted, http: &http1::Builder, router: &Router, graceful: &GracefulShutdown) {
    // Answers are small; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let router = router.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection broken off");
        }
        drop(place);
    });
}

/// Accepts a connection only when there is a place for it; the others wait in the system's queue. Whoever is in that
/// queue when `is_open` ends is accepted too: the system would reset them.
async fn accept(
    listener: TcpListener,
    places: Arc<Semaphore>,
    accepted: mpsc::Sender<Accepted>,
    mut is_open: watch::Receiver<()>,
) {
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            Ok((listener.accept().await?, place))
        };
        let next: io::Result<_> = tokio::select! {
            _ = is_open.changed() => break,
            next = next => next,
        };
        let sent = match next {
            Ok(((stream, peer), place)) => accepted.send((stream, peer, place)).await,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                Ok(())
            }
        };
        if sent.is_err() {
            return;
        }
    }
    let Ok(listener) = listener.into_std() else { return };
    while let (Ok((stream, peer)), Ok(place)) = (listener.accept(), places.clone().try_acquire_owned()) {
        let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
        let Ok(stream) = stream else { return };
        if accepted.send((stream, peer, place)).await.is_err() {
            return;
        }
    }
}
