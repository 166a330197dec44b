//! Clients that are slow, idle, many, or there when the server stops (SECURITY N-02). Here alone time is real: it is
//! the system's timers that are tested.

use crate::support::{HOST, Socket, TestApp, TestServer, request_text};
use futures::future::join_all;
use std::{future::Future, time::Duration};
use tokio::time::{sleep, timeout};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(15);
const SHORT: [&str; 4] = ["--header-timeout", "1s", "--body-timeout", "1s"];

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} did not happen in time"))
}

/// The application too, since its folder goes when it does.
async fn serve(flags: &[&str]) -> (TestApp, TestServer) {
    let app = TestApp::with(flags).await;
    let server = TestServer::start(&app).await;
    (app, server)
}

/// Sends one byte after the other until the other side has had enough.
async fn trickle(socket: &mut Socket) {
    while socket.try_write("a").await {
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_off() {
    let (_app, server) = serve(&SHORT).await;
    let mut socket = server.connect().await;
    socket.write(&format!("POST /auth/refresh HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ")).await;
    soon("the cut", trickle(&mut socket)).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let (_app, server) = serve(&SHORT).await;
    let mut silent = server.connect().await;
    let mut used = server.connect().await;
    used.write(&request_text("GET", "/healthz", &[], "")).await;
    assert_eq!(soon("the answer", used.reply()).await.unwrap().status, 200);
    soon("the end of the silent one", silent.closed()).await;
    soon("the end of the used one", used.closed()).await;
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_and_cut_off() {
    let (_app, server) = serve(&SHORT).await;
    for framing in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let mut socket = server.connect().await;
        let head = format!(
            "POST /auth/refresh HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        );
        socket.write(&head).await;
        let said = soon("the end", socket.closed()).await;
        assert!(said.starts_with("HTTP/1.1 4"), "{said}");
        assert!(said.contains("application/problem+json"), "{said}");
    }
}

#[tokio::test]
async fn three_hundred_idle_connections_do_not_matter() {
    let (_app, server) = serve(&[]).await;
    let idle = join_all((0..300).map(|_| server.connect())).await;
    let reply = soon("the answer", server.send(&request_text("GET", "/healthz", &[], ""))).await;
    assert_eq!((reply.status, &*reply.body), (200, "ok"));
    drop(idle);
}

#[tokio::test]
async fn more_connections_than_places_wait_for_one() {
    let (_app, server) = serve(&["--max-connections", "16", "--header-timeout", "2s"]).await;
    let idle = join_all((0..16).map(|_| server.connect())).await;
    let mut waiting = server.connect().await;
    waiting.write(&request_text("GET", "/healthz", &[], "")).await;
    assert!(timeout(Duration::from_millis(500), waiting.reply()).await.is_err(), "there was a place");
    assert_eq!(soon("the answer", waiting.reply()).await.unwrap().status, 200);
    drop(idle);
}

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_server_stops() {
    let (_app, server) = serve(&[]).await;
    let idle = server.connect().await;
    let mut socket = server.connect().await;
    let head = format!(
        "POST /auth/logout HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         Expect: 100-continue\r\n\r\n"
    );
    socket.write(&head).await;
    assert_eq!(soon("the leave to go on", socket.reply()).await.unwrap().status, 100);
    let address = server.address;
    let stopped = server.stop();
    socket.write("{}").await;
    assert_eq!(soon("the answer", socket.reply()).await.unwrap().status, 200);
    drop(idle);
    soon("the stop", stopped).await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn whoever_was_in_the_queue_of_the_system_when_the_server_stops_is_answered() {
    let (_app, server) = serve(&[]).await;
    let request = request_text("GET", "/healthz", &[], "");
    assert_eq!(soon("the answer", server.send(&request)).await.status, 200);
    let queue: Vec<_> = (0..3).map(|_| Socket::in_queue(server.address, &request)).collect();
    let stopped = server.stop();
    for mut socket in queue {
        assert_eq!(soon("the answer", socket.reply()).await.expect("an answer").status, 200);
    }
    soon("the stop", stopped).await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_server_from_stopping() {
    let (_app, server) = serve(&["--shutdown-timeout", "1s", "--body-timeout", "2m"]).await;
    let mut socket = server.connect().await;
    let head = format!(
        "POST /auth/logout HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         Expect: 100-continue\r\n\r\n"
    );
    socket.write(&head).await;
    assert_eq!(soon("the leave to go on", socket.reply()).await.unwrap().status, 100);
    soon("the stop", server.stop()).await.unwrap();
}

#[tokio::test]
async fn floods_of_headers_are_refused() {
    let (_app, server) = serve(&[]).await;
    let many = (0..200).fold(String::new(), |headers, index| headers + &format!("X-{index}: a\r\n"));
    let long = format!("X-Long: {}\r\n", "a".repeat(200_000));
    for headers in [many, long] {
        let mut socket = server.connect().await;
        let _ = socket.try_write(&format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n")).await;
        let said = soon("the refusal", socket.closed()).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
}

#[tokio::test]
async fn ambiguous_framing_gets_one_refusal() {
    let (_app, server) = serve(&[]).await;
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: localhost:3000\r\n\r\n";
    for framing in [
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: -1",
        "Content-Length: +4",
        "Content-Length: 4, 5",
        "Content-Length : 4",
    ] {
        let mut socket = server.connect().await;
        let head = format!(
            "POST /auth/logout HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        );
        let _ = socket.try_write(&format!("{head}zz\r\n{smuggled}")).await;
        let said = soon("the refusal", socket.closed()).await;
        assert!(!said.contains("HTTP/1.1 200"), "{framing}: {said}");
        assert!(said.matches("HTTP/1.1 ").count() <= 1, "{framing}: {said}");
    }
}
