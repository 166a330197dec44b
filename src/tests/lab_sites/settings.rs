//! When the lab is served, and where.

use super::support::{CONTROL, TestLab};
use crate::{
    cli::{PRODUCTION, run, with_keys},
    support::{ServerProcess, free_address},
};
use tokio::net::TcpStream;

#[test]
fn production_refuses_a_lab_without_domains_of_its_own_and_says_why() {
    let data = with_keys();
    let refused = |more: &[&str]| {
        let outcome = run(data.path(), &[&["config", "check"], &PRODUCTION[..], &["--lab", "on"], more].concat(), "");
        assert!(!outcome.ok, "{}", outcome.out);
        outcome.err
    };
    assert!(refused(&[]).contains("COUNTERFOIL_LAB_ORIGINS: must name four origins"));
    let near = "https://lab.app.example,https://bank.app.example,https://evil.example.org,https://other.app.example";
    assert!(refused(&["--lab-origins", near]).contains("registrable domain"));
    let run = run(data.path(), &[&["config", "check"], &PRODUCTION[..]].concat(), "");
    assert!(run.ok, "{}", run.err);
}

#[tokio::test]
async fn serve_with_no_lab_serves_none_whatever_the_settings_say() {
    let control = free_address();
    let server = ServerProcess::start(&["--lab", "on", "--lab-port", &control.port().to_string()]);
    assert!(TcpStream::connect(server.address).await.is_ok());
    assert!(TcpStream::connect(control).await.is_err());
}

#[tokio::test]
async fn the_lab_listens_at_both_loopback_addresses_or_at_the_one_that_is_named() {
    let listening = async |flags: &[&str], address: &str| {
        let lab = TestLab::with(flags).await;
        let (_, port) = lab.sites[CONTROL].1.rsplit_once(':').unwrap();
        TcpStream::connect(format!("{address}:{port}")).await.is_ok()
    };
    // Not every machine has IPv6.
    let has_second = std::net::TcpListener::bind("[::1]:0").is_ok();
    for (address, is_there) in [("127.0.0.1", true), ("[::1]", has_second)] {
        assert_eq!(listening(&[], address).await, is_there, "{address}");
        assert!(!listening(&["--lab-bind", "127.0.0.2"], address).await, "{address}");
    }
    assert!(listening(&["--lab-bind", "127.0.0.2"], "127.0.0.2").await);
    let refused = run(with_keys().path(), &["config", "check", "--lab-bind", "localhost"], "");
    assert!(!refused.ok && refused.err.contains("--lab-bind"), "{}", refused.err);
}
