//! Two nodes behind nginx, with the very configuration that the examples show, restarted one after the other.

use super::{
    browser::Outcome,
    load::{BY_TOKEN, Ended, Load},
    node::{Node, Surroundings},
    postgres::{self, PostgresServer},
    say, until,
};
use crate::{
    cli::with_keys,
    support::{RedisServer, free_address},
};
use std::{
    env, fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
    time::Duration,
};
use tokio::net::TcpStream;

const CONFIGURATION: &str = include_str!("../../../examples/nodes/nginx.conf");
const UNIT: &str = include_str!("../../../examples/nodes/counterfoil@.service");
const ENVIRONMENT: &str = include_str!("../../../examples/nodes/counterfoil.env");
const ROUNDS: usize = 2;

struct Nginx {
    address: SocketAddr,
    child: Child,
}

impl Nginx {
    /// Starts it in front of two nodes; nothing where the program is not installed and nobody requires it. Only the
    /// addresses are the test's, and TLS is left out.
    fn start(folder: &Path, nodes: [SocketAddr; 2]) -> Option<Self> {
        if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
            assert!(env::var_os("COUNTERFOIL_TEST_SERVICES").is_none(), "nginx is not installed");
            say("not run: nginx is not installed");
            return None;
        }
        let address = free_address();
        let site = CONFIGURATION
            .replace("127.0.0.1:3001", &nodes[0].to_string())
            .replace("127.0.0.1:3002", &nodes[1].to_string())
            .replace("listen 443 ssl", &format!("listen {address}"));
        let site = site.lines().filter(|line| !line.trim().starts_with("ssl_")).collect::<Vec<_>>().join("\n");
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
            .concat();
        let whole = format!(
            "daemon off;\npid {}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{site}}}\n",
            folder.display()
        );
        let path = folder.join("nginx.conf");
        fs::write(&path, whole).unwrap();
        let child = Command::new("nginx")
            .arg("-c")
            .arg(path)
            .args(["-e", folder.join("nginx.log").to_str().unwrap()])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { address, child })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end when it is asked, not when it is killed.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_behind_nginx_is_noticed_by_nobody() {
    let (Some(postgres), Some(redis)) = (PostgresServer::start(), RedisServer::start()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let more = [("COUNTERFOIL_DRAIN_TIME", "1s"), ("COUNTERFOIL_TRUSTED_PROXIES", "127.0.0.1")];
    let surroundings = Surroundings {
        database_url: postgres::url_at(postgres.address),
        redis_url: redis.url(),
        folder: folder.path().to_owned(),
        more: more.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    };
    let mut nodes = vec![Node::start(surroundings.clone())];
    nodes[0].until_ready().await;
    nodes.push(Node::start(surroundings));
    nodes[1].until_ready().await;
    let Some(nginx) = Nginx::start(folder.path(), [nodes[0].address, nodes[1].address]) else { return };
    until("nginx listens", async || TcpStream::connect(nginx.address).await.is_ok()).await;

    let load = Load::begin(&[nginx.address], Duration::from_secs(5)).await;
    for _ in 0..ROUNDS {
        for node in &mut nodes {
            node.terminate();
            until("the node has stopped", async || node.has_stopped()).await;
            node.start_again();
            node.until_ready().await;
        }
    }
    let Ended { seen, signed_in, signed_out } = load.end().await;
    let served = seen.served.load(Ordering::Relaxed);
    let failed = seen.failed.lock().unwrap().len() + seen.unanswered.lock().unwrap().len();
    say(&format!("{} restarts of two nodes behind nginx: {served} calls served, {failed} failed", ROUNDS * 2));
    assert_eq!(failed, 0, "{}", fs::read_to_string(folder.path().join("nginx.log")).unwrap());
    assert!(seen.lost.lock().unwrap().is_empty(), "{:?}", seen.lost);
    assert!(seen.late.lock().unwrap().is_empty(), "{:?}", seen.late);
    for mut browser in signed_in {
        assert!(matches!(browser.refresh(nginx.address).await, Outcome::Served));
    }
    for browser in signed_out {
        assert!(matches!(browser.get(nginx.address, BY_TOKEN).await, Outcome::Refused(_)));
    }
}

/// What the examples set for a node on port 3001.
fn settings() -> Vec<(&'static str, String)> {
    let lines = ENVIRONMENT.lines().chain(UNIT.lines().filter_map(|line| line.strip_prefix("Environment=")));
    let settings = lines.filter(|line| !line.starts_with('#')).map(|line| line.split_once('=').unwrap());
    settings.map(|(name, value)| (name, value.replace("%i", "3001"))).collect()
}

#[test]
fn the_examples_name_settings_that_there_are() {
    let known = include_str!("../../server/config.rs");
    let settings = settings();
    assert!(settings.len() > 8, "{settings:?}");
    for (name, _) in settings {
        assert!(known.contains(&format!("env = \"{name}\"")), "{name}");
    }
}

#[test]
fn the_settings_of_the_examples_are_good() {
    let data = with_keys();
    let checked = Command::new(env!("CARGO_BIN_EXE_counterfoil"))
        .args(["config", "check"])
        .env_clear()
        .envs(settings())
        .env("COUNTERFOIL_DATA_DIR", data.path())
        .output()
        .unwrap();
    let said = String::from_utf8([checked.stdout, checked.stderr].concat()).unwrap();
    assert!(checked.status.success() && said.contains("https://app.example"), "{said}");
}
