//! A browser's cookies, as far as the attributes of ours go. Written without the server's parser on purpose.

use std::collections::BTreeMap;

/// A `Set-Cookie` header, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie {
    pub name: String,
    pub value: String,
    pub path: String,
    pub max_age: Option<i64>,
}

impl SetCookie {
    #[track_caller]
    pub fn parse(line: &str) -> Self {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut cookie = Self { name: name.to_owned(), value: value.to_owned(), path: "/".to_owned(), max_age: None };
        for part in parts {
            match part.split_once('=') {
                Some(("Path", path)) => path.clone_into(&mut cookie.path),
                Some(("Max-Age", seconds)) => cookie.max_age = Some(seconds.parse().unwrap()),
                Some(("SameSite", "Strict")) => {}
                Some(other) => panic!("attribute {other:?} in {line}"),
                None => assert!(["HttpOnly", "Secure"].contains(&part), "attribute {part} in {line}"),
            }
        }
        cookie
    }

    pub fn is_removal(&self) -> bool {
        self.max_age == Some(0)
    }

    /// Whether it is the cookie of the device and not of a session.
    pub fn is_device(&self) -> bool {
        self.name.ends_with("device")
    }
}

/// The cookies of one browser.
#[derive(Clone, Debug, Default)]
pub struct Jar(BTreeMap<(String, String), SetCookie>);

impl Jar {
    /// Does what a browser does with the `Set-Cookie` headers of an answer.
    pub fn apply(&mut self, lines: &[String]) {
        for cookie in lines.iter().map(|line| SetCookie::parse(line)) {
            let key = (cookie.name.clone(), cookie.path.clone());
            if cookie.is_removal() {
                self.0.remove(&key);
            } else {
                self.0.insert(key, cookie);
            }
        }
    }

    /// Puts in a cookie under `/auth`.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.apply(&[format!("{name}={value}; Path=/auth; Max-Age=1000")]);
    }

    /// The `Cookie` header for a path (RFC 6265 section 5.1.4).
    pub fn header(&self, path: &str) -> Option<String> {
        let matches = |scope: &str| {
            path.strip_prefix(scope)
                .is_some_and(|rest| scope.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
        };
        let sent = self.0.values().filter(|cookie| matches(&cookie.path));
        let pairs: Vec<_> = sent.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The names of the cookies of sessions.
    pub fn names(&self) -> Vec<&str> {
        self.sessions().map(|cookie| cookie.name.as_str()).collect()
    }

    /// The values of all cookies.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|cookie| cookie.value.as_str())
    }

    /// The only cookie of a session.
    #[track_caller]
    pub fn only(&self) -> &SetCookie {
        assert_eq!(self.sessions().count(), 1, "{self:?}");
        self.sessions().next().unwrap()
    }

    /// The cookie of the device.
    #[track_caller]
    pub fn device(&self) -> &SetCookie {
        self.0.values().find(|cookie| cookie.is_device()).unwrap_or_else(|| panic!("no device: {self:?}"))
    }

    /// What is left after everything but the device is forgotten.
    pub fn device_alone(&self) -> Self {
        let device = self.0.iter().filter(|(_, cookie)| cookie.is_device());
        Self(device.map(|(key, cookie)| (key.clone(), cookie.clone())).collect())
    }

    fn sessions(&self) -> impl Iterator<Item = &SetCookie> {
        self.0.values().filter(|cookie| !cookie.is_device())
    }
}
