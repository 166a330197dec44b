//! `counterfoil serve`.

use super::Failure;
use crate::server::{
    auth::{denial_feed, key_feed::KeyFeed},
    bootstrap,
    config::{Mode, Settings},
    lab::Lab,
    listener,
    metrics::exporter,
    pruning,
    router::router,
    state::AppState,
    telemetry,
};
use std::{
    future::{self, Future},
    io::{self, Write},
};
use tokio::task::JoinHandle;

/// Serves the site until it is asked to stop.
///
/// # Errors
/// What keeps it from starting.
pub async fn run(settings: Settings) -> Result<(), Failure> {
    telemetry::start(&settings)?;
    let state = bootstrap::open(settings).await?;
    let settings = state.settings.clone();
    if !settings.site_root.join("pkg").is_dir() {
        tracing::warn!(path = %settings.site_root.display(), "no built browser half here: pages will not come alive");
    }
    if settings.insecure_cookies {
        tracing::warn!(
            "INSECURE COOKIES: the refresh cookie is sent without Secure. For development on this machine only"
        );
    }
    if settings.hides_clients() {
        tracing::warn!(
            "the addresses of clients cannot be known: name the proxy in COUNTERFOIL_TRUSTED_PROXIES, or all of its \
             clients count as one"
        );
    }
    let others = tokio::spawn(state.clone().follow_others());
    state.readiness.settle(settings.denylist_blind_after).await;
    let listeners = listener::bind(&settings).await?;
    let metrics = serve_metrics(&state).await?;
    let lab = open_lab(&state).await?;
    welcome(&state, lab.as_ref().map(|lab| &*lab.origins().control.origin)).await?;
    let lab = lab.map(|lab| tokio::spawn(lab.serve()));
    let sessions = &state.sessions;
    let feed =
        denial_feed::follow(sessions.store.clone(), sessions.revocation.denylist.clone(), sessions.clock.clone());
    let feed = tokio::spawn(feed);
    let key_feed = KeyFeed::new(settings.key_file(), sessions.access_tokens.keys().clone());
    let key_feed = tokio::spawn(key_feed.follow());
    let pruning = pruning::repeat(
        sessions.store.clone(),
        sessions.revocation.denylist.clone(),
        settings.retention(),
        sessions.clock.clone(),
    );
    let pruning = tokio::spawn(pruning);
    let stop = stop_signal(state.clone())?;
    listener::serve(listeners, router(state.clone()), &settings, stop).await;
    for task in [Some(feed), Some(key_feed), Some(pruning), Some(others), metrics, lab].into_iter().flatten() {
        task.abort();
    }
    state.sessions.proof_of_use.finish().await;
    state.sessions.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Serves the metrics beside the site, if an address is set for them.
async fn serve_metrics(state: &AppState) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(address) = state.settings.metrics_listen else {
        return Ok(None);
    };
    let listener = listener::bind_to(address).await?;
    let router = exporter::router(state.clone(), exporter::install()?);
    let settings = state.settings.clone();
    tracing::info!(%address, "serving metrics");
    let serving = async move { listener::serve(vec![listener], router, &settings, future::pending()).await };
    Ok(Some(tokio::spawn(serving)))
}

/// Opens the lab, if it is on. One that nobody asked for by name gives way to whatever has its ports.
async fn open_lab(state: &AppState) -> Result<Option<Lab>, Failure> {
    let settings = state.settings.clone();
    if !settings.lab.is_on(settings.mode) {
        return Ok(None);
    }
    let was_asked_for = settings.lab.switch.is_some();
    match Lab::bind(settings, state.sessions.clock.clone(), state.sessions.entropy.clone()).await {
        Ok(lab) => {
            tracing::info!(origin = lab.origins().control.origin, "serving the lab, which is vulnerable on purpose");
            Ok(Some(lab))
        }
        Err(error) if was_asked_for => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "no lab: set COUNTERFOIL_LAB_PORT to the first of four free ports");
            Ok(None)
        }
    }
}

async fn welcome(state: &AppState, lab: Option<&str>) -> Result<(), Failure> {
    let settings = &state.settings;
    tracing::info!(origin = settings.origin(), addresses = ?settings.addresses(), "listening");
    if settings.mode != Mode::Development {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    let created = bootstrap::demo_accounts(state).await?;
    writeln!(out, "\n  Counterfoil is at {}", settings.origin())?;
    if let Some(lab) = lab {
        writeln!(out, "  Its lab, vulnerable on purpose, is at {lab}")?;
    }
    writeln!(out)?;
    if created.is_empty() {
        writeln!(out, "  Demo accounts: see {}", bootstrap::demo_file(settings).display())?;
    } else {
        writeln!(out, "  Demo accounts, printed this once (also in {}):", bootstrap::demo_file(settings).display())?;
        for (email, password) in &created {
            writeln!(out, "    {email:<20} {}", **password)?;
        }
    }
    writeln!(out, "  Keys and data: {} (development mode made what was missing)", settings.data_dir.display())?;
    writeln!(out, "  Stop with Ctrl-C\n")?;
    Ok(())
}

/// Resolves when the process is asked to stop, and those who send requests here have had time to notice.
fn stop_signal(state: AppState) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        state.readiness.stop();
        tokio::time::sleep(state.settings.drain_time).await;
        tracing::info!("stopping: requests in flight may finish");
    })
}
