//! Lets nobody through without a good access token.

use crate::{
    server::{
        call::{CurrentUser, bearer},
        state::AppState,
    },
    shared::Problem,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Verifies the access token and says to the handler who is calling. The order of the checks is DESIGN section 4's.
pub async fn authenticate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let sessions = &state.sessions;
    let now = sessions.clock.now();
    let verified = bearer(request.headers())
        .and_then(|token| Ok(sessions.access_tokens.verify(token, &sessions.denylist, now)?));
    match verified {
        Ok(claims) => {
            sessions.proof_of_use.observe(&claims, now);
            request.extensions_mut().insert(CurrentUser(claims));
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}
