//! The lab on ports of its own, over a clock that the test holds.

use crate::support::{ManualClock, SeededEntropy};
use clap::Parser;
use counterfoil::server::{config::Settings, lab::Lab, lab::origins::Site};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};
use tokio::task::JoinHandle;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// The four sites, served until it is dropped.
pub struct TestLab {
    pub clock: Arc<ManualClock>,
    pub client: reqwest::Client,
    /// Control room, victim, attacker, sibling: the address, and the host that it answers for.
    pub sites: [(String, String); 4],
    serving: JoinHandle<()>,
}

pub const CONTROL: usize = 0;
pub const VICTIM: usize = 1;
pub const ATTACKER: usize = 2;
pub const SIBLING: usize = 3;

impl TestLab {
    pub async fn new() -> Self {
        Self::with_site_root(Path::new("no-such-folder")).await
    }

    pub async fn with_site_root(site_root: &Path) -> Self {
        Self::with(&["--site-root", site_root.to_str().unwrap()]).await
    }

    pub async fn with(flags: &[&str]) -> Self {
        let settings = Flags::try_parse_from([&["test", "--lab-port", "0"], flags].concat()).unwrap().settings;
        let settings = Arc::new(settings);
        let clock = Arc::new(ManualClock::new());
        let lab = Lab::bind(settings, clock.clone(), Arc::new(SeededEntropy::new(7))).await.unwrap();
        let origins = lab.origins();
        let sites =
            [&origins.control, &origins.victim, &origins.attacker, &origins.sibling].map(|Site { host, .. }| {
                let port = host.rsplit_once(':').unwrap().1;
                (format!("http://127.0.0.1:{port}"), host.clone())
            });
        Self { clock, client: reqwest::Client::new(), sites, serving: tokio::spawn(lab.serve()) }
    }

    /// A request to a site, under its own host.
    pub fn request(&self, site: usize, method: &str, path: &str) -> reqwest::RequestBuilder {
        let (address, host) = &self.sites[site];
        self.client.request(method.parse().unwrap(), format!("{address}{path}")).header("host", host)
    }

    /// A request to the control room.
    pub async fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(CONTROL, method, path).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
    }

    /// The id of a new lab.
    pub async fn open(&self) -> String {
        let (status, body) = self.ask("POST", "/labs", &json!({ "browser": "a test" })).await;
        assert_eq!(status, 200, "{body}");
        body["lab"].as_str().unwrap().to_owned()
    }

    /// A lab in which a plan has begun.
    pub async fn begin(&self, strategy: &str, attack: &str, defences: &[&str]) -> String {
        let lab = self.open().await;
        let plan = json!({ "strategy": strategy, "attack": attack, "defences": defences });
        let (status, body) = self.ask("POST", &format!("/labs/{lab}/run"), &plan).await;
        assert_eq!(status, 200, "{body}");
        lab
    }

    /// A request to the victim, as its own page makes it.
    pub async fn bank(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = self.request(VICTIM, method, path).header("sec-fetch-site", "same-origin");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
    }

    /// Alice's token, where it is in the body.
    pub async fn token(&self, lab: &str) -> String {
        let answer = self.bank("POST", &format!("/{lab}/auth/login"), &[]).await;
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// What was logged of the run.
    pub async fn standing(&self, lab: &str) -> Value {
        self.ask("GET", &format!("/labs/{lab}/run"), &Value::Null).await.1
    }
}

impl Drop for TestLab {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
