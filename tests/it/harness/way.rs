//! A way to another service that can be cut off, with all that goes along it.

use std::sync::Arc;

use reqwest::Url;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The way; it is open at first.
pub(crate) struct Way {
    open: watch::Sender<bool>,
}

impl Way {
    /// A way to the service of this URL, and the URL by which to go along it.
    pub(crate) async fn to(url: &str, usual_port: u16) -> (Self, String) {
        let mut url: Url = url.parse().expect("a URL");
        let target = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(usual_port));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        let open = watch::Sender::new(true);
        tokio::spawn(lead(listener, Arc::from(target), open.subscribe()));
        (Self { open }, url.into())
    }

    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}

/// Hands every connection on while the way is open; a cut ends all of them.
async fn lead(listener: TcpListener, target: Arc<str>, open: watch::Receiver<bool>) {
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
