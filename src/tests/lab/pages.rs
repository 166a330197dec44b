//! The pages: whole without scripts, strict, and no part of the program in the browser.

use crate::support::{Answer, TestApp};
use counterfoil::server::lab_pages::PAGES;
use std::{collections::HashSet, fs, path::Path};

async fn page(app: &TestApp, path: &str) -> Answer {
    let answer = app.get(path).header("accept", "text/html").send().await;
    answer.assert_ok();
    answer
}

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn no_page_loads_the_app() {
    let app = TestApp::new().await;
    for path in PAGES.map(|page| page.path) {
        let html = page(&app, path).await.text();
        assert!(!html.contains("counterfoil.js") && !html.contains(".wasm"), "{path}");
    }
}

#[tokio::test]
async fn the_only_scripts_are_modules_of_our_own_with_the_nonce_of_the_response() {
    let app = TestApp::new().await;
    for path in PAGES.map(|page| page.path) {
        let answer = page(&app, path).await;
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        let html = answer.text();
        for script in html.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            let nonce = tag.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(policy.contains(&format!("'nonce-{nonce}'")), "{path}");
            assert!(tag.contains("type=\"module\"") && tag.contains("src=\"/lab/"), "{path}: {tag}");
            assert!(rest.starts_with("</script>"), "{path}");
        }
        for bad in [" style=", " onclick=", "javascript:"] {
            assert!(!html.contains(bad), "{path} has {bad}");
        }
    }
}

#[tokio::test]
async fn every_module_exists_and_none_writes_markup() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/lab");
    for script in PAGES.iter().filter_map(|page| page.script) {
        assert!(folder.join(format!("{script}.js")).exists(), "{script}");
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for sink in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", ".style"]
        {
            assert!(!text.contains(sink), "{} uses {sink}", path.display());
        }
    }
}

#[tokio::test]
async fn every_link_leads_somewhere_and_no_id_comes_twice() {
    let app = TestApp::new().await;
    for path in PAGES.map(|page| page.path) {
        let html = page(&app, path).await.text();
        let ids = values(&html, "id");
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{path}: {ids:?}");
        for attribute in ["aria-labelledby", "aria-describedby", "for"] {
            for id in values(&html, attribute) {
                assert!(ids.contains(&id), "{path}: {attribute}={id}");
            }
        }
        let links = values(&html, "href").into_iter().filter(|link| !link.starts_with("http://127.0.0.1:3001/"));
        for link in links.filter(|link| !link.contains('.')) {
            match link.split_once('#') {
                Some(("", id)) => assert!(ids.contains(&id), "{path}: {link}"),
                Some((other, id)) => {
                    let html = page(&app, other).await.text();
                    assert!(values(&html, "id").contains(&id), "{path}: {link}");
                }
                None => drop(page(&app, link).await),
            }
        }
    }
}

#[tokio::test]
async fn every_live_part_is_hidden_until_its_module_runs_and_its_page_says_so() {
    let app = TestApp::new().await;
    for described in PAGES {
        let html = page(&app, described.path).await.text();
        let lives: Vec<_> = html.split("<section").filter(|section| section.contains(" data-live")).collect();
        for live in &lives {
            assert!(live.split('>').next().unwrap().contains(" hidden"), "{}", described.path);
        }
        assert!(lives.is_empty() || html.contains("<noscript>"), "{}", described.path);
    }
}
