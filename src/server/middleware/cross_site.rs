//! Refuses state-changing requests that another site made a browser send (CSRF).

use crate::{
    server::state::AppState,
    shared::{Code, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, header::ORIGIN},
    middleware::Next,
    response::{IntoResponse, Response},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request with an unsafe method through if whatever its browser says of its origin is this site.
///
/// `SameSite=Strict` alone is not enough: another port or a sibling host is the same site. A client that sends
/// neither header is no browser, and has no cookies that it did not mean to send.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(request.headers(), &state.settings.origin()) {
        next.run(request).await
    } else {
        Problem::new(Code::CrossSite).into_response()
    }
}

fn is_own(headers: &HeaderMap, origin: &str) -> bool {
    headers.get_all(ORIGIN).iter().all(|value| value == origin)
        && headers.get_all(SEC_FETCH_SITE).iter().all(|value| value == "same-origin" || value == "none")
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_own(&headers, "http://localhost:3000")
    }

    #[test]
    fn this_site_and_programs_pass() {
        assert!(own(&[]));
        assert!(own(&[("origin", "http://localhost:3000"), ("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
    }

    #[test]
    fn other_sites_and_siblings_do_not() {
        for site in ["same-site", "cross-site", "", "Same-Origin"] {
            assert!(!own(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in [
            "null",
            "",
            "http://localhost",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://localhost:3000.evil.example",
            "http://evil.example",
            "http://LOCALHOST:3000",
            "http://127.0.0.1:3000",
        ] {
            assert!(!own(&[("origin", origin)]), "{origin}");
            assert!(!own(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
        }
    }
}
