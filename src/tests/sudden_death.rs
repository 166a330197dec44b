//! The server's end from one moment to the next (SIGKILL): what it acknowledged is there, and who got no answer has
//! lost nothing.

use crate::support::{PASSWORD, Reply, ServerProcess, SetCookie, Socket, request_text};
use futures::{StreamExt, future::join_all, stream};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

const CLIENTS: usize = 1000;
/// Answers after which the server dies.
const ANSWERS: usize = 300;
const NO_LIMITS: [&str; 10] = [
    "--login-limit",
    "100000/1s",
    "--register-limit",
    "100000/1s",
    "--lockout",
    "100000/1s",
    "--refresh-limit",
    "100000/1s",
    "--max-connections",
    "2048",
];

fn cookie(reply: &Reply) -> String {
    let cookie = SetCookie::parse(&reply.headers["set-cookie"]);
    format!("{}={}", cookie.name, cookie.value)
}

fn refresh(cookie: &str) -> String {
    request_text("POST", "/auth/refresh", &[("Cookie", cookie)], "{}")
}

/// The refresh cookies of as many browsers of one account.
async fn sign_in(server: &ServerProcess) -> Vec<String> {
    let credentials = json!({ "email": "alice@example.com", "password": PASSWORD }).to_string();
    let reply = server.send(&request_text("POST", "/auth/register", &[], &credentials)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let login = request_text("POST", "/auth/login", &[], &credentials);
    let sign_ins = (0..CLIENTS).map(|_| async {
        let reply = server.send(&login).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        cookie(&reply)
    });
    stream::iter(sign_ins).buffer_unordered(8).collect().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_middle_of_a_thousand_refreshes_signs_nobody_out() {
    let mut server = ServerProcess::start(&NO_LIMITS);
    let cookies = sign_in(&server).await;

    let (answered, enough, address) = (AtomicUsize::new(0), Notify::new(), server.address);
    let refreshes = join_all(cookies.iter().map(|cookie| {
        let (answered, enough) = (&answered, &enough);
        async move {
            let mut socket = Socket::try_connect(address).await?;
            let reply = if socket.try_write(&refresh(cookie)).await { socket.reply().await } else { None };
            if answered.fetch_add(usize::from(reply.is_some()), Ordering::SeqCst) + 1 == ANSWERS {
                enough.notify_one();
            }
            reply
        }
    }));
    let refreshes = async {
        let replies = refreshes.await;
        enough.notify_one();
        replies
    };
    let death = async {
        enough.notified().await;
        server.kill();
    };
    let (replies, ()) = tokio::join!(refreshes, death);
    let answers = replies.iter().flatten().count();
    assert!((ANSWERS..CLIENTS).contains(&answers), "it died too late: {answers}");

    server.restart();
    for (old, reply) in cookies.iter().zip(&replies) {
        let held = reply.as_ref().map_or_else(|| old.clone(), cookie);
        let after = server.send(&refresh(&held)).await;
        assert_eq!(after.status, 200, "answered before: {}; {after:?}", reply.is_some());
    }
}
