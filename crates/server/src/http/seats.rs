//! How many connections, and streams of events over HTTP/2, one address may hold.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The connections and streams that are open, by address.
#[derive(Debug, Clone)]
pub(super) struct Seats {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_address: usize,
}

/// The place of one connection or stream, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    address: IpAddr,
}

impl Seats {
    /// No seat taken yet.
    pub(super) fn new(per_address: usize) -> Self {
        Self { taken: Arc::default(), per_address }
    }

    /// A seat, unless the address has all it may have.
    pub(super) fn take(&self, address: IpAddr) -> Option<Seat> {
        let address = household(address);
        let mut taken = self.lock();
        let count = taken.entry(address).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), address })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // Counting cannot leave the map half changed, so a poisoned lock is as good as any.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// Returns what is counted for an address: of IPv6 its network. Subscribers own a /64 and could
/// count through its addresses for ever.
pub(super) fn household(address: IpAddr) -> IpAddr {
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
    fn seats_are_counted_per_address_and_given_back() {
        let seats = Seats::new(2);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = seats.take(address("10.0.0.1"));
        let second = seats.take(address("::ffff:10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(seats.take(address("10.0.0.1")).is_none());
        assert!(seats.take(address("10.0.0.2")).is_some());
        drop(first);
        assert!(seats.take(address("10.0.0.1")).is_some());
        drop(second);
        assert!(seats.lock().is_empty());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let seats = Seats::new(1);
        let _first = seats.take("2001:db8::1".parse().unwrap());
        assert!(seats.take("2001:db8::2".parse().unwrap()).is_none());
        assert!(seats.take("2001:db8:0:1::1".parse().unwrap()).is_some());
    }
}
