//! The HTTP room: routes, the accept loop, and what a response looks like.
//!
//! Nothing here knows GraphQL beyond its transports, HTTP and WebSocket: a request becomes a [`Question`], its
//! [`Answer`] becomes a status and a media type. Start reading at `router`.
//!
//! [`Question`]: caunoi_graphql::answer::Question
//! [`Answer`]: caunoi_graphql::answer::Answer

use std::{fmt, sync::Arc, time::Duration};

use axum::{Router, middleware, routing::get};
use caunoi_graphql::Api;

use crate::identity::Identity;

mod ask;
mod body;
mod caller;
mod events;
mod feed;
mod frame;
mod health;
mod listen;
mod media;
mod metrics;
mod page;
mod params;
mod problem;
mod seats;
mod socket;
mod stored;
mod takeover;
mod wire;

pub use listen::{Peer, serve};

/// Says whether this process can answer now; called for every readiness probe.
pub type Ready = Arc<dyn Fn() -> Result<(), &'static str> + Send + Sync>;

/// The metrics of this process as text; called for every scrape.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody who asks the register. A proxy on the same machine comes from loopback like its
    /// owner, so no metrics here, whatever the address.
    Public,
    /// Whoever watches the process: metrics and probes alone.
    Watch,
}

/// What the HTTP room needs from the rest of the process.
pub struct State {
    /// The GraphQL face.
    pub api: Api,
    /// Tells callers by their tokens.
    pub identity: Identity,
    /// Asked by `/readyz`.
    pub ready: Ready,
    /// Asked by `/metrics`.
    pub metrics: Metrics,
    /// How much one client may take.
    pub limits: Limits,
    /// Other web sites that may open a socket, as browsers write them in `Origin`.
    pub allowed_origins: Vec<String>,
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("State").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Sizes, times and counts; the defaults fit a public server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one request body.
    pub body_bytes: usize,
    /// Bytes of all headers of one request, and of its address.
    pub head_bytes: usize,
    /// From the first byte of a request to the last of its headers.
    pub head_timeout: Duration,
    /// For the whole body of a request.
    pub body_timeout: Duration,
    /// How long a connection may stay open between requests.
    pub idle_timeout: Duration,
    /// How long a client may refuse to read what we send.
    pub write_timeout: Duration,
    /// Connections open at once; further ones wait in the queue of the system.
    pub connections: usize,
    /// Connections from one address (IPv6: one /64); further ones are closed.
    pub connections_per_address: usize,
    /// How long running requests may go on after the order to stop.
    pub drain_timeout: Duration,
    /// What holds for a WebSocket besides.
    pub socket: SocketLimits,
}

/// What one WebSocket may take. It keeps the place of its connection, and what its client does
/// not read is bounded by the write timeout.
#[derive(Debug, Clone)]
pub struct SocketLimits {
    /// From the upgrade to `connection_init`.
    pub init_timeout: Duration,
    /// Between two pings of ours.
    pub ping_interval: Duration,
    /// How long a client may say nothing at all, pongs counted.
    pub silence_timeout: Duration,
    /// Operations that run at once.
    pub operations: usize,
    /// Bytes of one message that comes in.
    pub message_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1_024,
            head_bytes: 16 * 1_024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            connections: 10_000,
            connections_per_address: 200,
            drain_timeout: Duration::from_secs(20),
            socket: SocketLimits::default(),
        }
    }
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            init_timeout: Duration::from_secs(3),
            ping_interval: Duration::from_secs(25),
            silence_timeout: Duration::from_mins(1),
            operations: 50,
            message_bytes: 64 * 1_024,
        }
    }
}

/// The routes behind a door. Everything that leaves passes `frame`, the answers to unknown paths
/// too.
fn router(state: Arc<State>, door: Door) -> Router {
    let probes = Router::new().route("/livez", get(health::live)).route("/readyz", get(health::ready));
    let metrics = Router::new().route("/metrics", get(metrics::tell));
    let questions = Router::new()
        .route("/graphql", get(socket::get).post(ask::post))
        .route("/changes.jsonl", get(feed::lines))
        .route("/changes.atom", get(feed::atom))
        .route("/", get(page::index))
        .route("/assets/{name}", get(page::asset));
    let routes = match door {
        Door::Public => probes.merge(questions),
        Door::Watch => probes.merge(metrics),
    };
    routes
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(&state), frame::frame))
        .with_state(state)
}
