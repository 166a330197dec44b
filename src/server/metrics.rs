//! What an operator can watch: the names of all series, and who counts what.
//!
//! Labels are of closed sets, so that nobody from outside can make the number of series grow. Where no exporter is
//! installed, counting does nothing.

pub mod exporter;

use super::{
    auth::{password::Load, rotation::Outcome, throttle::limit::LimitedCall},
    cluster::Cluster,
};
use crate::shared::Code;
use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use axum::{http::Method, response::Response};
use std::time::Duration;

const REQUESTS: &str = "counterfoil_http_requests_total";
const REQUEST_DURATION: &str = "counterfoil_http_request_duration_seconds";
const LOGINS: &str = "counterfoil_logins_total";
const REGISTRATIONS: &str = "counterfoil_registrations_total";
const REFRESHES: &str = "counterfoil_refreshes_total";
const THROTTLED: &str = "counterfoil_throttled_total";
const HASHING_RUNNING: &str = "counterfoil_hashing_running";
const HASHING_WAITING: &str = "counterfoil_hashing_waiting";
const HASHING_REFUSED: &str = "counterfoil_hashing_refused_total";
const DENIALS: &str = "counterfoil_denylist_entries";
const DENYLIST_BLIND: &str = "counterfoil_denylist_blind";
const DENYLIST_BLIND_SECONDS: &str = "counterfoil_denylist_blind_seconds_total";
const REDIS_FAILURES: &str = "counterfoil_redis_failures_total";
const COUNTED_ALONE: &str = "counterfoil_limiter_fallbacks_total";
const CLOCK_OFF: &str = "counterfoil_clock_off";
const OTHER_NODES: &str = "counterfoil_other_nodes";
const OTHER_KEYS: &str = "counterfoil_other_nodes_with_other_keys";
const PROOFS_DEFERRED: &str = "counterfoil_proofs_of_use_deferred_total";
/// Prometheus's own name for it.
const RESIDENT_MEMORY: &str = "process_resident_memory_bytes";

/// Upper bounds of the buckets of durations, in seconds: from what needs no I/O to what waits for a password's hash.
const DURATION_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Says what each series is, and starts those without labels at zero.
fn describe() {
    describe_counter!(REQUESTS, "Requests answered, by method, route and class of status.");
    describe_histogram!(REQUEST_DURATION, Unit::Seconds, "Time to answer a request, by route.");
    describe_counter!(LOGINS, "Sign-ins tried, by outcome: ok or the code of the error.");
    describe_counter!(REGISTRATIONS, "Sign-ups tried, by outcome: ok or the code of the error.");
    describe_counter!(REFRESHES, "Refreshes tried, by outcome: what the rotation did, or the code of the error.");
    describe_counter!(THROTTLED, "Calls refused because there were too many, by limit.");
    describe_gauge!(HASHING_RUNNING, "Passwords being hashed.");
    describe_gauge!(HASHING_WAITING, "Passwords that wait to be hashed.");
    describe_counter!(HASHING_REFUSED, "Passwords refused because the hashing queue was full.");
    describe_gauge!(DENIALS, "Denials of access tokens in memory.");
    describe_gauge!(DENYLIST_BLIND, "1 while what the other nodes revoke cannot be known, else 0.");
    describe_counter!(DENYLIST_BLIND_SECONDS, Unit::Seconds, "Time for which that could not be known.");
    describe_counter!(REDIS_FAILURES, "Connections and commands that failed because of Redis.");
    describe_counter!(COUNTED_ALONE, "Steps of the limiter in this node's memory, because Redis was away.");
    describe_gauge!(CLOCK_OFF, "1 while this machine's clock and that of Redis differ by more than 5 s, else 0.");
    describe_gauge!(OTHER_NODES, "Other nodes that live.");
    describe_gauge!(OTHER_KEYS, "Other nodes whose signing keys are not this one's.");
    describe_counter!(PROOFS_DEFERRED, "Proofs of use left to the next call because their queue was full.");
    describe_gauge!(RESIDENT_MEMORY, Unit::Bytes, "Resident memory of the process.");
    for series in [HASHING_REFUSED, PROOFS_DEFERRED, DENYLIST_BLIND_SECONDS, REDIS_FAILURES, COUNTED_ALONE] {
        counter!(series).absolute(0);
    }
}

/// Counts a request when its answer is known. `route` is the template that matched, if one did.
pub fn answered(method: &Method, route: Option<&str>, response: &Response, elapsed: Duration) {
    let route = route.unwrap_or("none");
    let status = ["1xx", "2xx", "3xx", "4xx", "5xx"][usize::from(response.status().as_u16() / 100 - 1).min(4)];
    counter!(REQUESTS, "method" => known(method), "route" => route.to_owned(), "status" => status).increment(1);
    histogram!(REQUEST_DURATION, "route" => route.to_owned()).record(elapsed);
    if method == Method::POST {
        let code = response.extensions().get::<Code>().map(|code| code.as_str());
        match (route, code) {
            ("/auth/login", code) => counter!(LOGINS, "outcome" => code.unwrap_or("ok")).increment(1),
            ("/auth/register", code) => counter!(REGISTRATIONS, "outcome" => code.unwrap_or("ok")).increment(1),
            ("/auth/refresh", Some(code)) => counter!(REFRESHES, "outcome" => code).increment(1),
            _ => {}
        }
    }
}

/// Counts a refresh that gave tokens; one that did not is counted by its answer.
pub fn refreshed(outcome: Outcome) {
    let outcome = match outcome {
        Outcome::Rotate => "rotated",
        Outcome::Adopt => "adopted",
        Outcome::Repeat => "repeated",
        Outcome::Recover => "recovered",
        Outcome::Reuse | Outcome::Ended(_) | Outcome::Invalid | Outcome::TooFast => return,
    };
    counter!(REFRESHES, "outcome" => outcome).increment(1);
}

/// Counts a call that was refused because there were too many.
pub fn throttled(limit: LimitedCall) {
    counter!(THROTTLED, "limit" => limit.name()).increment(1);
}

/// Counts a password that found the hashing queue full.
pub fn hashing_refused() {
    counter!(HASHING_REFUSED).increment(1);
}

/// Counts a proof of use that found its queue full.
pub fn proof_deferred() {
    counter!(PROOFS_DEFERRED).increment(1);
}

/// Counts a connection or a command that failed because of Redis.
pub fn redis_failed() {
    counter!(REDIS_FAILURES).increment(1);
}

/// Counts a step of the limiter that the other nodes do not see.
pub fn counted_alone() {
    counter!(COUNTED_ALONE).increment(1);
}

/// Counts a time for which the denylist was blind.
pub fn was_blind_for(time: Duration) {
    counter!(DENYLIST_BLIND_SECONDS).increment(time.as_secs());
}

/// Takes down how the other nodes stand.
#[expect(clippy::cast_precision_loss, reason = "there are not 2^52 nodes")]
fn observe_nodes(cluster: &Cluster, is_blind: bool) {
    gauge!(DENYLIST_BLIND).set(f64::from(u8::from(is_blind)));
    gauge!(CLOCK_OFF).set(f64::from(u8::from(cluster.is_clock_off())));
    gauge!(OTHER_NODES).set(cluster.others() as f64);
    gauge!(OTHER_KEYS).set(cluster.with_other_keys() as f64);
}

/// Takes down how things stand.
#[expect(clippy::cast_precision_loss, reason = "none of these counts comes near 2^52")]
fn observe(hashing: Load, denials: usize, resident_memory: Option<u64>) {
    gauge!(HASHING_RUNNING).set(hashing.running as f64);
    gauge!(HASHING_WAITING).set(hashing.waiting as f64);
    gauge!(DENIALS).set(denials as f64);
    if let Some(bytes) = resident_memory {
        gauge!(RESIDENT_MEMORY).set(bytes as f64);
    }
}

/// The method, where it is one that is answered for.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
