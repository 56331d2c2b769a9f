//! Networks in CIDR notation.

use crate::validation::{Format, InvalidReason, Reason, shorten};
use ipnet::IpNet;
use std::net::IpAddr;

/// Parses a network such as `203.0.113.0/24`, or an address as a network of one.
///
/// # Errors
/// `Malformed` for another text, for bits after the prefix, because the network would be larger than
/// it looks, and for IPv4 addresses in the form of IPv6.
pub fn parse(given: &str) -> Result<IpNet, Reason> {
    let text = given.trim();
    let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let is_canonical = |network: &IpNet| network.trunc() == *network && !is_mapped(network);
    network
        .filter(is_canonical)
        .ok_or_else(|| InvalidReason::Malformed { format: Format::Network, given: shorten(given) }.into())
}

fn is_mapped(network: &IpNet) -> bool {
    network.prefix_len() >= 96 && network.addr().to_canonical() != network.addr()
}

/// Returns whether a network contains an address, which may be an IPv4 address in the form of IPv6.
#[must_use]
pub fn contains(network: &IpNet, address: IpAddr) -> bool {
    network.contains(&address.to_canonical())
}

/// Returns whether two networks have an address in common.
#[must_use]
pub fn overlaps(one: &IpNet, other: &IpNet) -> bool {
    one.contains(other) || other.contains(one)
}

/// Returns whether a network contains addresses of this machine. A proxy on the same machine and its
/// operator connect from there.
#[must_use]
pub fn has_loopback(network: &IpNet) -> bool {
    let loopback: [IpNet; 2] = [
        IpNet::new_assert(IpAddr::from([127, 0, 0, 0]), 8),
        IpNet::new_assert(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]), 128),
    ];
    loopback.iter().any(|loopback| overlaps(network, loopback))
}
