//! A response, and assertions about it that name the line of the test and print the body.

use super::SetCookie;
use axum::http::HeaderMap;
use bytes::Bytes;
use counterfoil::shared::Code;
use serde_json::Value;

/// A response, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The only value of a header, or nothing.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map(|value| value.to_str().unwrap());
        assert!(values.next().is_none(), "two headers {name}: {:?}", self.headers);
        value
    }

    /// Every `Set-Cookie` as it was sent.
    pub fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The cookies of sessions that it sets to a value, parsed.
    pub fn cookies(&self) -> Vec<SetCookie> {
        let parsed = self.set_cookies().into_iter().map(|line| SetCookie::parse(&line));
        parsed.filter(|cookie| !cookie.is_removal() && !cookie.is_device()).collect()
    }

    /// What is the same in every such answer: all but the id of the request.
    pub fn likeness(&self) -> (u16, HeaderMap, Bytes) {
        let mut headers = self.headers.clone();
        headers.remove("x-request-id");
        (self.status, headers, self.body.clone())
    }

    /// The names of the cookies that it removes, sorted.
    pub fn removed_cookies(&self) -> Vec<String> {
        let parsed = self.set_cookies().into_iter().map(|line| SetCookie::parse(&line));
        let mut names: Vec<_> = parsed.filter(SetCookie::is_removal).map(|cookie| cookie.name).collect();
        names.sort_unstable();
        names
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}\n{:?}", self.text(), self.headers);
        self
    }

    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        self.assert_status(200)
    }

    /// The body of a problem with this code; the whole shape of an error is checked on the way.
    #[track_caller]
    pub fn assert_problem(&self, code: Code) -> Value {
        self.assert_status(code.status());
        let json = self.json();
        assert_eq!(json["code"], code.as_str(), "{json}");
        assert_eq!(json["status"], code.status(), "{json}");
        assert_eq!(json["type"], code.problem_type(), "{json}");
        assert_eq!(json["title"], code.title(), "{json}");
        assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{json}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let challenge = self.header("www-authenticate").unwrap_or_default();
        match code {
            Code::InvalidToken | Code::TokenExpired | Code::TokenRevoked => {
                assert!(
                    challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""),
                    "{challenge}"
                );
            }
            Code::InsufficientUserAuthentication => assert_eq!(
                challenge,
                "Bearer realm=\"counterfoil\", error=\"insufficient_user_authentication\", max_age=\"300\""
            ),
            Code::Forbidden => assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}"),
            _ if code.status() == 401 => {
                assert!(challenge.starts_with("Bearer ") && !challenge.contains("error"), "{challenge}");
            }
            _ => assert_eq!(challenge, ""),
        }
        json
    }

    /// The access token of a success of register, login or refresh.
    #[track_caller]
    pub fn access_token(&self) -> String {
        self.assert_ok();
        self.json()["access_token"].as_str().unwrap_or_else(|| panic!("no access token: {}", self.text())).to_owned()
    }
}
