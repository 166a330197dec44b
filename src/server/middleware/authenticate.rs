//! Lets nobody through without a good access token, and to administration nobody but administrators.

use crate::{
    server::{
        call::{Administrator, CurrentUser, bearer},
        error::Error,
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
        .and_then(|token| Ok(sessions.access_tokens.verify(token, &sessions.revocation.denylist, now)?))
        .and_then(|claims| sessions.revocation.require_sight().map(|()| claims));
    match verified {
        Ok(claims) => {
            sessions.proof_of_use.observe(&claims, now);
            request.extensions_mut().insert(CurrentUser(claims));
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Lets administrators through, and says so to the handler.
pub async fn require_admin(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Some(CurrentUser(claims)) = request.extensions().get::<CurrentUser>().cloned() else {
        return Problem::from(Error::MissingToken).into_response();
    };
    match state.sessions.require_admin(&claims).await {
        Ok(id) => {
            request.extensions_mut().insert(Administrator(id));
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}
