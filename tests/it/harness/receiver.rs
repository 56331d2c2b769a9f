//! A webhook endpoint of a partner: it records calls and answers each with a given response.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A received call.
#[derive(Debug, Clone)]
pub(crate) struct WebhookCall {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl WebhookCall {
    /// Returns the ID of the message.
    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("a header in ASCII")
    }

    /// Parses the body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// The response to a call: the status and additional header lines.
pub(crate) type Reply = (u16, String);

/// A running endpoint. It stops when dropped.
pub(crate) struct WebhookReceiver {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<(WebhookCall, u16)>>>,
    count: watch::Sender<usize>,
    serving: JoinHandle<()>,
}

impl WebhookReceiver {
    /// Starts one that answers every call with 200.
    pub(crate) async fn start() -> Self {
        Self::with(|_, _| (200, String::new())).await
    }

    /// Starts one whose response depends on the call and the number of earlier calls.
    pub(crate) async fn with(reply: impl Fn(&WebhookCall, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (calls, count, reply) = (Arc::<Mutex<Vec<_>>>::default(), watch::Sender::new(0), Arc::new(reply));
        let serving = {
            let (calls, count) = (Arc::clone(&calls), count.clone());
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (calls, count, reply) = (Arc::clone(&calls), count.clone(), Arc::clone(&reply));
                    tokio::spawn(async move { answer(stream, &calls, &count, &*reply).await });
                }
            })
        };
        Self { address, calls, count, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns all calls so far with the status of their responses.
    pub(crate) fn calls(&self) -> Vec<(WebhookCall, u16)> {
        self.calls.lock().expect("no panic").clone()
    }

    /// Returns the accepted calls so far.
    pub(crate) fn accepted(&self) -> Vec<WebhookCall> {
        let accepted = self.calls().into_iter().filter(|(_, status)| *status < 300);
        accepted.map(|(call, _)| call).collect()
    }

    /// Waits for this number of accepted calls and returns them.
    pub(crate) async fn wait_for_accepted(&self, count: usize) -> Vec<WebhookCall> {
        self.count.subscribe().wait_for(|_| self.accepted().len() >= count).await.expect("it lives");
        self.accepted()
    }

    /// Waits for this number of calls and returns them.
    pub(crate) async fn wait_for_calls(&self, count: usize) -> Vec<(WebhookCall, u16)> {
        self.count.subscribe().wait_for(|calls| *calls >= count).await.expect("it lives");
        self.calls()
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    stream: TcpStream,
    calls: &Mutex<Vec<(WebhookCall, u16)>>,
    count: &watch::Sender<usize>,
    reply: &(dyn Fn(&WebhookCall, usize) -> Reply + Send + Sync),
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let call = next(&mut read).await?;
        let (status, head) = {
            let mut calls = calls.lock().expect("no panic");
            let (status, head) = reply(&call, calls.len());
            calls.push((call, status));
            (status, head)
        };
        let response = format!("HTTP/1.1 {status} Told\r\n{head}content-length: 4\r\n\r\ntold");
        write.write_all(response.as_bytes()).await.ok()?;
        count.send_modify(|count| *count += 1);
    }
}

/// Reads the next request of a connection.
async fn next(read: &mut (impl AsyncBufReadExt + Unpin)) -> Option<WebhookCall> {
    let mut line = String::new();
    read.read_line(&mut line).await.ok().filter(|length| *length > 0)?;
    assert!(line.starts_with("POST /hook HTTP/1.1"), "{line}");
    let mut headers = HeaderMap::new();
    loop {
        let mut line = String::new();
        read.read_line(&mut line).await.ok().filter(|length| *length > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        let name: HeaderName = name.parse().expect("a name");
        headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    let length = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
    let mut body = vec![0; length];
    read.read_exact(&mut body).await.ok()?;
    Some(WebhookCall { headers, body })
}
