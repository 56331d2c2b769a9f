//! A TCP proxy in front of another service; a test can cut all of its connections.

use std::sync::Arc;

use reqwest::Url;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The proxy; it forwards from the start.
pub(crate) struct TcpProxy {
    open: watch::Sender<bool>,
}

impl TcpProxy {
    /// Starts a proxy to the service of `url`; returns it and the URL that leads through it.
    pub(crate) async fn to(url: &str, default_port: u16) -> (Self, String) {
        let mut url: Url = url.parse().expect("a URL");
        let target = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(default_port));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        let open = watch::Sender::new(true);
        tokio::spawn(forward(listener, Arc::from(target), open.subscribe()));
        (Self { open }, url.into())
    }

    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}

/// Forwards every connection while the proxy is open; a cut ends all of them.
async fn forward(listener: TcpListener, target: Arc<str>, open: watch::Receiver<bool>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (target, mut open) = (Arc::clone(&target), open.clone());
        tokio::spawn(async move {
            if !*open.borrow_and_update() {
                return;
            }
            let Ok(mut far) = TcpStream::connect(&*target).await else { return };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                _ = open.wait_for(|is_open| !is_open) => {}
            }
        });
    }
}
