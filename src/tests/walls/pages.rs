//! Pages are the same for everybody: rendering never sees a session (SECURITY E-12, G-05).

use crate::support::TestApp;

const PAGES: [&str; 6] = ["/", "/signin", "/signup", "/signed-out", "/account", "/problems"];

/// The page without what differs in every response.
fn without_nonce(html: &str) -> String {
    let mut parts = html.split("nonce=\"");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |html, part| html + part.split_once('"').unwrap().1)
}

#[tokio::test]
async fn a_page_is_the_same_with_and_without_a_session() {
    let (app, user) = TestApp::with_user().await;
    for path in PAGES {
        let anonymous = app.get(path).send().await;
        let cookie = user.jar.header("/auth").unwrap();
        let signed_in = app.get(path).header("cookie", cookie).bearer(&user.token).send().await;
        assert_eq!(anonymous.status, 200);
        assert_eq!(without_nonce(&anonymous.text()), without_nonce(&signed_in.text()), "{path}");
        assert!(signed_in.set_cookies().is_empty());
    }
}

#[tokio::test]
async fn rendering_a_page_touches_neither_the_store_nor_the_session() {
    let (app, mut user) = TestApp::with_user().await;
    app.store.forget();
    for path in PAGES {
        app.get(path).header("cookie", user.jar.header("/auth").unwrap()).send().await.assert_ok();
    }
    assert_eq!(app.store.take(), [""; 0]);
    user.refresh(&app).await;
}

#[tokio::test]
async fn a_page_says_the_rule_for_passwords_that_the_server_has() {
    let page = TestApp::with(&["--password-min-chars", "20"]).await.get("/signup").send().await.text();
    assert!(page.contains("20 characters or more") && page.contains(r#"data-password-min-chars="20""#), "{page}");
}

#[tokio::test]
async fn what_the_address_says_is_never_markup() {
    let app = TestApp::new().await;
    for query in
        ["next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "reason=%3Cimg%20src=x%20onerror=1%3E", "next=javascript:1"]
    {
        for path in PAGES.into_iter().chain(["/nowhere"]) {
            let page = app.get(&format!("{path}?{query}")).header("accept", "text/html").send().await.text();
            for evil in ["<script>alert", "<img src=x", "\"javascript:"] {
                assert!(!page.contains(evil), "{path}?{query}");
            }
        }
    }
}

#[tokio::test]
async fn a_return_address_never_leaves_the_site() {
    let app = TestApp::new().await;
    for next in ["//evil.example", "/%5Cevil.example", "https://evil.example", "%2F%2Fevil.example"] {
        let page = app.get(&format!("/signin?next={next}")).send().await;
        page.assert_ok();
        let html = page.text();
        assert!(!html.contains("href=\"//evil") && !html.contains("href=\"https://evil"), "{next}");
        assert!(!html.contains("action=\"//evil") && !html.contains("action=\"https://evil"), "{next}");
    }
}
