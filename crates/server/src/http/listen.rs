//! The accept loop: one task per connection, with timeouts; all connections are drained on stop.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Version, response::Response};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt as _;

use super::{
    HttpState, Limits, ListenerKind, TlsIdentity, TrustedProxies,
    connection_limit::{ConnectionLimit, ConnectionPermit},
    paced_body, router,
    timeouts::{Activity, RunningRequest, WatchedStream},
    upgrade::ConnectionUpgrade,
};

/// Larger than the limit of a head, so that most heads that are too large get a JSON response.
const HEAD_BUFFER_BYTES: usize = 128 * 1_024;
/// Maximum bytes of an HTTP/2 stream that hyper buffers in addition to the response itself.
const SEND_BUFFER_BYTES: usize = 64 * 1_024;
/// Time for an idle connection to close gracefully.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Pause after `accept` failed, usually because the process is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `shutdown` completes, then waits for running requests within the drain timeout.
pub async fn serve(
    listener: TcpListener,
    service: Arc<HttpState>,
    kind: ListenerKind,
    shutdown: impl Future<Output = ()>,
) {
    let limits = service.limits.clone();
    let trusted_proxies = Arc::new(service.trusted_proxies.clone());
    let tls = service.tls.clone().filter(|_| kind == ListenerKind::Public);
    let router = router(service, kind);
    let connection_limit = ConnectionLimit::new(limits.connections_per_address);
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let (stop, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            (place, stream, peer) = accept(&listener, &places) => {
                // Through a proxy the limit counts the requests of each client instead.
                let permit = if trusted_proxies.contains(peer.ip()) {
                    None
                } else if let Some(permit) = connection_limit.try_acquire(peer.ip()) {
                    Some(permit)
                } else {
                    caunoi_metrics::count_refused_connection();
                    continue;
                };
                let connection = AcceptedConnection {
                    stream,
                    tls: tls.clone(),
                    peer,
                    trusted_proxies: Arc::clone(&trusted_proxies),
                    router: router.clone(),
                    limits: limits.clone(),
                    stopping: stopping.clone(),
                    connection_limit: connection_limit.clone(),
                };
                connections.spawn(connection.serve_until_closed(ConnectionPlaces { _node: place, _network: permit }));
            }
        }
    }
    drop(listener);
    drop(stop);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain_timeout, drained).await.is_err() {
        tracing::warn!(left = connections.len(), "connections were aborted at the end of the drain timeout");
    }
    connections.shutdown().await;
}

/// Waits for a permit, then for the next connection. Others wait in the accept queue of the system.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    // The semaphore is never closed; without a permit the connection would only not be counted.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (place, stream, peer),
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

struct AcceptedConnection {
    stream: TcpStream,
    tls: Option<Arc<TlsIdentity>>,
    peer: SocketAddr,
    trusted_proxies: Arc<TrustedProxies>,
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<()>,
    connection_limit: ConnectionLimit,
}

/// The places that a connection takes until it closes: of the node, and of its network.
struct ConnectionPlaces {
    _node: Option<OwnedSemaphorePermit>,
    _network: Option<ConnectionPermit>,
}

impl AcceptedConnection {
    /// Serves HTTP until the connection closes, then the upgraded connection if there is one. Holds
    /// the permits `_places` until the end.
    async fn serve_until_closed(self, _places: ConnectionPlaces) {
        let _counted = caunoi_metrics::OpenConnection::open();
        let upgrade = ConnectionUpgrade::new(self.stopping.clone());
        // Boxed, so that it is freed before the continuation, which may last for hours.
        Box::pin(self.speak(upgrade.clone())).await;
        if let Some(continuation) = upgrade.take_continuation() {
            continuation.await;
        }
    }

    /// Serves HTTP, over TLS if the listener has a certificate.
    async fn speak(self, upgrade: ConnectionUpgrade) {
        let Self { stream, tls, peer, trusted_proxies, router, limits, mut stopping, connection_limit } =
            self;
        // Responses are written whole; Nagle's algorithm would only delay the last packet.
        let _ = stream.set_nodelay(true);
        let activity = Activity::new();
        let head_timeout = limits.head_timeout;
        let requests = RequestContext { peer, trusted_proxies, router, limits, connection_limit };
        let Some(tls) = tls else {
            let stream = WatchedStream::new(stream, activity.clone());
            return requests.serve(stream, activity, upgrade, stopping).await;
        };
        let handshake = async {
            let mut first = [0];
            // The handshake reads this byte again.
            let is_open = stream.peek(&mut first).await.is_ok_and(|bytes| bytes > 0);
            let stream = WatchedStream::new(stream, activity.clone());
            if is_open { tls.accept(stream, first[0]).await } else { None }
        };
        let stream = tokio::select! {
            stream = tokio::time::timeout(head_timeout, handshake) => stream.ok().flatten(),
            _ = stopping.changed() => None,
        };
        if let Some(stream) = stream {
            requests.serve(stream, activity, upgrade, stopping).await;
        }
    }
}

/// The context of the requests of a connection.
struct RequestContext {
    peer: SocketAddr,
    trusted_proxies: Arc<TrustedProxies>,
    router: Router,
    limits: Limits,
    connection_limit: ConnectionLimit,
}

impl RequestContext {
    async fn serve<T>(
        self,
        stream: T,
        activity: Activity,
        upgrade: ConnectionUpgrade,
        mut stopping: watch::Receiver<()>,
    ) where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { peer, trusted_proxies, router, limits, connection_limit } = self;
        let io = TokioIo::new(stream);
        let requests = activity.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            let origin = trusted_proxies.origin(peer, request.headers());
            request.extensions_mut().insert(origin);
            request.extensions_mut().insert(connection_limit.clone());
            let version = request.version();
            request.extensions_mut().insert(upgrade.clone());
            let running = requests.begin_request();
            let response = router.clone().oneshot(request.map(Body::new));
            async move { response.await.map(|response| hold(response, version, running)) }
        });
        let builder = builder();
        let mut connection = pin!(builder.serve_connection_with_upgrades(io, service));
        let mut stall_timer = pin!(activity.stall_timer(&limits));
        tokio::select! {
            // In this order: the timer reads the state that polling the connection has updated.
            biased;
            _ = connection.as_mut() => return,
            () = stall_timer.as_mut() => {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(CLOSE_TIMEOUT, connection).await;
                return;
            }
            _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
        stall_timer.shorten(CLOSE_TIMEOUT);
        tokio::select! {
            biased;
            _ = connection => {}
            () = stall_timer => {}
        }
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // `timeouts` limits heads, and distinguishes idle connections from stalled ones.
        .header_read_timeout(None)
        .max_buf_size(HEAD_BUFFER_BYTES);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100).max_send_buf_size(SEND_BUFFER_BYTES);
    builder
}

/// Keeps the request running until its whole response has been passed to the connection.
fn hold(response: Response, version: Version, running: RunningRequest) -> Response {
    if version == Version::HTTP_2 {
        return paced_body::track_response(response, running);
    }
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &running;
            frame
        }))
    })
}
