//! How the victim hands its tokens out, and how it gets them back, for each strategy.

use super::visitors::Visit;
use crate::{
    lab::{Defence, Strategy, evidence::Credential},
    server::id::LabId,
};
use axum::http::{
    HeaderMap,
    header::{AUTHORIZATION, COOKIE},
};
use cookie::{Cookie, SameSite, time::Duration};

/// The cookie that holds an access token.
pub const SESSION: &str = "session";
/// The cookie that holds a refresh token.
pub const REFRESH: &str = "refresh";

/// The names and values of the cookies of a request.
pub fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies = texts.flat_map(|text| Cookie::split_parse(text.to_owned()).flatten());
    cookies.map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
}

/// The value of a cookie of a request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers).into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

/// The value of a cookie in a list of them, as `document.cookie` has it.
pub fn value_in<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The access token of a request, where the strategy looks for it.
pub fn presented(strategy: Strategy, headers: &HeaderMap) -> Option<(Credential, String)> {
    if strategy.is_cookie() {
        return cookie(headers, SESSION).map(|token| (Credential::Cookie, token));
    }
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_known = scheme.eq_ignore_ascii_case("Bearer") || scheme.eq_ignore_ascii_case("DPoP");
    is_known.then(|| (Credential::Bearer, token.to_owned()))
}

/// The cookie of an access token, as the strategy has it.
pub fn session_cookie(visit: &Visit, lab: LabId, token: String) -> String {
    let cookie = Cookie::build((SESSION, token)).path(format!("/{lab}"));
    let cookie = match visit.plan.strategy {
        Strategy::ReadableCookie => cookie.same_site(SameSite::Lax),
        Strategy::HttpOnlyNone if !visit.has(Defence::SameSite) => {
            cookie.http_only(true).same_site(SameSite::None).secure(true)
        }
        Strategy::HttpOnlyUnspecified if !visit.has(Defence::SameSite) => cookie.http_only(true),
        Strategy::HttpOnlyStrict => cookie.http_only(true).same_site(SameSite::Strict),
        _ => cookie.http_only(true).same_site(SameSite::Lax),
    };
    cookie.build().to_string()
}

/// The cookie of a refresh token, for the paths that need it.
pub fn refresh_cookie(lab: LabId, token: &str) -> String {
    Cookie::build((REFRESH, token)).path(format!("/{lab}/auth")).http_only(true).same_site(SameSite::Strict).to_string()
}

/// Clears both cookies.
pub fn cleared(lab: LabId) -> [String; 2] {
    [(SESSION, format!("/{lab}")), (REFRESH, format!("/{lab}/auth"))]
        .map(|(name, path)| Cookie::build((name, "")).path(path).max_age(Duration::ZERO).to_string())
}
