//! The public keys, for services that verify access tokens themselves (RFC 7517).

use super::{
    auth::{access_token::AccessTokenError, key_set::JWKS_MAX_AGE},
    error::Error,
    state::AppState,
};
use crate::shared::Problem;
use aws_lc_rs::digest;
use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// RFC 7517 section 8.5.2.
const MEDIA_TYPE: &str = "application/jwk-set+json";

/// Gives every public key whose tokens are or will soon be in use; none with HS256. Whoever has them already is told
/// so (RFC 9110 section 13.1.2). A set that lacks a key of another node's tokens is not given: it would be cached.
pub async fn jwks(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    let now = state.sessions.clock.now();
    let keys = state.sessions.access_tokens.keys();
    if !keys.has_every_signer() {
        return Err(Error::from(AccessTokenError::KeyElsewhere).into());
    }
    let set = keys.get().jwks(now);
    let body = serde_json::to_vec(&set).map_err(|error| Error::Internal(error.to_string()))?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &body)));
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|value| names(value.as_bytes(), &tag));
    let cache: [(HeaderName, String); 2] =
        [(CACHE_CONTROL, format!("public, max-age={}", JWKS_MAX_AGE.as_secs())), (ETAG, tag)];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, cache).into_response());
    }
    Ok((cache, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response())
}

/// Whether the list of entity tags has this one, be it marked as weak by a cache on the way.
fn names(list: &[u8], tag: &str) -> bool {
    let list = std::str::from_utf8(list).unwrap_or_default();
    list.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}
