//! The limit of connections, and of event streams over HTTP/2, per client address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use axum::http::Extensions;
use parking_lot::Mutex;

use super::client_address::client_address;

/// Counts open connections and streams per client address. Clones share the counts.
#[derive(Debug, Clone)]
pub(super) struct ConnectionLimit {
    open_counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_address: usize,
}

/// The permit of one connection or stream; released on drop.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    connection_limit: ConnectionLimit,
    address: IpAddr,
}

impl ConnectionLimit {
    /// Creates a limit with no open connections.
    pub(super) fn new(per_address: usize) -> Self {
        Self { open_counts: Arc::default(), per_address }
    }

    /// Returns a permit; None if the address has reached its limit.
    pub(super) fn try_acquire(&self, address: IpAddr) -> Option<ConnectionPermit> {
        let address = client_network(address);
        let mut open_counts = self.open_counts.lock();
        let count = open_counts.entry(address).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        Some(ConnectionPermit { connection_limit: self.clone(), address })
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open_counts = self.connection_limit.open_counts.lock();
        if let Some(count) = open_counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open_counts.remove(&self.address);
            }
        }
    }
}

/// Returns the network of the client of a request with these extensions, which limits count and
/// charge.
pub(super) fn network_of_request(extensions: &Extensions) -> IpAddr {
    client_network(client_address(extensions))
}

/// Returns the address under which a client is counted: for IPv6 its /64 network, because one
/// subscriber owns all addresses in it.
pub(crate) fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_are_counted_per_address_and_released() {
        let connection_limit = ConnectionLimit::new(2);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = connection_limit.try_acquire(address("10.0.0.1"));
        let second = connection_limit.try_acquire(address("::ffff:10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(connection_limit.try_acquire(address("10.0.0.1")).is_none());
        assert!(connection_limit.try_acquire(address("10.0.0.2")).is_some());
        drop(first);
        assert!(connection_limit.try_acquire(address("10.0.0.1")).is_some());
        drop(second);
        assert!(connection_limit.open_counts.lock().is_empty());
    }

    #[test]
    fn ipv6_network_counts_as_one_address() {
        let connection_limit = ConnectionLimit::new(1);
        let _first = connection_limit.try_acquire("2001:db8::1".parse().unwrap());
        assert!(connection_limit.try_acquire("2001:db8::2".parse().unwrap()).is_none());
        assert!(connection_limit.try_acquire("2001:db8:0:1::1".parse().unwrap()).is_some());
    }
}
