//! The series in Prometheus's text format, on a listener of their own: who may watch is not who may sign in.

use super::{DURATION_BUCKETS, REQUEST_DURATION, describe, observe, observe_nodes};
use crate::server::state::AppState;
use axum::{
    Router,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{fs, time::Duration};

/// How often what was measured is put into its buckets, so that memory stays bounded when nobody asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects what is counted in this process from now on.
///
/// # Errors
/// When something collects already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_DURATION.to_owned()), &DURATION_BUCKETS)?;
    let handle = builder.install_recorder()?;
    describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// `GET /metrics` and nothing else.
pub fn router(state: AppState, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(render)).with_state((state, handle))
}

async fn render(State((state, handle)): State<(AppState, PrometheusHandle)>) -> Response {
    let denylist = &state.sessions.revocation.denylist;
    observe(state.accounts.hasher.load(), denylist.len(), resident_memory());
    if let Some(cluster) = &state.cluster {
        observe_nodes(cluster, denylist.is_blind());
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// In bytes, where the system is Linux.
fn resident_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
