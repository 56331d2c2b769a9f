//! A way to PostgreSQL that cuts one connection at a chosen request.

use std::sync::{Arc, Mutex};

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the server gets the request.
    Request,
    /// After the server has carried it out, before the answer arrives.
    Answer,
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    /// Requests until the cut; none where nothing is to be cut.
    remaining: Option<u64>,
    cut: Cut,
}

/// The way. Requests are counted over the connections whose first message contains a word.
pub(crate) struct Cutter(Arc<Mutex<Plan>>);

impl Cutter {
    /// A way to the service of this URL, and the URL by which to go along it.
    pub(crate) async fn to(url: &str, usual_port: u16, word: &'static str) -> (Self, String) {
        let mut url: Url = url.parse().expect("a URL");
        let target = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(usual_port));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        let plan = Arc::new(Mutex::new(Plan { remaining: None, cut: Cut::Request }));
        let cutter = Self(Arc::clone(&plan));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (target, plan) = (target.clone(), Arc::clone(&plan));
                tokio::spawn(async move {
                    // An end of either side ends both.
                    let _ = lead(near, &target, word, &plan).await;
                });
            }
        });
        (cutter, url.into())
    }

    /// Cuts at the request of this number, from now on.
    pub(crate) fn arm(&self, request: u64, cut: Cut) {
        *self.0.lock().expect("nobody panicked") = Plan { remaining: Some(request), cut };
    }

    /// Cuts nothing from now on; says whether something was cut.
    pub(crate) fn disarm(&self) -> bool {
        let mut plan = self.0.lock().expect("nobody panicked");
        plan.remaining.take().is_none()
    }
}

/// Whether the request that has come is the one.
fn due(plan: &Mutex<Plan>) -> Option<Cut> {
    let mut plan = plan.lock().expect("nobody panicked");
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

async fn lead(mut near: TcpStream, target: &str, word: &str, plan: &Mutex<Plan>) -> std::io::Result<()> {
    let mut far = TcpStream::connect(target).await?;
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let length = near.read(&mut asked).await?;
    let is_counted = asked[..length].windows(word.len()).any(|window| window == word.as_bytes());
    far.write_all(&asked[..length]).await?;
    loop {
        tokio::select! {
            read = near.read(&mut asked) => {
                let length = read?;
                let cut = if is_counted && length > 0 { due(plan) } else { None };
                if length == 0 || cut == Some(Cut::Request) {
                    return Ok(());
                }
                far.write_all(&asked[..length]).await?;
                if cut == Some(Cut::Answer) {
                    far.readable().await?;
                    return Ok(());
                }
            }
            read = far.read(&mut answered) => {
                let length = read?;
                if length == 0 {
                    return Ok(());
                }
                near.write_all(&answered[..length]).await?;
            }
        }
    }
}
