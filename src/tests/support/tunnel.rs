//! A way to a server that can be cut.

use std::net::SocketAddr;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Passes connections on until it is cut; then nobody listens, and the connections that there were are gone.
pub struct Tunnel {
    pub address: SocketAddr,
    server: SocketAddr,
    passing: JoinHandle<()>,
}

impl Tunnel {
    pub async fn open(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { address: listener.local_addr().unwrap(), server, passing: tokio::spawn(pass(listener, server)) }
    }

    pub fn cut(&self) {
        self.passing.abort();
    }

    pub async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.passing = tokio::spawn(pass(listener, self.server));
    }
}

async fn pass(listener: TcpListener, server: SocketAddr) {
    // They end with this task.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (mut near, _) = listener.accept().await.unwrap();
        connections.spawn(async move {
            let mut far = TcpStream::connect(server).await.unwrap();
            let _ = copy_bidirectional(&mut near, &mut far).await;
        });
    }
}
