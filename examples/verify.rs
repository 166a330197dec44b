//! A service of its own that verifies Counterfoil's access tokens by its JWKS: `GET /whoami`.
//!
//! `ISSUER=http://localhost:3000 ALGORITHM=ES256 PORT=4000 cargo run --example verify`

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
    routing::get,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use std::{env, error::Error, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Mutex, time::Instant};

/// How long Counterfoil allows its JWKS to be kept.
const MAX_AGE: Duration = Duration::from_mins(5);

struct Verifier {
    jwks_url: String,
    validation: Validation,
    /// An unknown `kid` has the JWKS fetched once more, and then not before this time, so that made-up ones cause no
    /// storm.
    cooldown: Duration,
    jwks: Mutex<Option<(JwkSet, Instant)>>,
}

#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
}

impl Verifier {
    async fn verify(&self, token: &str) -> Result<Claims, Box<dyn Error>> {
        let header = decode_header(token)?;
        if header.typ.as_deref() != Some("at+jwt") || header.crit.is_some() {
            return Err("not an access token".into());
        }
        let key = self.key(&header.kid.ok_or("no kid")?).await?;
        Ok(decode(token, &key, &self.validation)?.claims)
    }

    #[expect(clippy::disallowed_methods, reason = "the age of a cache, in a program without a clock of its own")]
    async fn key(&self, kid: &str) -> Result<DecodingKey, Box<dyn Error>> {
        let mut jwks = self.jwks.lock().await;
        let is_fresh = jwks.as_ref().is_some_and(|(set, at)| {
            at.elapsed() < MAX_AGE && (set.find(kid).is_some() || at.elapsed() < self.cooldown)
        });
        if !is_fresh {
            let set = reqwest::get(&self.jwks_url).await?.error_for_status()?.json().await?;
            *jwks = Some((set, Instant::now()));
        }
        let jwk = jwks.as_ref().and_then(|(set, _)| set.find(kid)).ok_or("unknown kid")?;
        Ok(DecodingKey::from_jwk(jwk)?)
    }
}

async fn whoami(State(verifier): State<Arc<Verifier>>, headers: HeaderMap) -> Response {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match verifier.verify(bearer.unwrap_or_default()).await {
        Ok(claims) => Json(serde_json::json!({ "sub": claims.sub })).into_response(),
        // The caller learns nothing more than that the token is not good.
        Err(_) => (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)]).into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let setting = |name, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let issuer = setting("ISSUER", "http://localhost:3000");
    // Chosen here and never by the token.
    let mut validation = Validation::new(setting("ALGORITHM", "ES256").parse::<Algorithm>()?);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[&issuer]);
    validation.set_audience(&[setting("AUDIENCE", &issuer)]);
    validation.leeway = 5;
    let verifier = Verifier {
        jwks_url: setting("JWKS_URL", &format!("{issuer}/.well-known/jwks.json")),
        validation,
        cooldown: Duration::from_secs(setting("COOLDOWN_SECONDS", "30").parse()?),
        jwks: Mutex::default(),
    };
    let listener = TcpListener::bind(("127.0.0.1", setting("PORT", "4000").parse::<u16>()?)).await?;
    let app = Router::new().route("/whoami", get(whoami)).with_state(Arc::new(verifier));
    Ok(axum::serve(listener, app).await?)
}
