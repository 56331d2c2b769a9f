//! What a server is started with.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use caunoi_cache::Keeping;
use caunoi_domain::clock::Clock;
use caunoi_graphql::answer::Bounds;

use crate::{clock::SystemClock, http::Limits, identity::Auth, location};

/// What a server is started with, resolved and checked. The default needs nothing but a folder.
#[derive(Clone)]
pub struct Settings {
    /// Where HTTP is spoken; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where `/metrics` and the probes answer, apart from what strangers reach; none means that
    /// `/metrics` answers nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Holds the SQLite database, and what signs tokens on this machine; made where it is missing.
    pub data_dir: PathBuf,
    /// A `postgres://` URL; none means SQLite in the data folder.
    pub database_url: Option<String>,
    /// A `redis://` URL, by which the nodes of one register wake each other and share answers.
    pub redis_url: Option<String>,
    /// How answers are kept to be given again.
    pub keeping: Keeping,
    /// Whose tokens are taken.
    pub auth: Auth,
    /// Other web sites that may open a socket: `https://host` or `https://host:port`.
    pub allowed_origins: Vec<String>,
    /// How much one HTTP client may take.
    pub limits: Limits,
    /// What one GraphQL operation may take.
    pub bounds: Bounds,
    /// Whether webhooks may call this machine itself, by plain HTTP too: on laptops and in tests.
    pub webhook_allow_loopback: bool,
    /// Tells the time; tests turn theirs by hand.
    pub clock: Arc<dyn Clock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            metrics_listen: None,
            data_dir: PathBuf::from("./caunoi-data"),
            database_url: None,
            redis_url: None,
            keeping: Keeping::default(),
            auth: Auth::default(),
            allowed_origins: Vec::new(),
            limits: Limits::default(),
            bounds: Bounds::default(),
            webhook_allow_loopback: false,
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = |url: &Option<String>| url.as_deref().map(location::masked);
        formatter
            .debug_struct("Settings")
            .field("listen", &self.listen)
            .field("metrics_listen", &self.metrics_listen)
            .field("data_dir", &self.data_dir)
            .field("database_url", &masked(&self.database_url))
            .field("redis_url", &masked(&self.redis_url))
            .field("keeping", &self.keeping)
            .field("auth", &self.auth)
            .field("allowed_origins", &self.allowed_origins)
            .field("limits", &self.limits)
            .field("bounds", &self.bounds)
            .field("webhook_allow_loopback", &self.webhook_allow_loopback)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_ever_debugged() {
        let settings = Settings {
            database_url: Some("postgres://caunoi:hunter2@db/caunoi".to_owned()),
            redis_url: Some("redis://:hunter2@cache".to_owned()),
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
