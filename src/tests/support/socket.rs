//! The application behind real sockets, and a client that can be as slow and as rude as it likes.

use super::{HOST, TestApp};
use counterfoil::server::listener;
use std::{collections::HashMap, io::Write, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

/// The application, serving on a port of its own until it is told to stop.
pub struct TestServer {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl TestServer {
    pub async fn start(app: &TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (router, settings) = (app.router.clone(), app.state.settings.clone());
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            listener::serve(vec![listener], router, &settings, stopped).await;
        });
        Self { address, stop, serving }
    }

    pub async fn connect(&self) -> Socket {
        Socket::connect(self.address).await
    }

    /// Sends one request on a connection of its own.
    pub async fn send(&self, request: &str) -> Reply {
        Socket::exchange(self.address, request).await
    }

    /// Asks the server to stop, and gives the task that ends when it has.
    pub fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.serving
    }
}

/// The text of a request with a JSON body, as a program sends it.
pub fn request_text(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers =
        headers.iter().fold(String::new(), |headers, (name, value)| headers + &format!("{name}: {value}\r\n"));
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    )
}

/// An open connection.
pub struct Socket(TcpStream);

/// What came back, of a head and a body of known length.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Socket {
    pub async fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).await.unwrap()
    }

    /// Connects, if somebody listens.
    pub async fn try_connect(address: SocketAddr) -> Option<Self> {
        TcpStream::connect(address).await.ok().map(Self)
    }

    /// Connects and writes before anything else on this thread goes on: the server has not accepted it yet.
    pub fn in_queue(address: SocketAddr, request: &str) -> Self {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self(TcpStream::from_std(stream).unwrap())
    }

    /// Sends one request on a connection of its own.
    pub async fn exchange(address: SocketAddr, request: &str) -> Reply {
        let mut socket = Self::connect(address).await;
        socket.write(request).await;
        socket.reply().await.expect("an answer")
    }

    pub async fn write(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Writes, and says whether the other side still takes it.
    pub async fn try_write(&mut self, text: &str) -> bool {
        self.0.write_all(text.as_bytes()).await.is_ok()
    }

    /// Waits for the other side to close, and gives what it said before.
    pub async fn closed(&mut self) -> String {
        let mut bytes = Vec::new();
        // A reset is a close as well.
        let _ = self.0.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads one answer, or nothing when the connection closes first.
    pub async fn reply(&mut self) -> Option<Reply> {
        let mut bytes = Vec::new();
        let head_end = loop {
            if let Some(position) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break position;
            }
            if self.0.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let split =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        // Of several with one name the first stays: the refresh cookie comes before the device cookie.
        let mut headers = HashMap::new();
        for (name, value) in lines.filter_map(split) {
            headers.entry(name).or_insert(value);
        }
        let length: usize = headers.get("content-length").map_or(0, |length: &String| length.parse().unwrap());
        let mut body = bytes.split_off(head_end + 4);
        while body.len() < length {
            if self.0.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        Some(Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
