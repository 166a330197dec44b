//! Names of devices, for people: the browser and the operating system of a `User-Agent`.

use serde::Deserialize;
use std::sync::LazyLock;
use ua_parser::{os, user_agent};

/// The patterns of browsers and operating systems of uap-core 0.18.0, as JSON and without those of devices.
const PATTERNS: &str = include_str!("device_name/regexes.json");

static EXTRACTORS: LazyLock<Option<Extractors>> = LazyLock::new(|| {
    Extractors::build().inspect_err(|error| tracing::error!(%error, "the names of devices cannot be read")).ok()
});

#[derive(Deserialize)]
struct Patterns {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

struct Extractors {
    browser: user_agent::Extractor<'static>,
    system: os::Extractor<'static>,
}

impl Extractors {
    fn build() -> Result<Self, Box<dyn std::error::Error>> {
        let Patterns { user_agent_parsers, os_parsers } = serde_json::from_str(PATTERNS)?;
        Ok(Self {
            browser: user_agent::Builder::new().push_all(user_agent_parsers)?.build()?,
            system: os::Builder::new().push_all(os_parsers)?.build()?,
        })
    }
}

/// "Firefox on Linux", or as much of it as can be told.
pub fn device_name(user_agent: &str) -> String {
    let found = EXTRACTORS.as_ref().map(|extractors| {
        let browser = extractors.browser.extract(user_agent).map(|browser| browser.family.into_owned());
        let system = extractors.system.extract(user_agent).map(|system| system.os.into_owned());
        (browser, system)
    });
    let known = |name: Option<String>| name.filter(|name| name != "Other");
    let (browser, system) = found.unwrap_or_default();
    match (known(browser), known(system)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => "Unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn common_browsers_have_their_names() {
        for (user_agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 \
                 Safari/537.36 Edg/156.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Mobile/15E148 Safari/604.1",
                "Mobile Safari on iOS",
            ),
            ("curl/8.5.0", "curl"),
        ] {
            assert_eq!(device_name(user_agent), name);
        }
    }

    #[test]
    fn anything_else_is_an_unknown_device() {
        for user_agent in ["", "x", "<script>alert(1)</script>"] {
            assert_eq!(device_name(user_agent), "Unknown device", "{user_agent}");
        }
    }
}
