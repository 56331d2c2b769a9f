//! How the networks of clients are kept in log lines and counts of refusals.

use std::{net::IpAddr, sync::Arc};

use caunoi_domain::{clock::Clock, cursor::InstallationKey};
use data_encoding::HEXLOWER;

use crate::http::client_network;

/// The form in which the network of a client is kept: its IPv4 address, or its IPv6 /64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressLog {
    /// As a code that cannot be computed without the secret of the register and that changes every
    /// day, the same on all nodes.
    #[default]
    Hashed,
    /// As it is.
    Full,
    /// Not at all.
    None,
}

/// The purpose of the key of the codes.
const PURPOSE: &[u8] = b"client networks in logs";
/// Bytes of a code.
const CODE_BYTES: usize = 8;

/// Makes the labels of networks.
#[derive(Clone)]
pub(crate) struct AddressLabels {
    form: AddressLog,
    key: InstallationKey,
    clock: Arc<dyn Clock>,
}

impl AddressLabels {
    /// Creates the labels of a register with this key.
    pub(crate) fn new(form: AddressLog, key: InstallationKey, clock: Arc<dyn Clock>) -> Self {
        Self { form, key, clock }
    }

    /// Returns the label of the network of an address: `net:3f9c2a7d1b0e4c55`, `192.0.2.7`,
    /// `2001:db8::/64`; None if networks are not kept.
    pub(crate) fn label(&self, address: IpAddr) -> Option<String> {
        let network = client_network(address);
        match (self.form, network) {
            (AddressLog::None, _) => None,
            (AddressLog::Full, IpAddr::V4(address)) => Some(address.to_string()),
            (AddressLog::Full, IpAddr::V6(address)) => Some(format!("{address}/64")),
            (AddressLog::Hashed, network) => {
                let day = self.clock.today().to_string();
                let text = network.to_string();
                let code = self.key.derive_key(&[PURPOSE, day.as_bytes(), b" ", text.as_bytes()].concat());
                Some(format!("net:{}", HEXLOWER.encode(&code[..CODE_BYTES])))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const DAY_US: i64 = 24 * 3_600_000_000;

    #[derive(Default)]
    struct HandClock(AtomicI64);

    impl Clock for HandClock {
        fn now_us(&self) -> i64 {
            self.0.load(Ordering::Relaxed)
        }
    }

    fn labels(form: AddressLog, secret: u8, clock: &Arc<HandClock>) -> AddressLabels {
        AddressLabels::new(form, InstallationKey::new([secret; 32]), Arc::clone(clock) as Arc<dyn Clock>)
    }

    #[test]
    fn code_changes_with_network_day_and_secret_only() {
        let clock = Arc::new(HandClock::default());
        let [one, other] = [1, 2].map(|secret| labels(AddressLog::Hashed, secret, &clock));
        let label = |labels: &AddressLabels, text: &str| labels.label(text.parse().unwrap()).unwrap();
        let first = label(&one, "192.0.2.7");
        assert!(first.starts_with("net:") && first.len() == 20, "{first}");
        assert_eq!(label(&one, "::ffff:192.0.2.7"), first);
        assert_ne!(label(&one, "192.0.2.8"), first);
        assert_ne!(label(&other, "192.0.2.7"), first);
        assert_eq!(label(&one, "2001:db8::1"), label(&one, "2001:db8::ffff"));
        clock.0.store(DAY_US, Ordering::Relaxed);
        assert_ne!(label(&one, "192.0.2.7"), first);
    }

    #[test]
    fn network_is_kept_as_the_setting_says() {
        let clock = Arc::new(HandClock::default());
        let label = |form, text: &str| labels(form, 1, &clock).label(text.parse().unwrap());
        assert_eq!(label(AddressLog::Full, "192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(label(AddressLog::Full, "2001:db8::1").as_deref(), Some("2001:db8::/64"));
        assert_eq!(label(AddressLog::None, "192.0.2.7"), None);
    }
}
