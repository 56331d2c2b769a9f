//! The access state of a node: the rules that decide about a request without SQL.

use crate::access::AccessRule;
use crate::access::api_key::{ApiKey, KeyHash};
use crate::access::revocation::Revocation;
use ipnet::IpNet;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

/// The claims of a token that revocations name.
#[derive(Debug, Clone, Copy)]
pub struct TokenIdentity<'a> {
    /// The claim `iss`.
    pub issuer: &'a str,
    /// The claim `sub`.
    pub subject: Option<&'a str>,
    /// The name in the log of changes.
    pub author: &'a str,
    /// The claim `jti`.
    pub token_id: Option<&'a str>,
    /// The claim `iat`, in microseconds since 1970.
    pub issued_at_us: Option<i64>,
}

impl<'a> TokenIdentity<'a> {
    /// Returns the names under which a revocation finds the person of the token.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        [Some(self.author), self.subject].into_iter().flatten()
    }
}

/// The access rules that have not ended, by what a request shows. Each decision takes a few look-ups
/// in hash maps, however many rules there are.
#[derive(Debug, Clone, Default)]
pub struct AccessState {
    keys: HashMap<KeyHash, ApiKey>,
    /// The revocations of one token or person, by the claim that they name.
    named_revocations: HashMap<String, Vec<Revocation>>,
    /// Those that name a time only.
    general_revocations: Vec<Revocation>,
    /// The blocked networks, each with the time at which the block ends.
    blocked: HashMap<IpNet, Option<i64>>,
    /// The lengths of the prefixes of blocked networks; IPv6 after IPv4.
    prefixes: BTreeSet<(bool, u8)>,
}

impl AccessState {
    /// Returns the state with these rules.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = AccessRule>) -> Self {
        let mut state = Self::default();
        for rule in rules {
            match rule {
                AccessRule::ApiKey(key) => drop(state.keys.insert(key.hash, key)),
                AccessRule::Revocation(revocation) => state.add_revocation(revocation),
                AccessRule::BlockedNetwork(blocked) => {
                    let network = blocked.network;
                    state.prefixes.insert((network.addr().is_ipv6(), network.prefix_len()));
                    state.blocked.insert(network, blocked.until_us);
                }
            }
        }
        state
    }

    fn add_revocation(&mut self, revocation: Revocation) {
        match revocation.token_id.as_ref().or(revocation.subject.as_ref()) {
            Some(name) => self.named_revocations.entry(name.clone()).or_default().push(revocation),
            None => self.general_revocations.push(revocation),
        }
    }

    /// Returns the key whose secret has this hash; it may have expired.
    #[must_use]
    pub fn find_key(&self, hash: &KeyHash) -> Option<&ApiKey> {
        self.keys.get(hash)
    }

    /// Returns whether a token is revoked.
    #[must_use]
    pub fn revokes(&self, token: &TokenIdentity<'_>) -> bool {
        let names = token.names().chain(token.token_id);
        let specific = names.filter_map(|name| self.named_revocations.get(name)).flatten();
        specific.chain(&self.general_revocations).any(|revocation| revocation.covers(token))
    }

    /// Returns whether requests from an address are refused now.
    #[must_use]
    pub fn blocks(&self, address: IpAddr, now_us: i64) -> bool {
        let address = address.to_canonical();
        let of_family = self.prefixes.iter().filter(|(is_ipv6, _)| *is_ipv6 == address.is_ipv6());
        let mut networks =
            of_family.filter_map(|(_, length)| Some(IpNet::new(address, *length).ok()?.trunc()));
        networks.any(|network| {
            self.blocked.get(&network).is_some_and(|until_us| until_us.is_none_or(|until| now_us < until))
        })
    }
}
