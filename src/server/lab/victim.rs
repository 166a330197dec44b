//! Tinpot Bank: a small bank with a hole in its guestbook, and a token wherever the strategy says.

mod page;

use super::{
    LabState, assets,
    credentials::{REFRESH, SESSION, cleared, cookie, cookies, presented, refresh_cookie, session_cookie},
    dpop,
    visitors::{Visit, note},
    walls::InLab,
};
use crate::{
    lab::{
        Defence,
        evidence::{Credential, Deed, Request, Site},
    },
    server::{clock::Timestamp, id::LabId},
};
use axum::{
    Json, Router,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tower_http::services::ServeDir;

/// The folder of the WebAssembly that keeps a token, within the site's; no other site serves it.
pub const VAULT_FOLDER: &str = "lab-victim";
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The most characters that are kept of a header.
const MAX_HEADER: usize = 200;
/// The most names of cookies that are kept of a request.
const MAX_COOKIES: usize = 16;
/// The most characters that are kept of a name.
const MAX_NAME: usize = 64;

/// The victim's pages and calls.
pub fn router(state: &LabState) -> Router<LabState> {
    assets::router()
        .route("/bank.js", get(assets::script(include_str!("pages/bank.js"))))
        .route("/keepers.js", get(assets::script(include_str!("pages/keepers.js"))))
        .route("/dpop.js", get(assets::script(include_str!("pages/dpop.js"))))
        .nest_service("/vault", ServeDir::new(state.settings.site_root.join(VAULT_FOLDER)))
        .route("/{lab}/auth/login", post(sign_in))
        .route("/{lab}/auth/refresh", post(refresh))
        .route("/{lab}/auth/logout", post(sign_out))
        .route("/{lab}/api/me", get(who))
        .route("/{lab}/api/transfer", post(transfer))
        .route("/{lab}/reset", get(reset))
        .merge(page::router())
}

/// Why a request was refused.
struct Refusal(StatusCode, &'static str);

const fn unauthorized(why: &'static str) -> Refusal {
    Refusal(StatusCode::UNAUTHORIZED, why)
}

/// The parts of a request that the bank looks at.
struct Asked<'a> {
    lab: LabId,
    parts: &'a Parts,
    state: &'a LabState,
    now: Timestamp,
}

/// Answers a request within the visitor's lab, and logs it.
fn answer(
    state: &LabState,
    lab: LabId,
    parts: &Parts,
    deed: Deed,
    act: impl FnOnce(&mut Visit, &Asked) -> Result<Response, Refusal>,
) -> Response {
    let asked = Asked { lab, parts, state, now: state.clock.now() };
    let done = state.visitors.peek(lab, |visit| {
        let changes = !matches!(deed, Deed::Page | Deed::Who);
        let result = if changes && visit.has(Defence::OriginCheck) && !is_own(&parts.headers, state) {
            Err(Refusal(StatusCode::FORBIDDEN, "it came from another origin"))
        } else {
            act(visit, &asked)
        };
        let (mut response, refusal) = match result {
            Ok(response) => (response, None),
            Err(Refusal(status, why)) => ((status, Json(json!({ "error": why }))).into_response(), Some(why)),
        };
        let credential = presented(visit.plan.strategy, &parts.headers).map(|(credential, _)| credential);
        note(&mut visit.evidence.requests, logged(&asked, deed, credential, response.status(), refusal));
        if let Ok(nonce) = HeaderValue::try_from(&visit.nonce)
            && visit.has(Defence::DpopNonce)
        {
            response.headers_mut().insert(DPOP_NONCE, nonce);
        }
        response
    });
    done.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

fn logged(
    asked: &Asked,
    deed: Deed,
    credential: Option<Credential>,
    status: StatusCode,
    refusal: Option<&str>,
) -> Request {
    let headers = &asked.parts.headers;
    Request {
        at: asked.now.as_millis(),
        method: asked.parts.method.to_string(),
        path: asked.parts.uri.path().to_owned(),
        deed,
        site: site(headers),
        origin: header(headers, &ORIGIN).map(|origin| cut(origin, MAX_HEADER)),
        content_type: header(headers, &CONTENT_TYPE).map(|content_type| cut(content_type, MAX_HEADER)),
        authorization: header(headers, &AUTHORIZATION).and_then(|value| Some(cut(value.split_once(' ')?.0, MAX_NAME))),
        cookies: cookies(headers).into_iter().take(MAX_COOKIES).map(|(name, _)| cut(&name, MAX_NAME)).collect(),
        credential,
        status: status.as_u16(),
        refusal: refusal.map(str::to_owned),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

fn site(headers: &HeaderMap) -> Site {
    let said = header(headers, &SEC_FETCH_SITE);
    said.and_then(|site| site.parse().ok()).unwrap_or(Site::Unsaid)
}

/// What the real site does too: whatever the browser says of the origin has to be this site.
fn is_own(headers: &HeaderMap, state: &LabState) -> bool {
    !site(headers).is_foreign() && headers.get_all(ORIGIN).iter().all(|origin| *origin == *state.origins.victim.origin)
}

impl Asked<'_> {
    /// Lets Alice through, if the request carries a token of hers that is good.
    fn authenticate(&self, visit: &mut Visit) -> Result<(), Refusal> {
        let presented = presented(visit.plan.strategy, &self.parts.headers);
        let (_, token) = presented.ok_or(unauthorized("it proves nothing about who is signed in"))?;
        let claims = self.state.tokens.verify(&token, self.lab, visit.run, self.now).map_err(unauthorized)?;
        let Some(bound) = claims.cnf else { return Ok(()) };
        let nonce = visit.nonce.clone();
        let nonce = visit.has(Defence::DpopNonce).then_some(&*nonce);
        if visit.nonce.is_empty() {
            self.renew_nonce(visit);
        }
        if self.prove(Some(&token), nonce)? != bound.jkt {
            return Err(unauthorized("the proof is by another key"));
        }
        self.renew_nonce(visit);
        Ok(())
    }

    /// The thumbprint of the key that the request proves to have.
    fn prove(&self, token: Option<&str>, nonce: Option<&str>) -> Result<String, Refusal> {
        let proof = self.parts.headers.get("dpop").and_then(|proof| proof.to_str().ok());
        let proof = proof.ok_or(unauthorized("the token is bound to a key, and there is no proof of it"))?;
        let url = format!("{}{}", self.state.origins.victim.origin, self.parts.uri.path());
        let expected = dpop::Expected { method: self.parts.method.as_str(), url: &url, token, nonce, now: self.now };
        dpop::verify(proof, &expected).map_err(unauthorized)
    }

    fn renew_nonce(&self, visit: &mut Visit) {
        visit.nonce = URL_SAFE_NO_PAD.encode(self.state.entropy.bytes::<12>());
    }

    /// A new access token, in the cookie or the body that the strategy says.
    fn grant(&self, visit: &Visit) -> Result<Response, Refusal> {
        let strategy = visit.plan.strategy;
        let is_bound = visit.has(Defence::Dpop) && !strategy.is_cookie();
        let jkt = is_bound.then(|| self.prove(None, None)).transpose()?;
        let token = self.state.tokens.mint(self.lab, visit.run, visit.has(Defence::ShortLife), jkt, self.now);
        let token = token.ok_or(Refusal(StatusCode::INTERNAL_SERVER_ERROR, "no token could be made"))?;
        if strategy.is_cookie() {
            let cookie = session_cookie(visit, self.lab, token);
            return Ok(([(SET_COOKIE, cookie)], Json(json!({ "signed_in": "alice" }))).into_response());
        }
        Ok(Json(json!({ "access_token": token })).into_response())
    }

    /// A new refresh token in its cookie, beside the answer.
    fn rotate(&self, visit: &mut Visit, response: &mut Response) {
        let token = URL_SAFE_NO_PAD.encode(self.state.entropy.bytes::<24>());
        append_cookie(response, &refresh_cookie(self.lab, &token));
        visit.refresh_token = Some(token);
    }
}

fn append_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// "Be Alice": no password, since there is nothing of anybody's here.
async fn sign_in(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::SignIn, |visit, asked| {
        let mut response = asked.grant(visit)?;
        if visit.plan.strategy.refreshes() {
            asked.rotate(visit, &mut response);
        }
        // What another strategy left behind is not this one's.
        if !visit.plan.strategy.is_cookie() && cookie(&parts.headers, SESSION).is_some() {
            let [session, _] = cleared(lab);
            append_cookie(&mut response, &session);
        }
        Ok(response)
    })
}

async fn refresh(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::Refresh, |visit, asked| {
        if !visit.plan.strategy.refreshes() {
            return Err(Refusal(StatusCode::NOT_FOUND, "there are no refresh tokens"));
        }
        let presented = cookie(&parts.headers, REFRESH);
        if presented.is_none() || presented != visit.refresh_token {
            return Err(unauthorized("there is no refresh token of this session"));
        }
        let mut response = asked.grant(visit)?;
        asked.rotate(visit, &mut response);
        Ok(response)
    })
}

async fn sign_out(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::SignOut, |visit, _| {
        visit.refresh_token = None;
        let mut response = StatusCode::NO_CONTENT.into_response();
        for cookie in cleared(lab) {
            append_cookie(&mut response, &cookie);
        }
        Ok(response)
    })
}

async fn who(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::Who, |visit, asked| {
        asked.authenticate(visit)?;
        Ok(Json(json!({ "hello": "alice", "balance": visit.balance })).into_response())
    })
}

/// Ten to whoever the form says: what matters is who asked.
async fn transfer(State(state): State<LabState>, InLab(lab): InLab, parts: Parts) -> Response {
    answer(&state, lab, &parts, Deed::Transfer, |visit, asked| {
        asked.authenticate(visit)?;
        visit.balance -= 10;
        Ok(Json(json!({ "transferred": 10, "balance": visit.balance })).into_response())
    })
}

/// Makes the browser forget what the victim stored in it.
async fn reset(InLab(_): InLab) -> Response {
    ([(HeaderName::from_static("clear-site-data"), "\"cookies\", \"storage\"")], StatusCode::OK).into_response()
}
