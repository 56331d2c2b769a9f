//! Which addresses are called. What a name resolves to is checked here and connected to as it was
//! checked: nobody asks for the name a second time.

use std::{error, fmt, net::SocketAddr, time::Duration};

use caunoi_domain::{refusal::Refusal, webhook::endpoint};
use caunoi_graphql::webhook::Reach;
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

/// How long a name may take to be resolved where somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Lets calls out to the public internet; to this machine itself where a setting says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    pub(crate) allows_loopback: bool,
}

/// Why a name leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// It cannot be resolved.
    Unknown,
    /// An address of it may not be called.
    Refused,
}

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unknown => "the name cannot be resolved",
            Self::Refused => "the address may not be called",
        })
    }
}

impl error::Error for Closed {}

impl Gate {
    /// The URL, as far as its text tells.
    pub(super) fn read(self, url: &str) -> Result<Url, Refusal> {
        endpoint::parse(url, self.allows_loopback)
    }

    /// Every address of a name, where all of them may be called.
    async fn addresses(self, name: &str) -> Result<Vec<SocketAddr>, Closed> {
        // The port is the caller's to fill in.
        let found: Vec<SocketAddr> = lookup_host((name, 0)).await.map_err(|_| Closed::Unknown)?.collect();
        if found.is_empty() {
            return Err(Closed::Unknown);
        }
        let addresses = found.iter().map(SocketAddr::ip);
        endpoint::check(addresses, self.allows_loopback).map_err(|_| Closed::Refused)?;
        Ok(found)
    }
}

impl Reach for Gate {
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Refusal>> {
        async move {
            let url = self.read(url)?;
            let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
            match timeout(PATIENCE, self.addresses(name)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(Closed::Refused)) => Err(endpoint::not_public()),
                Ok(Err(Closed::Unknown)) | Err(_) => Err(endpoint::unknown_host()),
            }
        }
        .boxed()
    }
}

impl Resolve for Gate {
    fn resolve(&self, name: Name) -> Resolving {
        let gate = *self;
        Box::pin(async move {
            let found = gate.addresses(name.as_str()).await?;
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_closed_unless_a_setting_opens_it() {
        for (allows_loopback, expected) in [(false, Err(Closed::Refused)), (true, Ok(()))] {
            let found = Gate { allows_loopback }.addresses("localhost").await;
            assert_eq!(found.map(drop), expected);
        }
        // The top level `invalid` never exists.
        let unknown = Gate { allows_loopback: false }.addresses("nobody.invalid").await;
        assert_eq!(unknown, Err(Closed::Unknown));
    }

    #[tokio::test]
    async fn a_url_is_refused_by_its_text_or_by_what_its_name_resolves_to() {
        let gate = Gate { allows_loopback: false };
        for (url, part) in [
            ("https://169.254.169.254/latest", "public internet"),
            ("https://localhost/", "public internet"),
            ("https://nobody.invalid/", "resolved"),
            ("http://example.vn/", "only https"),
        ] {
            let refused = gate.check(url).await.unwrap_err().to_string();
            assert!(refused.contains(part), "{url}: {refused}");
        }
        assert!(Gate { allows_loopback: true }.check("http://localhost:1/").await.is_ok());
    }
}
