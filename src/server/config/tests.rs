use super::Settings;
use clap::Parser;
use std::fs;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
}

fn settings(flags: &[&str]) -> Settings {
    Cli::try_parse_from([&["test"], flags].concat()).unwrap().settings
}

fn refused(flags: &[&str]) -> &'static str {
    settings(flags).check().unwrap_err().setting
}

#[test]
fn the_defaults_are_good_for_development() {
    let settings = settings(&[]);
    settings.check().unwrap();
    assert_eq!(settings.host(), "localhost:3000");
    assert_eq!(settings.addresses().len(), 2);
    assert!(settings.addresses().iter().all(|address| address.ip().is_loopback()));
}

#[test]
fn production_refuses_what_is_weak_and_names_the_setting() {
    let production = ["--mode", "production", "--public-origin", "https://example.com"];
    settings(&production).check().unwrap();
    assert_eq!(refused(&["--mode", "production"]), "COUNTERFOIL_PUBLIC_ORIGIN");
    assert_eq!(refused(&[&production[..], &["--insecure-cookies"]].concat()), "COUNTERFOIL_INSECURE_COOKIES");
    assert_eq!(refused(&[&production[..], &["--bcrypt-cost", "11"]].concat()), "COUNTERFOIL_BCRYPT_COST");
}

#[test]
fn the_public_origin_is_an_origin() {
    for bad in [
        "ftp://localhost",
        "http://localhost:3000/app",
        "http://localhost/?x",
        "http://me@localhost",
        "http://example.com",
    ] {
        assert_eq!(refused(&["--public-origin", bad]), "COUNTERFOIL_PUBLIC_ORIGIN", "{bad}");
    }
}

#[test]
fn insecure_cookies_are_for_http_alone() {
    settings(&["--insecure-cookies"]).check().unwrap();
    assert_eq!(
        refused(&["--insecure-cookies", "--public-origin", "https://localhost"]),
        "COUNTERFOIL_INSECURE_COOKIES"
    );
}

#[test]
fn metrics_have_an_address_of_their_own() {
    settings(&["--metrics-listen", "127.0.0.1:9464"]).check().unwrap();
    assert_eq!(refused(&["--metrics-listen", "127.0.0.1:3000"]), "COUNTERFOIL_METRICS_LISTEN");
}

#[test]
fn lives_must_fit_each_other() {
    assert_eq!(refused(&["--session-idle-life", "10m"]), "COUNTERFOIL_SESSION_IDLE_LIFE");
    assert_eq!(refused(&["--session-absolute-life", "1day"]), "COUNTERFOIL_SESSION_ABSOLUTE_LIFE");
}

#[test]
fn numbers_outside_their_range_are_refused() {
    for flags in [
        ["--access-token-life", "2h"],
        ["--bcrypt-cost", "17"],
        ["--password-min-chars", "7"],
        ["--refresh-grace", "0s"],
    ] {
        assert!(Cli::try_parse_from([&["test"], &flags[..]].concat()).is_err(), "{flags:?}");
    }
}

#[test]
fn a_redis_url_that_is_none_is_refused_and_its_password_is_never_shown() {
    let good = settings(&["--redis-url", "rediss://:hush-hush@cache.example"]);
    good.check().unwrap();
    assert!(!format!("{good:?}").contains("hush-hush"));
    assert_eq!(good.redis_name(), "cache.example:6379");
    let trusting = ["--redis-url", "rediss://:hush-hush@cache.example", "--redis-ca-file", "/etc/ca.pem"];
    assert_eq!(settings(&trusting).redis_name(), "cache.example:6379, by the authorities in /etc/ca.pem");
    let bad = settings(&["--redis-url", "redis://:hush-hush@cache.example:port"]).check().unwrap_err();
    assert_eq!(bad.setting, "COUNTERFOIL_REDIS_URL");
    assert!(!bad.to_string().contains("hush-hush"), "{bad}");
    for prefix in ["", "a*", "a b"] {
        assert_eq!(refused(&["--redis-prefix", prefix]), "COUNTERFOIL_REDIS_PREFIX", "{prefix}");
    }
}

#[test]
fn a_file_of_authorities_holds_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let flags = ["--redis-url", "rediss://cache.example", "--redis-ca-file", file.to_str().unwrap()];
    assert_eq!(refused(&flags), "COUNTERFOIL_REDIS_CA_FILE", "there is none");
    for content in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        fs::write(&file, content).unwrap();
        assert_eq!(refused(&flags), "COUNTERFOIL_REDIS_CA_FILE", "{content}");
    }
}

#[test]
fn the_url_of_a_database_is_one_of_postgresql_and_never_prints_its_password() {
    let good = settings(&["--database-url", "postgres://alice:hunter2@db.example:6432/users?password=hunter2"]);
    good.check().unwrap();
    assert_eq!(good.database_name(), "postgres://db.example:6432/users");
    assert!(!format!("{good:?}").contains("hunter2"));
    for bad in ["mysql://alice:hunter2@db/users", "users.db", "postgres://alice:hunter2@db:port/users"] {
        let error = settings(&["--database-url", bad]).check().unwrap_err();
        assert_eq!(error.setting, "COUNTERFOIL_DATABASE_URL", "{bad}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn a_database_across_a_network_has_to_prove_its_name() {
    for (url, is_private) in [
        ("postgres://db.example/users", false),
        ("postgres://db.example/users?sslmode=require", false),
        ("postgres://db.example/users?sslmode=verify-full", true),
        ("postgres://localhost/users", true),
        ("postgres:///users?host=/run/postgresql", true),
    ] {
        assert_eq!(settings(&["--database-url", url]).database_is_private(), is_private, "{url}");
    }
}
