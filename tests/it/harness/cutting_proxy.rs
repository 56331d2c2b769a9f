//! A TCP proxy to PostgreSQL that cuts one connection at a chosen request.

use std::sync::{Arc, Mutex};

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The point at which a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CutPoint {
    /// Before the server receives the request.
    Request,
    /// After the server has executed the request, before the response arrives.
    Answer,
}

#[derive(Debug, Clone, Copy)]
struct CutPlan {
    /// The number of requests until the cut; `None` for no cut.
    remaining: Option<u64>,
    cut: CutPoint,
}

/// The proxy. It counts the requests of connections whose first message contains a word.
pub(crate) struct CuttingProxy(Arc<Mutex<CutPlan>>);

impl CuttingProxy {
    /// Starts a proxy to the service of `url`; returns it and the URL that leads through it.
    pub(crate) async fn to(url: &str, default_port: u16, word: &'static str) -> (Self, String) {
        let mut url: Url = url.parse().expect("a URL");
        let target = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(default_port));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        let plan = Arc::new(Mutex::new(CutPlan { remaining: None, cut: CutPoint::Request }));
        let proxy = Self(Arc::clone(&plan));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (target, plan) = (target.clone(), Arc::clone(&plan));
                tokio::spawn(async move {
                    // The end of either side ends both.
                    let _ = forward(near, &target, word, &plan).await;
                });
            }
        });
        (proxy, url.into())
    }

    /// Arms a cut at the request with this number, counted from now.
    pub(crate) fn arm(&self, request: u64, cut: CutPoint) {
        *self.0.lock().expect("no thread panicked") = CutPlan { remaining: Some(request), cut };
    }

    /// Disarms the cut; returns whether a connection was cut.
    pub(crate) fn disarm(&self) -> bool {
        let mut plan = self.0.lock().expect("no thread panicked");
        plan.remaining.take().is_none()
    }
}

/// Counts a request; returns the cut point if it is the chosen one.
fn next_cut(plan: &Mutex<CutPlan>) -> Option<CutPoint> {
    let mut plan = plan.lock().expect("no thread panicked");
    match plan.remaining {
        Some(1) => {
            plan.remaining = None;
            Some(plan.cut)
        }
        Some(remaining) => {
            plan.remaining = Some(remaining - 1);
            None
        }
        None => None,
    }
}

async fn forward(
    mut near: TcpStream,
    target: &str,
    word: &str,
    plan: &Mutex<CutPlan>,
) -> std::io::Result<()> {
    let mut far = TcpStream::connect(target).await?;
    let (mut request, mut response) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let length = near.read(&mut request).await?;
    let is_counted = request[..length].windows(word.len()).any(|window| window == word.as_bytes());
    far.write_all(&request[..length]).await?;
    loop {
        tokio::select! {
            read = near.read(&mut request) => {
                let length = read?;
                let cut = if is_counted && length > 0 { next_cut(plan) } else { None };
                if length == 0 || cut == Some(CutPoint::Request) {
                    return Ok(());
                }
                far.write_all(&request[..length]).await?;
                if cut == Some(CutPoint::Answer) {
                    far.readable().await?;
                    return Ok(());
                }
            }
            read = far.read(&mut response) => {
                let length = read?;
                if length == 0 {
                    return Ok(());
                }
                near.write_all(&response[..length]).await?;
            }
        }
    }
}
