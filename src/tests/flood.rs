//! A flood of sign-ins at many times what can be hashed (SECURITY N-04): who is signed in does not feel it.

use crate::support::{PASSWORD, Socket, TestApp, TestServer, User, request_text};
use futures::future::{join, join_all};
use serde_json::json;
use std::collections::HashSet;

const FLOODERS: usize = 40;
const ROUNDS: usize = 5;

async fn login(socket: &mut Socket, email: &str) -> u16 {
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    socket.write(&request_text("POST", "/auth/login", &[], &body)).await;
    socket.reply().await.expect("an answer").status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_is_answered_with_four_statuses_and_nobody_else_notices() {
    let app =
        TestApp::with(&["--hash-threads", "1", "--hash-queue", "2", "--bcrypt-cost", "8", "--login-limit", "50/1h"])
            .await;
    let user = User::register(&app, "alice@example.com").await;
    let server = TestServer::start(&app).await;
    let flood = join_all((0..FLOODERS).map(|number| {
        let email = if number % 2 == 0 { user.email.clone() } else { format!("nobody{number}@example.com") };
        let server = &server;
        async move {
            let mut socket = server.connect().await;
            let mut statuses = HashSet::new();
            for _ in 0..ROUNDS {
                statuses.insert(login(&mut socket, &email).await);
            }
            statuses
        }
    }));
    let token = format!("Bearer {}", user.token);
    let me = async {
        let mut socket = server.connect().await;
        for _ in 0..100 {
            socket.write(&request_text("GET", "/api/me", &[("Authorization", &token)], "")).await;
            assert_eq!(socket.reply().await.expect("an answer").status, 200);
        }
    };
    let (statuses, ()) = join(flood, me).await;
    let statuses: HashSet<_> = statuses.into_iter().flatten().collect();
    assert!(statuses.contains(&503), "{statuses:?}: that was no flood");
    assert!(statuses.is_subset(&[200, 401, 429, 503].into()), "{statuses:?}");
}
