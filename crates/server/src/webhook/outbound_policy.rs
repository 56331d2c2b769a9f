//! The policy for outbound calls, against SSRF. The addresses that a name resolves to are checked
//! and connected to; the name is not resolved a second time.

use std::{
    error, fmt,
    net::SocketAddr,
    task::{Context, Poll},
    time::Duration,
    vec,
};

use caunoi_domain::{validation::Reason, webhook::endpoint};
use caunoi_graphql::webhook::OutboundPolicy;
use futures_util::{FutureExt as _, future::BoxFuture};
use hyper_util::client::legacy::connect::dns::Name;
use tokio::{net::lookup_host, time::timeout};
use tower::Service;
use url::{Host, Url};

/// Timeout of name resolution while a caller waits.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Allows public addresses only; also loopback if `allows_loopback`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PublicAddressPolicy {
    pub(crate) allows_loopback: bool,
}

/// Why a host name cannot be called. A type of its own, because the resolver of the HTTP client
/// carries only a `std::error::Error` through to the failed call, where it is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookupError {
    /// It cannot be resolved.
    Unknown,
    /// One of its addresses is not allowed.
    Refused,
}

impl fmt::Display for LookupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unknown => "the name cannot be resolved",
            Self::Refused => "the address may not be called",
        })
    }
}

impl error::Error for LookupError {}

impl PublicAddressPolicy {
    /// Parses a URL and checks its scheme and a literal IP address.
    pub(super) fn parse_url(self, url: &str) -> Result<Url, Reason> {
        endpoint::parse(url, self.allows_loopback)
    }

    /// Returns all addresses of a name.
    ///
    /// # Errors
    /// Returns `Unknown` if it has none, `Refused` if one of them is not allowed.
    async fn resolve_checked(self, name: &str) -> Result<Vec<SocketAddr>, LookupError> {
        // The client sets the port.
        let found: Vec<SocketAddr> =
            lookup_host((name, 0)).await.map_err(|_| LookupError::Unknown)?.collect();
        if found.is_empty() {
            return Err(LookupError::Unknown);
        }
        let addresses = found.iter().map(SocketAddr::ip);
        endpoint::check(addresses, self.allows_loopback).map_err(|_| LookupError::Refused)?;
        Ok(found)
    }
}

impl OutboundPolicy for PublicAddressPolicy {
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Reason>> {
        async move {
            let url = self.parse_url(url)?;
            let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
            match timeout(TIMEOUT, self.resolve_checked(name)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(LookupError::Refused)) => Err(endpoint::not_public()),
                Ok(Err(LookupError::Unknown)) | Err(_) => Err(endpoint::unknown_host()),
            }
        }
        .boxed()
    }
}

/// Resolves the names that the client connects to.
impl Service<Name> for PublicAddressPolicy {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = LookupError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let policy = *self;
        async move { policy.resolve_checked(name.as_str()).await.map(Vec::into_iter) }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::validation::UrlReason;

    /// Returns a host name that the resolver refuses without DNS: a label has at most 63 characters.
    fn unknown_host() -> String {
        format!("{}.invalid", "a".repeat(64))
    }

    #[tokio::test]
    async fn loopback_name_is_refused_unless_allowed() {
        for (allows_loopback, expected) in [(false, Err(LookupError::Refused)), (true, Ok(()))] {
            let found = PublicAddressPolicy { allows_loopback }.resolve_checked("localhost").await;
            assert_eq!(found.map(drop), expected);
        }
        let policy = PublicAddressPolicy { allows_loopback: false };
        let unknown = policy.resolve_checked(&unknown_host()).await;
        assert_eq!(unknown, Err(LookupError::Unknown));
    }

    #[tokio::test]
    async fn url_is_refused_by_its_text_or_its_addresses() {
        let policy = PublicAddressPolicy { allows_loopback: false };
        let unknown = format!("https://{}/", unknown_host());
        for (url, expected) in [
            ("https://169.254.169.254/latest", UrlReason::UrlNotPublic),
            ("https://localhost/", UrlReason::UrlNotPublic),
            (unknown.as_str(), UrlReason::UrlHostUnknown),
            ("http://example.vn/", UrlReason::UrlNotHttps),
        ] {
            let refused = policy.check(url).await.unwrap_err();
            assert_eq!(refused, Reason::UrlRefused(expected), "{url}");
        }
        assert!(PublicAddressPolicy { allows_loopback: true }.check("http://localhost:1/").await.is_ok());
    }
}
