//! The cookies, seen by the calls under `/auth` alone: the refresh cookie (DESIGN section 2), one per session, and the
//! device cookie (section 5), one per browser.

use super::{answer::CookieChanges, throttle::device};
use crate::{
    server::{error::Error, id::SessionId},
    shared::paths,
};
use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use cookie::{Cookie, SameSite};
use std::{collections::HashSet, time::Duration};

/// The prefix that Chromium and Firefox let no script write.
const PREFIX: &str = "__Http-";
const NAME: &str = "refresh-";
const DEVICE: &str = "device";

/// The cookies of a request, byte by byte: a name that is quoted, encoded or in another case is another name.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let pairs = headers.get_all(COOKIE).into_iter().flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
}

fn prefix(secure: bool) -> &'static str {
    if secure { PREFIX } else { "" }
}

fn header(name: String, value: &str, life: Duration, secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path(paths::AUTH)
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Strict)
        .max_age(cookie::time::Duration::seconds(i64::try_from(life.as_secs()).unwrap_or(i64::MAX)));
    let mut header = HeaderValue::from_str(&cookie.to_string()).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// How refresh cookies are named and flagged.
#[derive(Clone, Copy, Debug)]
pub struct RefreshCookies {
    /// `Secure` and the name's prefix; off by one development switch alone.
    pub secure: bool,
}

impl RefreshCookies {
    /// The values of the refresh cookies of a request.
    ///
    /// # Errors
    /// [`Error::Malformed`] when two have one name: one of them was planted, and which cannot be told.
    pub fn read(self, headers: &HeaderMap) -> Result<Vec<&str>, Error> {
        let mut names = HashSet::new();
        let mut values = Vec::new();
        for (name, value) in pairs(headers).filter(|(name, _)| self.is_name(name)) {
            if !names.insert(name) {
                return Err(Error::Malformed("Two refresh cookies have one name. Clear this site's cookies."));
            }
            values.push(value);
        }
        Ok(values)
    }

    /// The `Set-Cookie` headers for the changes. A name that is set is not cleared.
    pub fn write(self, changes: &CookieChanges) -> Vec<HeaderValue> {
        let set_name = changes.set.as_ref().map(|(id, ..)| self.name(*id));
        let mut cleared = HashSet::new();
        let clear = changes
            .clear
            .iter()
            .map(|id| self.name(*id))
            .filter(|name| Some(name) != set_name.as_ref() && cleared.insert(name.clone()))
            .map(|name| header(name, "", Duration::ZERO, self.secure));
        let set = changes.set.iter().map(|(id, token, life)| header(self.name(*id), token, *life, self.secure));
        clear.chain(set).flatten().collect::<Vec<_>>()
    }

    fn name(self, id: SessionId) -> String {
        format!("{}{NAME}{}", prefix(self.secure), id.short())
    }

    fn is_name(self, name: &str) -> bool {
        name.strip_prefix(prefix(self.secure))
            .and_then(|rest| rest.strip_prefix(NAME))
            .is_some_and(|id| id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
    }
}

/// How the device cookie is named and flagged.
#[derive(Clone, Copy, Debug)]
pub struct DeviceCookie {
    /// `Secure` and the name's prefix; off by one development switch alone.
    pub secure: bool,
}

impl DeviceCookie {
    /// The value of the device cookie of a request. Of twins one was planted, and which cannot be told, so neither
    /// counts; a device is a help to its owner and no condition.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        let name = self.name();
        let mut values = pairs(headers).filter(|(other, _)| *other == name).map(|(_, value)| value);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// The `Set-Cookie` header for a device.
    pub fn write(self, device: &str) -> Option<HeaderValue> {
        header(self.name(), device, device::LIFE, self.secure)
    }

    fn name(self) -> String {
        format!("{}{DEVICE}", prefix(self.secure))
    }
}

#[cfg(test)]
mod tests {
    use super::{CookieChanges, DeviceCookie, RefreshCookies};
    use crate::server::id::SessionId;
    use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
    use std::time::Duration;
    use zeroize::Zeroizing;

    const SECURE: RefreshCookies = RefreshCookies { secure: true };

    fn read(headers: &[&str]) -> Option<Vec<String>> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, HeaderValue::from_str(header).unwrap());
        }
        Some(SECURE.read(&map).ok()?.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn the_cookie_has_every_attribute() {
        let set = (SessionId::from_bytes([0xab; 16]), Zeroizing::new("cf1_x".to_owned()), Duration::from_hours(7 * 24));
        let headers = SECURE.write(&CookieChanges { set: Some(set), clear: vec![SessionId::from_bytes([1; 16])] });
        assert_eq!(
            headers,
            [
                "__Http-refresh-01010101=; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=0",
                "__Http-refresh-abababab=cf1_x; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=604800",
            ]
        );
    }

    #[test]
    fn a_name_that_is_set_is_not_cleared_too() {
        let id = SessionId::from_bytes([1; 16]);
        let changes = CookieChanges {
            set: Some((id, Zeroizing::new("cf1_x".to_owned()), Duration::from_secs(1))),
            clear: vec![id],
        };
        assert_eq!(SECURE.write(&changes).len(), 1);
    }

    #[test]
    fn refresh_cookies_are_found_among_others() {
        assert_eq!(read(&["a=b; __Http-refresh-00000001=x", "__Http-refresh-00000002=y"]).unwrap(), ["x", "y"]);
        assert_eq!(read(&[]).unwrap(), [""; 0]);
    }

    #[test]
    fn other_spellings_of_the_name_are_other_cookies() {
        for name in [
            "__http-refresh-00000001",
            "__Http-Refresh-00000001",
            "__Http%2Drefresh-00000001",
            "refresh-00000001",
            "\"__Http-refresh-00000001\"",
            "__Http-refresh-0000000A",
            "__Http-refresh-000000011",
            "__Http-refresh-",
        ] {
            assert_eq!(read(&[&format!("{name}=x")]).unwrap(), [""; 0], "{name}");
        }
    }

    #[test]
    fn twins_are_refused_wherever_they_stand() {
        assert!(read(&["__Http-refresh-00000001=x; __Http-refresh-00000001=y"]).is_none());
        assert!(read(&["__Http-refresh-00000001=x", "__Http-refresh-00000001=x"]).is_none());
    }

    #[test]
    fn the_device_cookie_has_every_attribute() {
        let header = DeviceCookie { secure: true }.write("cfd1_x").unwrap();
        let expected = "__Http-device=cfd1_x; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=15552000";
        assert_eq!(header, expected);
        let insecure = DeviceCookie { secure: false }.write("cfd1_x").unwrap();
        assert_eq!(insecure, "device=cfd1_x; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=15552000");
    }

    #[test]
    fn twins_of_the_device_cookie_are_no_device() {
        let read = |cookies: &'static str| {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookies))]);
            DeviceCookie { secure: true }.read(&headers).map(str::to_owned)
        };
        assert_eq!(read("a=b; __Http-device=x; __Http-refresh-00000001=y").as_deref(), Some("x"));
        assert_eq!(read("__Http-device=x; __Http-device=x"), None);
        assert_eq!(read("device=x; __http-device=y"), None);
    }
}
