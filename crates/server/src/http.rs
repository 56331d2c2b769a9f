//! HTTP: routes, the accept loop and the responses.
//!
//! This module knows only the transports of GraphQL: a request becomes a [`GraphqlRequest`], its
//! [`GraphqlResponse`] becomes a status and a media type. Start reading at `router`.
//!
//! [`GraphqlRequest`]: caunoi_graphql::execution::GraphqlRequest
//! [`GraphqlResponse`]: caunoi_graphql::execution::GraphqlResponse

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use caunoi_graphql::Api;
use caunoi_register::Register;

use crate::{address_log::AddressLabels, files::FileStore, identity::Authenticator};

mod address_guard;
mod blocked_network;
mod blocked_networks;
mod body;
mod caller;
mod client_address;
mod conditional;
mod connection_limit;
mod cors;
mod error_response;
mod events;
mod files;
mod forwarded;
mod frame;
mod graphql_methods;
mod graphql_request;
mod head;
mod health;
mod listen;
mod media;
mod metrics;
mod paced_body;
mod page;
mod params;
mod public_feeds;
mod rate_headers;
mod refusal;
mod socket;
mod timeouts;
mod tls;
mod upgrade;

pub use blocked_networks::BlockedNetworks;
pub use client_address::{ForwardedHeader, TrustedProxies};
pub(crate) use connection_limit::client_network;
pub use listen::serve;
pub use tls::{TlsFiles, TlsIdentity};

/// Returns `Err` with the reason if the process is not ready; called for every readiness probe.
pub type Ready = Arc<dyn Fn() -> Result<(), &'static str> + Send + Sync>;

/// Returns the metrics of this process as text; called for every scrape.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// The purpose of a listener, which decides its routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerKind {
    /// The API and the probes. It never serves metrics: requests of a proxy on the same machine
    /// come from loopback, like those of the operator.
    Public,
    /// Metrics and probes only.
    Monitoring,
}

/// The state of all handlers.
pub struct HttpState {
    /// The GraphQL API.
    pub api: Api,
    /// The register, for the rows of uploaded files.
    pub register: Arc<Register>,
    /// The bytes of uploaded files.
    pub files: FileStore,
    /// Verifies tokens.
    pub authenticator: Authenticator,
    /// The source of `/readyz`.
    pub ready: Ready,
    /// The source of `/metrics`.
    pub metrics: Metrics,
    /// Limits of clients.
    pub limits: Limits,
    /// Other origins that may send tokens and open a WebSocket, in the form of the header `Origin`.
    pub allowed_origins: Vec<String>,
    /// The proxies whose reports about client addresses are believed.
    pub trusted_proxies: TrustedProxies,
    /// The certificate of the public listener; None: it speaks plain HTTP.
    pub tls: Option<Arc<TlsIdentity>>,
    /// The networks whose requests are refused.
    pub blocked_networks: BlockedNetworks,
    /// The labels of client networks in log lines and counts of refusals.
    pub(crate) address_labels: AddressLabels,
}

impl fmt::Debug for HttpState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpState").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Sizes, timeouts and counts. The defaults fit a public server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum bytes of a request body.
    pub body_bytes: usize,
    /// Maximum bytes of an uploaded file.
    pub upload_bytes: usize,
    /// Time for the whole body of an upload; `body_timeout` is that between two parts of it.
    pub upload_timeout: Duration,
    /// Maximum bytes of all headers of a request, and of its URI.
    pub head_bytes: usize,
    /// Time from the first byte of a request to the end of its headers.
    pub head_timeout: Duration,
    /// Time for the whole body of a request.
    pub body_timeout: Duration,
    /// Time that a connection may be idle between requests.
    pub idle_timeout: Duration,
    /// Time that a client may leave response bytes unread.
    pub write_timeout: Duration,
    /// Maximum of open connections; others wait in the accept queue of the system.
    pub connections: usize,
    /// Maximum of open connections per client address (IPv6: per /64); others are closed. Through a
    /// trusted proxy, of running requests of a client; others get 429.
    pub connections_per_address: usize,
    /// Time for running requests to complete when the server stops.
    pub drain_timeout: Duration,
    /// Limits of a WebSocket.
    pub socket: SocketLimits,
}

/// Limits of one WebSocket. It counts as one connection, and the write timeout applies to unread
/// messages.
#[derive(Debug, Clone)]
pub struct SocketLimits {
    /// Time from the upgrade to `connection_init`.
    pub init_timeout: Duration,
    /// Interval between pings of the server.
    pub ping_interval: Duration,
    /// Time that a client may send nothing, not even a pong.
    pub silence_timeout: Duration,
    /// Maximum of concurrent operations.
    pub operations: usize,
    /// Maximum bytes of an incoming message.
    pub message_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1_024,
            upload_bytes: caunoi_domain::upload::MAX_FILE_BYTES,
            upload_timeout: Duration::from_mins(15),
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

/// Returns the routes of a listener. All responses pass through `frame`, also those for unknown
/// paths.
fn router(state: Arc<HttpState>, kind: ListenerKind) -> Router {
    let probes = Router::new().route("/livez", get(health::livez)).route("/readyz", get(health::readyz));
    let metrics = Router::new().route("/metrics", get(metrics::render));
    let api = Router::new()
        .route("/graphql", any(graphql_methods::dispatch))
        .route("/changes.jsonl", get(public_feeds::lines))
        .route("/changes.atom", get(public_feeds::atom))
        .route("/files", post(files::post))
        .route("/files/{sha256}", get(files::get))
        .route("/", get(page::index))
        .route("/docs/scalars.md", get(page::scalars))
        .route("/assets/{name}", get(page::asset));
    let frame = middleware::from_fn_with_state(Arc::clone(&state), frame::frame);
    let blocked = middleware::from_fn_with_state(Arc::clone(&state), blocked_network::refuse);
    let preflight = middleware::from_fn_with_state(Arc::clone(&state), cors::preflight);
    let with_fallbacks = |routes: Router<Arc<HttpState>>| {
        routes
            .fallback(error_response::not_found)
            .method_not_allowed_fallback(error_response::method_not_allowed)
    };
    let routes = match kind {
        ListenerKind::Public => with_fallbacks(probes.merge(api.layer(blocked)))
            .layer(preflight)
            .layer(middleware::from_fn_with_state(Arc::clone(&state), address_guard::admit))
            .layer(frame)
            .layer(middleware::map_response(cors::expose)),
        ListenerKind::Monitoring => with_fallbacks(probes.merge(metrics)).layer(frame),
    };
    routes.with_state(state)
}
