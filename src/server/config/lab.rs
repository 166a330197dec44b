//! Settings of the lab, which is vulnerable on purpose and therefore kept apart.

use super::{Mode, SettingError};
use clap::{Args, ValueEnum};
use std::net::IpAddr;
use url::{Host, Url};

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// The settings of the lab.
#[derive(Args, Clone, Debug)]
#[expect(clippy::doc_markdown, reason = "these are help texts for the terminal too")]
pub struct LabSettings {
    /// Whether to serve the lab's vulnerable sites beside this one [default: on in development, off in production]
    #[arg(long = "lab", env = "COUNTERFOIL_LAB", global = true)]
    pub switch: Option<Switch>,

    /// The lab's four origins: control room, victim, attacker, sibling, separated by commas; in production of other registrable domains than the public origin's [default: http://127.0.0.1, http://127.0.0.1, http://evil.localhost and http://127.0.0.1 at the lab's ports]
    #[arg(long = "lab-origins", env = "COUNTERFOIL_LAB_ORIGINS", value_delimiter = ',', global = true)]
    pub origins: Vec<Url>,

    /// The first of the lab's four ports, in the order of its origins; 0 for any that are free [default: the one after the public origin's]
    #[arg(long = "lab-port", env = "COUNTERFOIL_LAB_PORT", global = true)]
    pub port: Option<u16>,

    /// The address that the lab listens on [default: 127.0.0.1 and ::1]
    #[arg(long = "lab-bind", env = "COUNTERFOIL_LAB_BIND", global = true)]
    pub bind: Option<IpAddr>,
}

impl LabSettings {
    /// Whether the lab is to be served.
    pub fn is_on(&self, mode: Mode) -> bool {
        self.switch.map_or(mode == Mode::Development, |switch| switch == Switch::On)
    }

    /// The lab's four ports.
    pub fn ports(&self, public_origin: &Url) -> [u16; 4] {
        let first =
            self.port.unwrap_or_else(|| public_origin.port_or_known_default().unwrap_or(3000).saturating_add(1));
        [0, 1, 2, 3].map(|offset| if first == 0 { 0 } else { first.saturating_add(offset) })
    }

    /// Checks that cookies and scripts of the lab cannot be those of the public origin.
    ///
    /// # Errors
    /// When the lab is on and its origins are missing, malformed or too near.
    pub fn check(&self, mode: Mode, public_origin: &Url) -> Result<(), SettingError> {
        let refuse =
            |problem: &str| Err(SettingError { setting: "COUNTERFOIL_LAB_ORIGINS", problem: problem.to_owned() });
        if !self.is_on(mode) {
            return Ok(());
        }
        if self.origins.is_empty() && mode == Mode::Development {
            let is_near = site(public_origin).is_some_and(|site| site == "127.0.0.1" || site == "evil.localhost");
            return if is_near { refuse("the lab would share its host with the public origin") } else { Ok(()) };
        }
        let [control, victim, attacker, sibling] = &self.origins[..] else {
            return refuse(
                "must name four origins, of the control room, the victim, the attacker and the sibling: the lab is \
                 vulnerable on purpose, so it needs registrable domains that are not the public origin's",
            );
        };
        if self.origins.iter().any(|origin| origin.path() != "/" || origin.query().is_some() || site(origin).is_none())
        {
            return refuse("are not all origins; give scheme, host and port only");
        }
        if mode == Mode::Production && self.origins.iter().any(|origin| origin.scheme() != "https") {
            return refuse("must be https in production");
        }
        if self.origins.iter().any(|origin| site(origin) == site(public_origin)) {
            return refuse(
                "must not share a registrable domain with the public origin: browsers would take the lab's \
                 vulnerable pages for the same site",
            );
        }
        if [control, sibling].iter().any(|origin| site(origin) != site(victim)) {
            return refuse("must have one registrable domain for control room, victim and sibling");
        }
        if site(attacker) == site(victim) {
            return refuse("must have a registrable domain for the attacker that is not the victim's");
        }
        Ok(())
    }
}

/// What browsers call the site of an origin: its registrable domain, or its host where it has none.
fn site(origin: &Url) -> Option<String> {
    match origin.host()? {
        Host::Domain(name) => Some(psl::domain_str(name).unwrap_or(name).to_owned()),
        address => Some(address.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{LabSettings, Mode, Switch, site};
    use url::Url;

    const APART: [&str; 4] = [
        "https://lab.vulnerable.example.net",
        "https://bank.vulnerable.example.net",
        "https://evil.example.org",
        "https://sibling.vulnerable.example.net",
    ];

    fn refusal(mode: Mode, public: &str, origins: &[&str]) -> Option<String> {
        let origins = origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let settings = LabSettings { switch: Some(Switch::On), origins, port: None, bind: None };
        settings.check(mode, &public.parse().unwrap()).err().map(|error| error.problem)
    }

    #[test]
    fn in_production_the_lab_is_off_and_needs_domains_of_its_own() {
        let off = LabSettings { switch: None, origins: vec![], port: None, bind: None };
        assert!(!off.is_on(Mode::Production) && off.is_on(Mode::Development));
        let refused =
            |origins: &[&str]| refusal(Mode::Production, "https://app.example.com", origins).unwrap_or_default();
        assert_eq!(refused(&APART), "");
        assert!(refused(&[]).contains("four origins"));
        assert!(refused(&APART[..3]).contains("four origins"));
        for place in 0..4 {
            let mut origins = APART;
            origins[place] = "https://lab.example.com";
            assert!(refused(&origins).contains("registrable domain with the public origin"), "{place}");
            origins[place] = "http://plain.example.net";
            assert!(refused(&origins).contains("https"), "{place}");
            origins[place] = "https://lab.example.net/path";
            assert!(refused(&origins).contains("origins"), "{place}");
        }
        assert!(refused(&[APART[0], APART[1], APART[2], "https://elsewhere.example"]).contains("one registrable"));
        assert!(refused(&[APART[0], APART[1], APART[0], APART[3]]).contains("for the attacker"));
    }

    #[test]
    fn in_development_it_keeps_away_from_the_hosts_of_its_own_sites() {
        assert_eq!(refusal(Mode::Development, "http://localhost:3000", &[]), None);
        assert!(refusal(Mode::Development, "http://127.0.0.1:3000", &[]).is_some());
        assert!(refusal(Mode::Development, "http://evil.localhost:3000", &[]).is_some());
    }

    #[test]
    fn a_site_is_what_the_public_suffix_list_says() {
        let site = |origin: &str| site(&origin.parse::<Url>().unwrap()).unwrap();
        assert_eq!(site("https://a.b.example.co.uk"), "example.co.uk");
        assert_eq!(site("https://me.github.io"), "me.github.io");
        assert_eq!(site("http://evil.localhost:3003"), "evil.localhost");
        assert_eq!(site("http://localhost:3000"), "localhost");
        assert_eq!(site("http://127.0.0.1:3001"), "127.0.0.1");
    }
}
