//! Unchecked input of the steward for access rules.

use super::api_key::{
    ApiKey, ApiKeyRole, ApiKeyScope, KeyHash, LONGEST_LIFE_US, MOST_NETWORKS, is_reserved_name,
};
use super::blocked_network::BlockedNetwork;
use super::network;
use super::revocation::Revocation;
use crate::directory::Directory;
use crate::id::Log;
use crate::policy::{Actor, Role};
use crate::text::{is_actor_name, is_unsafe};
use crate::validation::{
    Format, InvalidReason, Reason, ReferenceKind, ValidationError, ValidationErrors, parse_text,
};
use chrono::{DateTime, SecondsFormat, Utc};
use ipnet::IpNet;
use std::net::IpAddr;

/// The lengths of the name of a machine in characters.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=60;
/// The maximum length of a reason in characters.
const LONGEST_REASON: usize = 500;
/// The maximum length of an issuer or a token id in characters.
const LONGEST_CLAIM: usize = 500;

/// Input for a new API key.
#[derive(Debug, Clone)]
pub struct ApiKeyDraft {
    /// The name of the machine.
    pub name: String,
    /// The role.
    pub role: ApiKeyRole,
    /// The slug or name of the province, or blank.
    pub province: String,
    /// The scopes.
    pub scopes: Vec<ApiKeyScope>,
    /// The networks in CIDR notation.
    pub networks: Vec<String>,
    /// The expiry in RFC 3339.
    pub expires_at: String,
}

/// Input for a revocation.
#[derive(Debug, Clone, Default)]
pub struct RevocationDraft {
    /// The claim `sub` or the name of the author, or blank.
    pub subject: String,
    /// The claim `jti`, or blank.
    pub token_id: String,
    /// A time in RFC 3339, or blank.
    pub issued_before: String,
    /// The claim `iss`, or blank for every issuer.
    pub issuer: String,
    /// The reason.
    pub reason: String,
    /// Whether the steward's own access may be revoked.
    pub force: bool,
}

/// Input for a blocked network.
#[derive(Debug, Clone, Default)]
pub struct BlockedNetworkDraft {
    /// The network in CIDR notation.
    pub network: String,
    /// The time at which the block ends in RFC 3339, or blank.
    pub until: String,
    /// The reason.
    pub reason: String,
    /// Whether the steward's own network may be blocked.
    pub force: bool,
}

impl ApiKeyDraft {
    /// Checks every field. `hash` is that of the secret of the key.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        now_us: i64,
        hash: KeyHash,
    ) -> Result<ApiKey, Vec<ValidationError>> {
        let mut problems = ValidationErrors::default();
        let name = problems.take("name", machine_name(&self.name));
        let province = problems.take("province", self.province(directory));
        if self.scopes.is_empty() {
            problems.note("scopes", Reason::Required);
        }
        let networks = self.networks(&mut problems);
        let longest = now_us.saturating_add(LONGEST_LIFE_US);
        let expires_at_us = problems.take("expiresAt", instant_within(&self.expires_at, now_us, longest));
        let parsed = name.zip(province).zip(expires_at_us);
        problems.settle(parsed.map(|((name, province), expires_at_us)| ApiKey {
            name,
            role: self.role,
            province,
            may_write: self.scopes.contains(&ApiKeyScope::Write),
            networks,
            expires_at_us,
            hash,
        }))
    }

    fn province(&self, directory: &Directory) -> Result<Option<Log>, Reason> {
        let given = self.province.trim();
        let role = Role::from(self.role);
        match (role.is_provincial(), given.is_empty()) {
            (true, true) => Err(InvalidReason::RoleWithoutProvince { role: role.into() }.into()),
            (false, false) => Err(InvalidReason::RoleWithProvince { role: role.into() }.into()),
            (false, true) => Ok(None),
            (true, false) => {
                let slug = directory.require_unit_slug(ReferenceKind::Province, given)?;
                let unit = directory.units_by_slug(slug).first().copied();
                let province = unit.and_then(|unit| directory.province_of(unit));
                let unknown = || Reason::unknown(ReferenceKind::Province, given);
                province.map(|province| Some(province.log)).ok_or_else(unknown)
            }
        }
    }

    fn networks(&self, problems: &mut ValidationErrors) -> Vec<IpNet> {
        if self.networks.len() > MOST_NETWORKS {
            let given = self.networks.len();
            problems.note("networks", Reason::TooMany { most: MOST_NETWORKS, given });
            return Vec::new();
        }
        let parse = |(index, given): (usize, &String)| {
            problems.take(&format!("networks.{index}"), network::parse(given))
        };
        self.networks.iter().enumerate().filter_map(parse).collect()
    }
}

impl RevocationDraft {
    /// Checks every field. `id` is that of the new revocation, `actor` the steward who writes it.
    ///
    /// # Errors
    /// All errors, each with its path; among them `OwnAccess` if it would lock the steward out.
    pub fn parse(&self, id: String, actor: &Actor, now_us: i64) -> Result<Revocation, Vec<ValidationError>> {
        let mut problems = ValidationErrors::default();
        let subject = problems.take("subject", optional(&self.subject, subject));
        let token_id = problems.take("tokenId", optional(&self.token_id, claim));
        let issuer = problems.take("issuer", optional(&self.issuer, claim));
        let before = |text: &str| instant_within(text, 0, now_us);
        let issued_before_us = problems.take("issuedBefore", optional(&self.issued_before, before));
        let reason = problems.take("reason", parse_text(&self.reason, LONGEST_REASON));
        if [&self.subject, &self.token_id, &self.issued_before].iter().all(|text| text.trim().is_empty()) {
            problems.note("subject", Reason::Required);
        }
        let is_own = subject.iter().flatten().any(|subject| subject == actor.name());
        // A time alone, or with a name, leaves the way of a new token.
        if is_own && !self.force && self.issued_before.trim().is_empty() && self.token_id.trim().is_empty() {
            problems.note("subject", InvalidReason::OwnAccess.into());
        }
        let parsed = subject.zip(token_id).zip(issuer).zip(issued_before_us).zip(reason);
        problems.settle(parsed.map(|((((subject, token_id), issuer), issued_before_us), reason)| {
            Revocation { id, subject, token_id, issued_before_us, issuer, reason }
        }))
    }
}

impl BlockedNetworkDraft {
    /// Checks every field. `own` is the network from which the steward writes.
    ///
    /// # Errors
    /// All errors, each with its path; among them `OwnNetwork` if it would lock the steward out, and
    /// `LoopbackNetwork` if it would lock this machine out.
    pub fn parse(&self, own: Option<IpNet>, now_us: i64) -> Result<BlockedNetwork, Vec<ValidationError>> {
        let mut problems = ValidationErrors::default();
        let network = problems.take("network", self.network(own));
        let until = |text: &str| instant_within(text, now_us, i64::MAX);
        let until_us = problems.take("until", optional(&self.until, until));
        let reason = problems.take("reason", parse_text(&self.reason, LONGEST_REASON));
        let parsed = network.zip(until_us).zip(reason);
        problems.settle(parsed.map(|((network, until_us), reason)| BlockedNetwork {
            network,
            until_us,
            reason,
        }))
    }

    fn network(&self, own: Option<IpNet>) -> Result<IpNet, Reason> {
        let network = network::parse(&self.network)?;
        if network::has_loopback(&network) {
            return Err(InvalidReason::LoopbackNetwork.into());
        }
        if !self.force && own.is_some_and(|own| network::overlaps(&own, &network)) {
            return Err(InvalidReason::OwnNetwork.into());
        }
        Ok(network)
    }
}

/// Returns the network of a client address: the address itself, for IPv6 its /64.
#[must_use]
pub fn client_network(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    let network = IpNet::from(address);
    if address.is_ipv6() { IpNet::new(address, 64).map_or(network, |wide| wide.trunc()) } else { network }
}

/// Parses the reason for the end of a rule; None if it is blank.
///
/// # Errors
/// `TooLong` above the limit, `Invalid` for control characters.
pub fn parse_end_reason(raw: &str) -> Result<Option<String>, Reason> {
    optional(raw, |raw| parse_text(raw, LONGEST_REASON))
}

/// Parses a text that may be blank.
fn optional<T>(raw: &str, parse: impl FnOnce(&str) -> Result<T, Reason>) -> Result<Option<T>, Reason> {
    if raw.trim().is_empty() { Ok(None) } else { parse(raw.trim()).map(Some) }
}

/// Parses the name of a machine: ASCII only, so that no two names look alike.
fn machine_name(raw: &str) -> Result<String, Reason> {
    if raw.trim().is_empty() {
        return Err(Reason::Required);
    }
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if NAME_CHARS.contains(&raw.chars().count()) && raw.chars().all(is_allowed) {
        Ok(raw.to_owned())
    } else {
        Err(Reason::malformed(Format::MachineName, raw))
    }
}

fn subject(raw: &str) -> Result<String, Reason> {
    if is_reserved_name(raw) {
        return Err(InvalidReason::SubjectIsKey.into());
    }
    if is_actor_name(raw) { Ok(raw.to_owned()) } else { Err(InvalidReason::ActorName.into()) }
}

fn claim(raw: &str) -> Result<String, Reason> {
    let given = raw.chars().count();
    if given > LONGEST_CLAIM {
        return Err(Reason::TooLong { most: LONGEST_CLAIM, given });
    }
    if raw.chars().any(is_unsafe) { Err(InvalidReason::ControlCharacters.into()) } else { Ok(raw.to_owned()) }
}

/// Parses a time in RFC 3339 after `first_us` and not after `last_us`.
fn instant_within(raw: &str, first_us: i64, last_us: i64) -> Result<i64, Reason> {
    if raw.trim().is_empty() {
        return Err(Reason::Required);
    }
    let parsed = DateTime::parse_from_rfc3339(raw.trim());
    let at_us = parsed.map_err(|_| Reason::malformed(Format::Instant, raw))?.timestamp_micros();
    if at_us <= first_us {
        return Err(InvalidReason::TimeTooEarly { after: rfc3339(first_us) }.into());
    }
    if at_us > last_us {
        return Err(InvalidReason::TimeTooLate { until: rfc3339(last_us) }.into());
    }
    Ok(at_us)
}

fn rfc3339(at_us: i64) -> String {
    let instant = DateTime::<Utc>::from_timestamp_micros(at_us).unwrap_or_default();
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
