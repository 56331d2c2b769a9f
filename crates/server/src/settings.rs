//! The settings of a server.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use caunoi_cache::CacheConfig;
use caunoi_domain::clock::Clock;
use caunoi_domain::quota::WriteLimits;
use caunoi_graphql::execution::ExecutionLimits;
use ipnet::IpNet;

use crate::{
    address_log::AddressLog,
    clock::SystemClock,
    connection_url,
    http::{Limits, TlsFiles, TrustedProxies},
    identity::Auth,
    refusals::RefusalKeeping,
};

/// The settings of a server, resolved and validated. The default needs only a writable folder.
#[derive(Clone)]
pub struct Settings {
    /// Address and port for HTTP; port 0 selects a free one.
    pub listen: SocketAddr,
    /// Address and port of `/metrics` and the probes, which the public must not reach. None:
    /// `/metrics` is not served.
    pub metrics_listen: Option<SocketAddr>,
    /// The certificate and key of TLS on `listen`. None: plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Folder of the SQLite database and of the local key; created if missing.
    pub data_dir: PathBuf,
    /// A `postgres://` URL. None: SQLite in the data folder.
    pub database_url: Option<String>,
    /// A `redis://` URL for wake-ups and cached responses that several nodes share. None: no
    /// sharing.
    pub redis_url: Option<String>,
    /// Limits of the response cache.
    pub response_cache: CacheConfig,
    /// Which tokens are accepted.
    pub auth: Auth,
    /// Other origins whose pages may send tokens and open a WebSocket: `https://host` or
    /// `https://host:port`.
    pub allowed_origins: Vec<String>,
    /// The proxies whose reports about client addresses are believed.
    pub trusted_proxies: TrustedProxies,
    /// Networks whose requests are refused.
    pub blocked_networks: Vec<IpNet>,
    /// How networks of clients are kept in log lines and counts of refusals.
    pub address_log: AddressLog,
    /// How counts of refused requests are kept.
    pub refusals: RefusalKeeping,
    /// Folder of further trusted documents. None: those of the program only.
    pub trusted_documents: Option<PathBuf>,
    /// Whether requests without a token may use trusted documents only.
    pub trusted_documents_only: bool,
    /// Whether exported spans contain documents.
    pub traces_documents: bool,
    /// Limits of HTTP clients.
    pub limits: Limits,
    /// Limits of one GraphQL operation.
    pub execution_limits: ExecutionLimits,
    /// The keys that encrypt secrets in the database, in Base64, the current one first. None: the
    /// file `secret-key` in the data folder.
    pub secret_key: Option<String>,
    /// How much authors and provinces may write.
    pub write_limits: WriteLimits,
    /// Whether webhooks may call this machine, also by plain HTTP; for development and tests.
    pub webhook_allow_loopback: bool,
    /// The clock; tests use one that they set.
    pub clock: Arc<dyn Clock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            metrics_listen: None,
            tls: None,
            data_dir: PathBuf::from("./caunoi-data"),
            database_url: None,
            redis_url: None,
            response_cache: CacheConfig::default(),
            auth: Auth::default(),
            allowed_origins: Vec::new(),
            trusted_proxies: TrustedProxies::default(),
            blocked_networks: Vec::new(),
            address_log: AddressLog::default(),
            refusals: RefusalKeeping::default(),
            trusted_documents: None,
            trusted_documents_only: false,
            traces_documents: false,
            limits: Limits::default(),
            execution_limits: ExecutionLimits::default(),
            secret_key: None,
            write_limits: WriteLimits::default(),
            webhook_allow_loopback: false,
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = |url: &Option<String>| url.as_deref().map(connection_url::mask_passwords);
        formatter
            .debug_struct("Settings")
            .field("listen", &self.listen)
            .field("metrics_listen", &self.metrics_listen)
            .field("tls", &self.tls)
            .field("data_dir", &self.data_dir)
            .field("database_url", &masked(&self.database_url))
            .field("redis_url", &masked(&self.redis_url))
            .field("response_cache", &self.response_cache)
            .field("auth", &self.auth)
            .field("allowed_origins", &self.allowed_origins)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("blocked_networks", &self.blocked_networks)
            .field("address_log", &self.address_log)
            .field("refusals", &self.refusals)
            .field("trusted_documents", &self.trusted_documents)
            .field("trusted_documents_only", &self.trusted_documents_only)
            .field("traces_documents", &self.traces_documents)
            .field("limits", &self.limits)
            .field("execution_limits", &self.execution_limits)
            .field("secret_key", &self.secret_key.as_ref().map(|_| "…"))
            .field("write_limits", &self.write_limits)
            .field("webhook_allow_loopback", &self.webhook_allow_loopback)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_masks_passwords() {
        let settings = Settings {
            database_url: Some("postgres://caunoi:hunter2@db/caunoi".to_owned()),
            redis_url: Some("redis://:hunter2@cache".to_owned()),
            secret_key: Some("hunter2".to_owned()),
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
