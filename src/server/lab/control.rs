//! The control room: sets the victim up, watches both servers' logs, and says what came of it.

mod page;

use super::{
    LabState, assets,
    visitors::{Plan, Visit},
    walls::InLab,
};
use crate::{
    lab::{
        Evidence, Judgement, Matrix,
        evidence::Obstacle,
        matrix::Cell,
        verdict::{Verdict, judge},
    },
    server::clock::Timestamp,
};
use axum::{
    Json, Router,
    extract::State,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};

/// The most characters of the name of a browser.
const MAX_BROWSER: usize = 80;

/// The control room's page and calls. They take JSON alone, which no other origin is given leave to send.
pub fn router(state: &LabState) -> Router<LabState> {
    let page = page::render(&state.origins);
    let policy = policy(state);
    assets::router()
        .route("/", get(|| async move { ([(CONTENT_SECURITY_POLICY, policy)], page) }))
        .route("/control.js", get(assets::script(include_str!("pages/control.js"))))
        .route("/evidence.js", get(assets::script(include_str!("pages/evidence.js"))))
        .route("/notebook.js", get(assets::script(include_str!("pages/notebook.js"))))
        .route("/labs", post(open))
        .route("/labs/{lab}", delete(close))
        .route("/labs/{lab}/run", get(look).post(begin))
        .route("/labs/{lab}/conclusion", post(conclude))
        .route("/labs/{lab}/table", get(table))
        .route("/labs/{lab}/table.md", get(markdown))
}

/// Only its own scripts, and only the lab's sites in its frame.
fn policy(state: &LabState) -> HeaderValue {
    let (victim, attacker) = (&state.origins.victim.origin, &state.origins.attacker.origin);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
         connect-src 'self' {attacker}; frame-src {victim} {attacker}; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

#[derive(Deserialize)]
struct Opening {
    browser: String,
}

/// A lab for whoever asks, while there is room.
async fn open(State(state): State<LabState>, Json(Opening { browser }): Json<Opening>) -> Response {
    let browser = browser.chars().filter(|c| !c.is_control() && *c != '|').take(MAX_BROWSER).collect();
    match state.visitors.open(browser) {
        Some(lab) => Json(serde_json::json!({ "lab": lab.to_string() })).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "60")], "the lab is full\n").into_response(),
    }
}

async fn close(State(state): State<LabState>, InLab(lab): InLab) -> StatusCode {
    state.visitors.close(lab);
    StatusCode::NO_CONTENT
}

/// A run as it stands.
#[derive(Serialize)]
struct Standing {
    run: u32,
    plan: Plan,
    /// Whether the victim's own page is signed in, so that an attack can begin.
    signed_in: bool,
    judgement: Judgement,
    words: String,
    evidence: Evidence,
}

impl Standing {
    fn of(visit: &Visit) -> Self {
        let judgement = judge(visit.plan.attack, &visit.evidence);
        Self {
            run: visit.run,
            plan: visit.plan.clone(),
            signed_in: visit.evidence.signed_in(),
            words: judgement.words(),
            judgement,
            evidence: visit.evidence.clone(),
        }
    }
}

async fn begin(State(state): State<LabState>, InLab(lab): InLab, Json(plan): Json<Plan>) -> Response {
    if !plan.attack.applies_to(plan.strategy) {
        return (StatusCode::UNPROCESSABLE_ENTITY, "there is nothing to try\n").into_response();
    }
    Json(state.visitors.with(lab, |visit| {
        visit.begin(plan);
        Standing::of(visit)
    }))
    .into_response()
}

async fn look(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    Json(state.visitors.with(lab, |visit| Standing::of(visit))).into_response()
}

#[derive(Deserialize)]
struct Conclusion {
    obstacle: Option<Obstacle>,
    /// How long everything took, with the last conclusion of a run of everything.
    seconds: Option<u32>,
}

/// Takes the verdict into the table. What the control room met counts only where the logs prove nothing.
async fn conclude(
    State(state): State<LabState>,
    InLab(lab): InLab,
    Json(Conclusion { obstacle, seconds }): Json<Conclusion>,
) -> Response {
    let now = state.clock.now().as_millis();
    Json(state.visitors.with(lab, |visit| {
        if judge(visit.plan.attack, &visit.evidence).verdict == Verdict::Inconclusive {
            visit.evidence.obstacle = obstacle;
        }
        let standing = Standing::of(visit);
        let Plan { strategy, attack, defences, hole } = visit.plan.clone();
        visit.table.put(Cell::new(strategy, attack, defences, hole, &standing.judgement));
        visit.table.measured_at = now;
        visit.table.seconds = seconds;
        standing
    }))
    .into_response()
}

async fn table(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    Json(state.visitors.with(lab, |visit| visit.table.clone())).into_response()
}

async fn markdown(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    let text = state.visitors.with(lab, |visit| captioned(&visit.table)).unwrap_or_default();
    ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response()
}

/// The table in Markdown, below the browser and the time of the measurement.
fn captioned(table: &Matrix) -> String {
    let measured_at = Timestamp::from_millis(table.measured_at);
    let when = if table.cells.is_empty() { "not run".to_owned() } else { measured_at.to_string() };
    format!("{}, {when}\n\n{}", table.browser, table.to_markdown())
}
