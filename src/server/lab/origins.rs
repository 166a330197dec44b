//! Where the lab's sites are.

use std::io;
use url::Url;

/// One site of the lab.
pub struct Site {
    /// Its origin as browsers write it.
    pub origin: String,
    /// The `Host` that it answers for.
    pub host: String,
}

/// The lab's four sites.
pub struct Origins {
    /// Drives and observes; frames the victim.
    pub control: Site,
    /// The bank with the holes.
    pub victim: Site,
    /// Collects and replays; another site than the others.
    pub attacker: Site,
    /// Somebody else's application on the victim's host.
    pub sibling: Site,
}

impl Origins {
    /// Those of the settings, or those of this machine at the ports.
    ///
    /// # Errors
    /// When there are not four of them.
    pub fn new(configured: &[Url], [control, victim, attacker, sibling]: [u16; 4]) -> io::Result<Self> {
        let (control, victim, attacker, sibling) = match configured {
            [] => (
                format!("http://127.0.0.1:{control}"),
                format!("http://127.0.0.1:{victim}"),
                format!("http://evil.localhost:{attacker}"),
                format!("http://127.0.0.1:{sibling}"),
            ),
            [control, victim, attacker, sibling] => {
                let text = |url: &Url| url.origin().ascii_serialization();
                (text(control), text(victim), text(attacker), text(sibling))
            }
            _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the lab has four origins")),
        };
        let site = |origin: String| {
            let host = origin.split_once("://").map_or(&*origin, |(_, host)| host).to_owned();
            Site { origin, host }
        };
        Ok(Self { control: site(control), victim: site(victim), attacker: site(attacker), sibling: site(sibling) })
    }
}
