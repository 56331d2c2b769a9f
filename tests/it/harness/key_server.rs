//! The web server of an issuer of tokens: it answers GET requests with given documents.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Documents = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// A running server. It stops when dropped.
pub(crate) struct KeyServer {
    address: SocketAddr,
    documents: Documents,
    serving: JoinHandle<()>,
}

impl KeyServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let documents = Documents::default();
        let serving = {
            let documents = Arc::clone(&documents);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, Arc::clone(&documents)));
                }
            })
        };
        Self { address, documents, serving }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the document of a path; other paths are answered with 404.
    pub(crate) fn publish(&self, path: &str, document: impl Into<Vec<u8>>) {
        self.documents.lock().expect("no panic").insert(path.to_owned(), document.into());
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers one request and closes the connection.
async fn answer(stream: TcpStream, documents: Documents) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let request = lines.next_line().await.ok()??;
    while !lines.next_line().await.ok()??.is_empty() {}
    let path = request.split(' ').nth(1)?;
    let document = documents.lock().expect("no panic").get(path).cloned();
    let (status, body) = document.map_or((404, Vec::new()), |document| (200, document));
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    write.write_all(&[head.into_bytes(), body].concat()).await.ok()
}
