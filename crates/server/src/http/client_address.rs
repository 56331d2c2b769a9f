//! The address of the client of a request: that of its TCP connection or, behind trusted proxies,
//! the one that they report.
//!
//! Proxies append the address that they received a request from. So the list is read from its end:
//! each hop is a trusted proxy until the first that is not, and this one is the client. Everything
//! before it was written by the client itself and is never read.

use std::net::{IpAddr, SocketAddr};

use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

use super::forwarded;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The header in which trusted proxies report addresses. The other one is ignored: a proxy that
/// writes one of them may pass on what a client wrote into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, which nginx, Caddy and most load balancers write.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies whose reports about their clients are believed. The default trusts none.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Their networks and addresses.
    pub networks: Vec<IpNet>,
    /// The header that they write.
    pub header: ForwardedHeader,
}

impl TrustedProxies {
    /// Returns whether this is the address of a trusted proxy.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Returns where a request comes from that arrives from `peer` with these headers.
    ///
    /// A hop that is unknown, obfuscated or unreadable ends the walk: the client is then the last
    /// proxy that is known.
    pub(super) fn origin(&self, peer: SocketAddr, headers: &HeaderMap) -> RequestOrigin {
        let peer = peer.ip().to_canonical();
        if !self.contains(peer) {
            return RequestOrigin { client: peer, is_forwarded: false };
        }
        let mut client = peer;
        for hop in self.hops(headers) {
            let Some(address) = hop else { break };
            client = address;
            if !self.contains(address) {
                break;
            }
        }
        RequestOrigin { client, is_forwarded: true }
    }

    /// Returns the reported hops, the nearest first; None for one without a readable address.
    fn hops<'a>(&self, headers: &'a HeaderMap) -> Box<dyn Iterator<Item = Option<IpAddr>> + 'a> {
        let lines = |name| headers.get_all(name).iter().rev().map(HeaderValue::as_bytes);
        match self.header {
            ForwardedHeader::XForwardedFor => {
                let hops = lines(X_FORWARDED_FOR).flat_map(|line| line.rsplit(|byte| *byte == b','));
                Box::new(hops.map(forwarded::read_node))
            }
            ForwardedHeader::Forwarded => {
                let hops = lines(header::FORWARDED).flat_map(forwarded::elements_from_end);
                Box::new(hops.map(forwarded::read_for))
            }
        }
    }
}

/// Where a request comes from; an extension of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestOrigin {
    /// The address of the client, in its canonical form: IPv4 is never mapped to IPv6.
    pub(super) client: IpAddr,
    /// Whether a trusted proxy has forwarded the request. The limit of connections then does not
    /// count its connection but the request, for the client.
    pub(super) is_forwarded: bool,
}

/// Returns the address of the client of a request with these extensions. Every limit and every log
/// line uses this one. Without an origin, which only a request outside of the accept loop lacks, it
/// is the unspecified address.
pub(super) fn client_address(extensions: &Extensions) -> IpAddr {
    let origin = extensions.get::<RequestOrigin>();
    origin.map_or(IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED), |origin| origin.client)
}

#[cfg(test)]
mod tests;
