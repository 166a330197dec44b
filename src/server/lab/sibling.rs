//! Somebody else's application on the victim's host: another port is another origin, but the same site.

use super::{LabState, assets, walls::InLab};
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};

/// The sibling's page.
pub fn router() -> Router<LabState> {
    assets::router()
        .route("/sibling.js", get(assets::script(include_str!("pages/sibling.js"))))
        .route("/{lab}", get(page))
}

async fn page(State(state): State<LabState>, InLab(lab): InLab) -> Response {
    let values = [("lab", &*lab.to_string()), ("victim", &state.origins.victim.origin)];
    assets::page(include_str!("pages/sibling.html"), &values).into_response()
}
