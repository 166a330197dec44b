//! Every forgery stops at the line that the page says, and none of them crosses between the lab and the app.

use super::{Visitor, failed_line};
use crate::support::{TestApp, User};
use counterfoil::{
    server::playground::{checklist::Line, forgery::Forgery},
    shared::Code,
};
use serde_json::{Value, json};

async fn forged(visitor: &Visitor<'_>, forgery: Forgery) -> Value {
    let answer = visitor.ask("forge", json!({ "forgery": forgery.word() })).await;
    answer.assert_ok().json()["access_token"].clone()
}

#[tokio::test]
async fn a_token_of_the_playground_passes_every_line() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let tokens = visitor.sign_in("user").await;
    let checklist = visitor.present(&tokens["access_token"]).await;
    assert_eq!(failed_line(&checklist), None, "{checklist}");
    assert_eq!((&checklist["status"], &checklist["code"]), (&json!(200), &Value::Null));
}

#[tokio::test]
async fn each_forgery_is_refused_at_its_own_line() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    for forgery in Forgery::ALL {
        let checklist = visitor.present(&forged(&visitor, forgery).await).await;
        assert_eq!(failed_line(&checklist), Some(forgery.refused_at().name()), "{forgery:?}: {checklist}");
        let code = if forgery == Forgery::Expired { Code::TokenExpired } else { Code::InvalidToken };
        assert_eq!(checklist["code"], code.as_str());
    }
}

#[tokio::test]
async fn the_lines_that_no_forgery_stops_at_are_form_and_denylist() {
    let stopped: Vec<_> = Forgery::ALL.iter().map(|forgery| forgery.refused_at()).collect();
    let others: Vec<_> = Line::ALL.into_iter().filter(|line| !stopped.contains(line)).collect();
    assert_eq!(others, [Line::Form, Line::Denylist]);

    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    for text in [json!(""), json!("a.b"), json!("x".repeat(5000)), json!("é.é.é")] {
        assert_eq!(failed_line(&visitor.present(&text).await), Some(Line::Form.name()), "{text}");
    }
    let token = visitor.sign_in("user").await["access_token"].clone();
    visitor.ask("sign-out", json!({ "access_token": token })).await.assert_ok();
    let checklist = visitor.present(&token).await;
    assert_eq!(failed_line(&checklist), Some(Line::Denylist.name()));
    assert_eq!(checklist["code"], Code::TokenRevoked.as_str());
}

#[tokio::test]
async fn the_app_accepts_nothing_of_the_playground() {
    let app = TestApp::new().await;
    let visitor = Visitor::new(&app);
    let tokens = visitor.sign_in("admin").await;
    let mut access_tokens = vec![tokens["access_token"].clone()];
    for forgery in Forgery::ALL {
        access_tokens.push(forged(&visitor, forgery).await);
    }
    for token in access_tokens {
        app.get("/api/me").bearer(token.as_str().unwrap()).send().await.assert_problem(Code::InvalidToken);
    }
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let cookie = format!("__Http-refresh-00000000={refresh_token}");
    app.post("/auth/refresh").header("cookie", cookie).send().await.assert_problem(Code::InvalidRefreshToken);
}

#[tokio::test]
async fn the_playground_accepts_nothing_of_the_app() {
    let (app, user) = TestApp::with_user().await;
    let visitor = Visitor::new(&app);
    let checklist = visitor.present(&json!(user.token)).await;
    assert_eq!(failed_line(&checklist), Some(Line::Key.name()));
    let cookie = user.jar.header("/auth").unwrap();
    for pair in cookie.split("; ") {
        let token = json!(pair.split_once('=').unwrap().1);
        visitor.refresh(&token).await.assert_problem(Code::InvalidRefreshToken);
    }
    User::register(&app, "bob@example.com").await.me(&app).await.assert_ok();
}

#[tokio::test]
async fn nothing_of_the_playground_reaches_the_store_of_the_app() {
    let app = TestApp::new().await;
    app.store.forget();
    let visitor = Visitor::new(&app);
    let tokens = visitor.sign_in("user").await;
    visitor.refresh(&tokens["refresh_token"]).await.assert_ok();
    visitor.ask("sign-out", json!({ "access_token": tokens["access_token"] })).await.assert_ok();
    assert_eq!(app.store.take(), [""; 0]);
    assert!(app.state.sessions.revocation.denylist.is_empty());
}
