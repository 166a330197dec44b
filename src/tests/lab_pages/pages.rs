//! The pages: whole without scripts, strict, and no part of the program in the browser.

use crate::support::{Answer, TestApp};
use counterfoil::server::lab_pages::{
    PAGES,
    excerpt::excerpt,
    patterns::{self, PATTERNS},
};
use std::{collections::HashSet, fs, path::Path};

/// Where every page is, and its module.
fn pages() -> Vec<(String, Option<&'static str>)> {
    let patterns = PATTERNS.iter().map(|pattern| (patterns::path(pattern), Some("pattern")));
    PAGES.into_iter().map(|page| (page.path.to_owned(), page.script)).chain(patterns).collect()
}

fn paths() -> impl Iterator<Item = String> {
    pages().into_iter().map(|(path, _)| path)
}

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
    for path in paths() {
        let html = page(&app, &path).await.text();
        assert!(!html.contains("counterfoil.js") && !html.contains(".wasm"), "{path}");
    }
}

#[tokio::test]
async fn the_only_scripts_are_modules_of_our_own_with_the_nonce_of_the_response() {
    let app = TestApp::new().await;
    for path in paths() {
        let answer = page(&app, &path).await;
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
    for script in pages().into_iter().filter_map(|(_, script)| script) {
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
    for path in paths() {
        let html = page(&app, &path).await.text();
        let ids = values(&html, "id");
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{path}: {ids:?}");
        for attribute in ["aria-labelledby", "aria-describedby", "for"] {
            for id in values(&html, attribute) {
                assert!(ids.contains(&id), "{path}: {attribute}={id}");
            }
        }
        let links = values(&html, "href").into_iter().filter(|link| *link != "http://127.0.0.1:3001/");
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
    for path in paths() {
        let html = page(&app, &path).await.text();
        let lives: Vec<_> = html.split('<').filter(|tag| tag.contains(" data-live")).collect();
        assert!(lives.iter().all(|live| live.contains(" hidden")), "{path}: {lives:?}");
        assert!(lives.is_empty() || path == "/lab/cheat-sheet" || html.contains("<noscript>"), "{path}");
    }
}

#[tokio::test]
async fn every_pattern_shows_source_that_is_there_and_a_proof_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let app = TestApp::new().await;
    for pattern in &PATTERNS {
        let (file, compiled, region) = pattern.source;
        assert_eq!(fs::read_to_string(root.join(file)).unwrap(), compiled, "{file}");
        let source = excerpt(compiled, region).unwrap_or_else(|| panic!("{file} has no region {region}"));
        assert!((5..60).contains(&source.lines().count()), "{file} {region}: {source}");
        assert!(source.contains("fn "), "{source}");
        let html = page(&app, &patterns::path(pattern)).await.text();
        let line = source.lines().find(|line| line.contains("fn ")).unwrap();
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(html.contains(&escaped), "{escaped}");
        let (test_file, test) = pattern.proof;
        let tests = fs::read_to_string(root.join(test_file)).unwrap();
        assert!(tests.contains(&format!("fn {test}(")), "{test_file} has no test {test}");
    }
}

#[tokio::test]
async fn a_module_may_be_kept_but_is_asked_about_every_time() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lab")).unwrap();
    fs::write(folder.path().join("lab/lab.js"), "export {};").unwrap();
    let app = TestApp::with(&["--site-root", folder.path().to_str().unwrap()]).await;
    let module = app.get("/lab/lab.js").send().await;
    assert_eq!(module.assert_ok().header("cache-control"), Some("public, no-cache"));
    assert_eq!(page(&app, "/lab/anatomy").await.header("cache-control"), Some("no-store"));
    assert_eq!(app.get("/lab/nothing.js").send().await.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_control_room_is_linked_where_it_is_and_only_when_it_is_on() {
    const ELSEWHERE: &str =
        "https://lab.example.net,https://bank.example.net,https://evil.example.org,https://next.example.net";
    for (flags, expected) in [
        (&[][..], "href=\"http://127.0.0.1:3001/\""),
        (&["--lab-port", "4001"], "href=\"http://127.0.0.1:4001/\""),
        (&["--lab-origins", ELSEWHERE], "href=\"https://lab.example.net/\""),
        (&["--lab", "off"], "switched off on this server"),
        (&["--lab-port", "0"], "switched off on this server"),
    ] {
        let app = TestApp::with(flags).await;
        for path in ["/lab", "/lab/storage"] {
            assert!(page(&app, path).await.text().contains(expected), "{flags:?} {path}");
        }
    }
}
