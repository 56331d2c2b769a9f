//! The accept loop: one task a connection, each watched, all drained at the end.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Version, response::Response};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt as _;

use super::{
    Door, Limits, State, router,
    seats::{Seat, Seats},
    takeover::Takeover,
    unread,
    wire::{Activity, Running, Wire},
};

/// Above what a head may have, so that most heads that are too large get an answer in JSON.
const HEAD_BUFFER_BYTES: usize = 128 * 1_024;
/// Bytes of one stream of HTTP/2 that hyper holds beside the answer itself.
const SEND_BUFFER_BYTES: usize = 64 * 1_024;
/// What a silent connection has left once it should close.
const FAREWELL: Duration = Duration::from_secs(1);
/// Rest after the system refused a new connection (out of descriptors, mostly).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where a request comes from, for whoever counts by address.
#[derive(Debug, Clone, Copy)]
pub struct Peer(
    /// Of the socket; behind a proxy that is the proxy.
    pub SocketAddr,
);

/// Serves until `shutdown` ends, then lets running requests finish within the drain timeout.
pub async fn serve(
    listener: TcpListener,
    service: Arc<State>,
    door: Door,
    shutdown: impl Future<Output = ()>,
) {
    let limits = service.limits.clone();
    let router = router(service, door);
    let seats = Seats::new(limits.connections_per_address);
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let (stop, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            (place, stream, peer) = accept(&listener, &places) => {
                let Some(seat) = seats.take(peer.ip()) else {
                    caunoi_metrics::refuse_connection();
                    continue;
                };
                let connection = Connection {
                    stream,
                    peer: Peer(peer),
                    router: router.clone(),
                    limits: limits.clone(),
                    stopping: stopping.clone(),
                    seats: seats.clone(),
                };
                connections.spawn(connection.attend((place, seat)));
            }
        }
    }
    drop(listener);
    drop(stop);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain_timeout, drained).await.is_err() {
        tracing::warn!(left = connections.len(), "connections were cut off at the end of the drain");
    }
    connections.shutdown().await;
}

/// The next connection, once there is a place for it; others wait in the queue of the system.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    // The semaphore is never closed; without a permit the connection would only go uncounted.
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

struct Connection {
    stream: TcpStream,
    peer: Peer,
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<()>,
    seats: Seats,
}

impl Connection {
    /// Speaks HTTP until one side has had enough, then what a request has turned it into. Holds
    /// its `_places` that long.
    async fn attend(self, _places: (Option<OwnedSemaphorePermit>, Seat)) {
        let _counted = caunoi_metrics::Connection::open();
        let takeover = Takeover::new(self.stopping.clone());
        // In a box, which goes with the last answer: what follows may wait for hours.
        Box::pin(self.speak_http(takeover.clone())).await;
        if let Some(successor) = takeover.successor() {
            successor.await;
        }
    }

    async fn speak_http(self, takeover: Takeover) {
        let Self { stream, peer, router, limits, mut stopping, seats } = self;
        // Answers are written whole: waiting to fill a packet would only delay the last one.
        let _ = stream.set_nodelay(true);
        let activity = Activity::new();
        let io = TokioIo::new(Wire::new(stream, activity.clone()));
        let requests = activity.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(seats.clone());
            let version = request.version();
            request.extensions_mut().insert(takeover.clone());
            let running = requests.begin();
            let answer = router.clone().oneshot(request.map(Body::new));
            async move { answer.await.map(|response| hold(response, version, running)) }
        });
        let builder = builder();
        let mut connection = pin!(builder.serve_connection_with_upgrades(io, service));
        let mut overdue = pin!(activity.overdue(&limits));
        tokio::select! {
            // In this order: `overdue` reads what the connection has just noted.
            biased;
            _ = connection.as_mut() => return,
            () = overdue.as_mut() => {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(FAREWELL, connection).await;
                return;
            }
            _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
        overdue.hurry(FAREWELL);
        tokio::select! {
            biased;
            _ = connection => {}
            () = overdue => {}
        }
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // `wire` watches heads, and knows idle connections from stalled ones.
        .header_read_timeout(None)
        .max_buf_size(HEAD_BUFFER_BYTES);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100).max_send_buf_size(SEND_BUFFER_BYTES);
    builder
}

/// Lets a request count as running until its response has been handed to the connection whole.
fn hold(response: Response, version: Version, running: Running) -> Response {
    if version == Version::HTTP_2 {
        return unread::deliver(response, running);
    }
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &running;
            frame
        }))
    })
}
