//! Many at once, over real sockets.

use crate::support::{Reply, SetCookie, TestApp, TestServer, User, request_text, secs, segments};
use counterfoil::shared::Code;
use futures::future::join_all;
use std::collections::HashSet;

const REFRESH: &str = "/auth/refresh";

async fn refresh(server: &TestServer, user: &User) -> Reply {
    let cookie = user.jar.header(REFRESH).unwrap();
    server.send(&request_text("POST", REFRESH, &[("Cookie", &cookie)], "{}")).await
}

/// The same person with what an answer brought, if it brought something.
fn after(user: &User, reply: &Reply) -> Option<User> {
    let mut user = user.clone();
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    body["access_token"].as_str()?.clone_into(&mut user.token);
    user.jar.apply(&[reply.headers["set-cookie"].clone()]);
    Some(user)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_refreshes_of_one_cookie_are_one_rotation_and_one_successor() {
    let (app, user) = TestApp::with_user().await;
    let server = TestServer::start(&app).await;
    let mut user = user;
    for round in 1..=5 {
        let replies = join_all((0..50).map(|_| refresh(&server, &user))).await;
        let mut values = HashSet::new();
        let mut tokens = HashSet::new();
        for reply in &replies {
            assert_eq!(reply.status, 200, "{reply:?}");
            values.insert(SetCookie::parse(&reply.headers["set-cookie"]).value);
            let fresh = after(&user, reply).unwrap();
            assert_eq!(segments(&fresh.token).1["gen"], round);
            tokens.insert(fresh.token);
        }
        assert_eq!(values.len(), 1, "all get the same successor");
        assert_eq!(tokens.len(), 50, "and each an access token of its own");
        user = after(&user, &replies[0]).unwrap();
        user.me(&app).await.assert_ok();
        app.advance(secs(20));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_out_in_a_storm_of_refreshes_is_final() {
    for _ in 0..5 {
        let (app, user) = TestApp::with_user().await;
        let server = TestServer::start(&app).await;
        let chains = join_all((0..20).map(|_| async {
            let mut holders = vec![user.clone()];
            for _ in 0..4 {
                let last = holders.last().unwrap();
                let reply = refresh(&server, last).await;
                assert!([200, 401].contains(&reply.status), "{reply:?}");
                let Some(next) = after(last, &reply) else { break };
                holders.push(next);
            }
            holders
        }));
        let sign_out = async {
            let cookie = user.jar.header(REFRESH).unwrap();
            server.send(&request_text("POST", "/auth/logout", &[("Cookie", &cookie)], "{}")).await
        };
        let (chains, signed_out) = tokio::join!(chains, sign_out);
        assert_eq!(signed_out.status, 200);
        for holder in chains.into_iter().flatten() {
            holder.me(&app).await.assert_problem(Code::TokenRevoked);
            holder.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_in_a_storm_of_refreshes_leaves_nobody_signed_in() {
    for _ in 0..5 {
        let (app, thief) = TestApp::with_user().await;
        let mut owner = thief.clone();
        owner.refresh(&app).await;
        owner.me(&app).await.assert_ok();
        app.advance(secs(11));
        let server = TestServer::start(&app).await;
        let callers: Vec<_> = (0..12).map(|index| if index % 3 == 1 { &owner } else { &thief }).collect();
        let replies = join_all(callers.iter().map(|caller| refresh(&server, caller))).await;
        for (caller, reply) in callers.iter().zip(&replies) {
            if let Some(fresh) = after(caller, reply) {
                fresh.me(&app).await.assert_problem(Code::TokenRevoked);
                fresh.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
            }
        }
        owner.try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sign_ins_of_one_browser_at_once_leave_two_sessions_at_most_and_none_of_the_old() {
    let (app, user) = TestApp::with_user().await;
    let server = TestServer::start(&app).await;
    let body = serde_json::json!({ "email": user.email, "password": crate::support::PASSWORD }).to_string();
    let cookie = user.jar.header(REFRESH).unwrap();
    let text = request_text("POST", "/auth/login", &[("Cookie", &cookie)], &body);
    let replies = join_all([server.send(&text), server.send(&text)]).await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    user.me(&app).await.assert_problem(Code::TokenRevoked);
}
