//! Labs are few, and forgotten soon.

use super::support::{ATTACKER, SIBLING, TestLab, VICTIM};
use crate::support::minutes;
use serde_json::json;

#[tokio::test]
async fn a_lab_is_forgotten_a_quarter_of_an_hour_after_its_last_use() {
    let lab = TestLab::new().await;
    let id = lab.open().await;
    let look = async || lab.ask("GET", &format!("/labs/{id}/run"), &json!(null)).await.0;
    for _ in 0..2 {
        lab.clock.advance(minutes(14));
        assert_eq!(look().await, 200);
    }
    lab.clock.advance(minutes(15));
    assert_eq!(look().await, 404);
}

#[tokio::test]
async fn what_comes_to_the_other_sites_keeps_no_lab_from_being_forgotten() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let paths = [(VICTIM, "GET", "api/me"), (ATTACKER, "POST", "collect/10001"), (SIBLING, "GET", "")];
    lab.clock.advance(minutes(14));
    for (site, method, path) in paths {
        let path = format!("/{id}/{path}");
        let answer = lab.request(site, method, path.trim_end_matches('/')).body("{}").send().await.unwrap();
        assert_ne!(answer.status(), 404, "{path}");
    }
    lab.clock.advance(minutes(1));
    assert_eq!(lab.ask("GET", &format!("/labs/{id}/run"), &json!(null)).await.0, 404);
}

#[tokio::test]
async fn there_are_so_many_labs_at_once_and_no_more() {
    let lab = TestLab::new().await;
    for _ in 0..256 {
        lab.open().await;
    }
    let one_more = async || lab.ask("POST", "/labs", &json!({ "browser": "" })).await.0;
    assert_eq!(one_more().await, 503);
    lab.clock.advance(minutes(15));
    assert_eq!(one_more().await, 200);
}
