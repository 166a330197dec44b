//! When the lab is served.

use crate::cli::{PRODUCTION, run, with_keys};

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
