//! What Tinpot Bank shows: its page with the hole in the guestbook, under the policy that the defences make.

use super::answer;
use crate::{
    lab::{Defence, defence::Hole, evidence::Deed},
    server::{
        id::LabId,
        lab::{
            LabState, assets,
            visitors::{MAX_LOOT, Visit, note},
            walls::InLab,
        },
    },
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// The page, and what it reads and reports.
pub fn router() -> Router<LabState> {
    Router::new()
        .route("/{lab}/bank", get(page))
        .route("/{lab}/guestbook", get(guestbook).post(write))
        .route("/{lab}/csp/{run}", post(violation))
}

async fn page(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::Page, |visit, asked| {
        let nonce = URL_SAFE_NO_PAD.encode(state.entropy.bytes::<16>());
        let flag = |defence| if visit.has(defence) { "on" } else { "off" };
        let entries: String = match visit.plan.hole {
            // Each entry as it was written: this is the hole.
            Hole::Template => visit.guestbook.iter().flat_map(|entry| ["<li>", entry, "</li>"]).collect(),
            Hole::Dom => String::new(),
        };
        let values = [
            ("lab", &*asked.lab.to_string()),
            ("nonce", &nonce),
            ("strategy", visit.plan.strategy.as_str()),
            ("label", visit.plan.strategy.label()),
            ("hole", visit.plan.hole.as_str()),
            ("dpop", flag(Defence::Dpop)),
            ("zeroize", flag(Defence::Zeroize)),
            ("entries", &entries),
        ];
        let mut response = assets::page(include_str!("../pages/bank.html"), &values).into_response();
        if let Some(policy) = policy(visit, lab, &nonce) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        Ok(response)
    })
}

/// What the defences make of the page's policy; nothing without them.
fn policy(visit: &Visit, lab: LabId, nonce: &str) -> Option<HeaderValue> {
    let nonced = format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; ");
    let directives = [
        (Defence::NonceCsp, &*nonced),
        (Defence::TrustedTypes, "require-trusted-types-for 'script'; "),
        (Defence::ConnectSrc, "connect-src 'self'; img-src 'self'; "),
    ];
    let policy: String =
        directives.into_iter().filter(|(defence, _)| visit.has(*defence)).map(|(_, directive)| directive).collect();
    if policy.is_empty() {
        return None;
    }
    HeaderValue::try_from(format!("{policy}report-uri /{lab}/csp/{}", visit.run)).ok()
}

async fn guestbook(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    Json(state.visitors.peek(lab, |visit| visit.guestbook.clone())).into_response()
}

/// Anybody may write anything.
async fn write(State(state): State<LabState>, InLab(lab): InLab, entry: String) -> StatusCode {
    if entry.len() > MAX_LOOT / 16 {
        return StatusCode::PAYLOAD_TOO_LARGE;
    }
    state.visitors.peek(lab, |visit| note(&mut visit.guestbook, entry));
    StatusCode::NO_CONTENT
}

/// A report of the browser that a policy was violated (CSP level 3, section 5.3).
async fn violation(
    State(state): State<LabState>,
    InLab(lab): InLab,
    Path((_, run)): Path<(String, u32)>,
    body: Bytes,
) -> StatusCode {
    let report: Value = serde_json::from_slice(&body).unwrap_or_default();
    let report = &report["csp-report"];
    let directive = report["effective-directive"].as_str().or_else(|| report["violated-directive"].as_str());
    if let Some(directive) = directive {
        let directive = directive.chars().take(64).collect();
        state.visitors.peek(lab, |visit| {
            if visit.run == run {
                note(&mut visit.evidence.violations, directive);
            }
        });
    }
    StatusCode::NO_CONTENT
}
