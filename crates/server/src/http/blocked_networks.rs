//! The networks whose requests are refused.

use std::{net::IpAddr, sync::Arc};

use ipnet::IpNet;
use parking_lot::RwLock;

/// The blocked networks: those of the settings, and a list that may change while the server runs.
/// Clones share the list.
#[derive(Debug, Clone, Default)]
pub struct BlockedNetworks {
    of_settings: Arc<[IpNet]>,
    listed: Arc<RwLock<Vec<IpNet>>>,
}

impl BlockedNetworks {
    /// Creates the networks of the settings, with an empty list.
    #[must_use]
    pub fn new(of_settings: Vec<IpNet>) -> Self {
        Self { of_settings: of_settings.into(), listed: Arc::default() }
    }

    /// Replaces the list. It applies to the next request of each client.
    pub fn replace_listed(&self, networks: Vec<IpNet>) {
        *self.listed.write() = networks;
    }

    /// Returns whether an address is in a blocked network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let is_in = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
        is_in(&self.of_settings) || is_in(&self.listed.read())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_networks_add_to_those_of_the_settings() {
        let networks =
            |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpNet>>();
        let blocked = BlockedNetworks::new(networks(&["192.0.2.0/24"]));
        let is_blocked = |text: &str| blocked.contains(text.parse().unwrap());
        assert!(is_blocked("192.0.2.1") && is_blocked("::ffff:192.0.2.1") && !is_blocked("2001:db8::1"));
        blocked.clone().replace_listed(networks(&["2001:db8::/32"]));
        assert!(is_blocked("192.0.2.1") && is_blocked("2001:db8::1"));
        blocked.replace_listed(Vec::new());
        assert!(is_blocked("192.0.2.1") && !is_blocked("2001:db8::1"));
    }
}
