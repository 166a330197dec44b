//! The calls that the pages of the lab make.

use super::{
    checklist::Checklist,
    forgery::Forgery,
    visit::{Ahead, Family, Tokens},
};
use crate::{
    server::{error::Error, middleware::body, state::AppState},
    shared::{Problem, Role, paths},
};
use axum::{Json, Router, extract::State, middleware::from_fn, routing::post};
use serde::{Deserialize, Serialize};

/// The costs of bcrypt that can be measured.
const COSTS: std::ops::RangeInclusive<u32> = 10..=14;

/// What every call answers.
type Answer<T> = Result<Json<T>, Problem>;

/// The calls, behind the same walls as those of the app.
pub fn router() -> Router<AppState> {
    let calls = Router::new()
        .route("/sign-in", post(sign_in))
        .route("/refresh", post(refresh))
        .route("/family", post(family))
        .route("/present", post(present))
        .route("/sign-out", post(sign_out))
        .route("/forge", post(forge))
        .route("/measure", post(measure))
        .route_layer(from_fn(body::json_object));
    Router::new().nest(paths::LAB_API, calls)
}

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    ahead: Ahead,
    role: Role,
}

#[derive(Deserialize)]
struct WithRefreshToken {
    #[serde(default)]
    ahead: Ahead,
    refresh_token: String,
}

#[derive(Deserialize)]
struct WithAccessToken {
    #[serde(default)]
    ahead: Ahead,
    access_token: String,
    /// Whether the call is one for administrators.
    #[serde(default)]
    guard: bool,
}

#[derive(Deserialize)]
struct Forge {
    #[serde(default)]
    ahead: Ahead,
    forgery: Forgery,
}

#[derive(Serialize)]
struct Forged {
    access_token: String,
}

#[derive(Serialize, Deserialize)]
struct Measure {
    cost: u32,
}

#[derive(Serialize)]
struct Measured {
    cost: u32,
    milliseconds: u128,
}

/// An answer that says nothing more.
#[derive(Serialize)]
struct Done {}

async fn sign_in(State(state): State<AppState>, Json(asked): Json<SignIn>) -> Answer<Tokens> {
    Ok(Json(state.playground.visit(asked.ahead).await?.sign_in(asked.role).await?))
}

async fn refresh(State(state): State<AppState>, Json(asked): Json<WithRefreshToken>) -> Answer<Tokens> {
    Ok(Json(state.playground.visit(asked.ahead).await?.refresh(&asked.refresh_token).await?))
}

async fn family(State(state): State<AppState>, Json(asked): Json<WithRefreshToken>) -> Answer<Family> {
    Ok(Json(state.playground.visit(asked.ahead).await?.family(&asked.refresh_token).await?))
}

async fn present(State(state): State<AppState>, Json(asked): Json<WithAccessToken>) -> Answer<Checklist> {
    Ok(Json(state.playground.visit(asked.ahead).await?.present(&asked.access_token, asked.guard).await?))
}

async fn sign_out(State(state): State<AppState>, Json(asked): Json<WithAccessToken>) -> Answer<Done> {
    state.playground.visit(asked.ahead).await?.sign_out(&asked.access_token).await?;
    Ok(Json(Done {}))
}

async fn forge(State(state): State<AppState>, Json(asked): Json<Forge>) -> Answer<Forged> {
    let access_token = state.playground.visit(asked.ahead).await?.forge(asked.forgery)?;
    Ok(Json(Forged { access_token }))
}

async fn measure(State(state): State<AppState>, Json(Measure { cost }): Json<Measure>) -> Answer<Measured> {
    if !COSTS.contains(&cost) {
        return Err(Error::Malformed("A cost from 10 to 14 can be measured.").into());
    }
    let milliseconds = state.playground.measure(cost).await?.as_millis();
    Ok(Json(Measured { cost, milliseconds }))
}
