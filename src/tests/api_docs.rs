//! The page about the calls: whole, readable without scripts, and without a link that leads nowhere.

use crate::support::TestApp;
use counterfoil::shared::{Code, paths};
use serde_json::Value;
use std::collections::HashSet;

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

async fn page(app: &TestApp) -> String {
    app.get(paths::API_DOCS).header("accept", "text/html").send().await.assert_ok().text()
}

#[tokio::test]
async fn every_call_of_the_document_is_on_it() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    let document = app.get(paths::OPENAPI).send().await.json();
    let calls =
        document["paths"].as_object().unwrap().values().flat_map(|methods| methods.as_object().unwrap().values());
    let ids: HashSet<_> = values(&page, "id").into_iter().collect();
    let mut count = 0;
    for id in calls.map(|call| call["operationId"].as_str().unwrap()) {
        assert!(ids.contains(id), "{id} is missing");
        count += 1;
    }
    assert_eq!(page.matches("<article").count(), count + schemas(&document));
    assert_eq!(page.matches("curl").count(), count);
}

fn schemas(document: &Value) -> usize {
    document["components"]["schemas"].as_object().unwrap().len()
}

#[tokio::test]
async fn it_has_no_script_and_nothing_from_elsewhere() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("javascript:"));
    for link in values(&page, "href").into_iter().chain(values(&page, "src")) {
        assert!(link.starts_with(['/', '#']) && !link.starts_with("//"), "{link}");
    }
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    let ids = values(&page, "id");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "no id comes twice");
    for link in values(&page, "href") {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(&id), "{link}"),
            None => match link.strip_prefix("/problems#") {
                Some(code) => assert!(Code::parse(code).is_some(), "{link}"),
                None if link.contains('.') && link != paths::OPENAPI => {}
                None => drop(app.get(link).header("accept", "text/html").send().await.assert_ok()),
            },
        }
    }
}
