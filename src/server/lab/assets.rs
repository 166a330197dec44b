//! What the lab's pages are made of; it is part of the binary, so the lab needs no folder of its own.

use super::LabState;
use axum::{
    Router,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::IntoResponse,
    routing::get,
};

type Asset = ([(HeaderName, HeaderValue); 2], &'static [u8]);

const STYLE: &str = concat!(
    include_str!("../../../style/00-layers.css"),
    include_str!("../../../style/10-reset.css"),
    include_str!("../../../style/20-base.css"),
    include_str!("../../../style/30-layout.css"),
    include_str!("../../../style/40-button.css"),
    include_str!("../../../style/42-notice.css"),
    include_str!("../../../style/43-card.css"),
    include_str!("../../../style/47-table.css"),
    include_str!("../../../style/60-utilities.css"),
    include_str!("../../../style/70-forced-colors.css"),
    include_str!("pages/lab.css"),
);
const FONT: &[u8] = include_bytes!("../../../public/fonts/recursive-latin-mono.woff2");

/// What all the lab's sites have: style, font and nothing for search engines.
pub fn router() -> Router<LabState> {
    Router::new()
        .route("/lab.css", get(asset("text/css; charset=utf-8", STYLE.as_bytes())))
        .route("/fonts/recursive-latin-mono.woff2", get(asset("font/woff2", FONT)))
        .route("/robots.txt", get("User-agent: *\nDisallow: /\n"))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
}

/// A script of a site.
pub fn script(text: &'static str) -> Asset {
    asset("text/javascript; charset=utf-8", text.as_bytes())
}

/// A page, with what stands between double braces filled in.
pub fn page(template: &str, values: &[(&str, &str)]) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], filled(template, values))
}

/// A template, with what stands between double braces filled in.
pub fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let fill = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{{{name}}}}}"), value);
    values.iter().fold(template.to_owned(), fill)
}

const fn asset(content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    (headers, bytes)
}
