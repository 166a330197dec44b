//! What stands around each of the lab's sites.

use super::support::{ATTACKER, CONTROL, TestLab, VICTIM};

#[tokio::test]
async fn each_site_answers_for_its_own_host_alone() {
    let lab = TestLab::new().await;
    for (address, own) in &lab.sites {
        let status = async |host: &str| {
            lab.client.get(format!("{address}/robots.txt")).header("host", host).send().await.unwrap().status().as_u16()
        };
        assert_eq!(status(own).await, 200);
        let port = own.rsplit_once(':').unwrap().1;
        for foreign in ["localhost:3000", "rebound.example", &format!("localhost:{port}"), "127.0.0.1", ""] {
            assert_eq!(status(foreign).await, 421, "{own} answers for {foreign}");
        }
    }
}

#[tokio::test]
async fn no_page_of_the_lab_is_for_search_engines_and_each_says_what_it_is() {
    let lab = TestLab::new().await;
    let id = lab.open().await;
    let pages = [
        (CONTROL, "/".to_owned()),
        (VICTIM, format!("/{id}/bank")),
        (ATTACKER, format!("/{id}")),
        (3, format!("/{id}")),
    ];
    for (site, path) in pages {
        let page = lab.request(site, "GET", &path).send().await.unwrap();
        assert_eq!(page.headers()["x-robots-tag"], "noindex, nofollow", "{site}");
        let text = page.text().await.unwrap();
        assert!(text.contains("Nothing here is your account."), "{site}");
        assert_eq!(text.contains("LAB ATTACKER"), site == ATTACKER, "{site}");
        assert!(!text.contains("{{"), "{text}");
    }
}

#[tokio::test]
async fn the_control_room_runs_its_own_scripts_alone_and_takes_json_alone() {
    let lab = TestLab::new().await;
    let page = lab.request(CONTROL, "GET", "/").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    for part in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let form = lab.request(CONTROL, "POST", "/labs").header("content-type", "text/plain").body(r#"{"browser":""}"#);
    assert_eq!(form.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn a_lab_that_nobody_opened_is_not_found_on_any_site() {
    let lab = TestLab::new().await;
    let id = "0".repeat(32);
    for (site, method, path) in [
        (CONTROL, "GET", format!("/labs/{id}/run")),
        (VICTIM, "GET", format!("/{id}/bank")),
        (VICTIM, "POST", format!("/{id}/auth/login")),
        (ATTACKER, "POST", format!("/{id}/collect/1")),
        (3, "GET", format!("/{id}")),
    ] {
        assert_eq!(lab.request(site, method, &path).body("{}").send().await.unwrap().status(), 404, "{path}");
    }
}
