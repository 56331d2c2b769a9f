//! The forms of values. A refusal names the form and never quotes a secret.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU16,
    str::FromStr,
};

use caunoi_texts::OperatorText;
use ipnet::IpNet;
use url::Url;

use super::ConfigError;
use crate::{
    AddressLog, connection_url,
    http::ForwardedHeader,
    logging::{LogFilter, LogFormat},
    secret_keys::SecretKeys,
};

pub(super) fn address(given: &str) -> Result<SocketAddr, ConfigError> {
    parse(given, |given| OperatorText::NotAnAddress { given })
}

pub(super) fn whole_number<T: FromStr>(given: &str) -> Result<T, ConfigError> {
    parse(given, |given| OperatorText::NotAWholeNumber { given })
}

/// Checks the form of the keys; the error does not quote them.
pub(super) fn secret_keys(given: &str) -> Result<String, ConfigError> {
    SecretKeys::parse(given).map(|_| given.to_owned()).map_err(ConfigError::from)
}

pub(super) fn up_to_65535(given: &str) -> Result<NonZeroU16, ConfigError> {
    parse(given, |given| OperatorText::NotUpTo65535 { given })
}

pub(super) fn boolean(given: &str) -> Result<bool, ConfigError> {
    parse(given, |given| OperatorText::NotBoolean { given })
}

pub(super) fn log_level(given: &str) -> Result<LogFilter, ConfigError> {
    parse(given, |given| OperatorText::NotALogLevel { given })
}

pub(super) fn log_format(given: &str) -> Result<LogFormat, ConfigError> {
    parse(given, |given| OperatorText::NotALogFormat { given })
}

fn parse<T: FromStr>(given: &str, explain: fn(String) -> OperatorText) -> Result<T, ConfigError> {
    given.parse().map_err(|_| explain(given.to_owned()).into())
}

pub(super) fn postgres_url(given: &str) -> Result<String, ConfigError> {
    url(given, &["postgres", "postgresql"])
}

pub(super) fn redis_url(given: &str) -> Result<String, ConfigError> {
    url(given, &["redis", "rediss"])
}

pub(super) fn http_url(given: &str) -> Result<String, ConfigError> {
    url(given, &["http"])
}

fn url(given: &str, schemes: &[&str]) -> Result<String, ConfigError> {
    connection_url::check_scheme(given, schemes)?;
    Ok(given.to_owned())
}

/// Parses a network in CIDR notation or an address. Bits after the prefix are refused, because the
/// network would be larger than it looks.
pub(super) fn network(given: &str) -> Result<IpNet, ConfigError> {
    let text = given.trim();
    let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    // Client addresses are canonical: a network of IPv4 addresses in IPv6 would match none.
    let is_canonical = |network: &IpNet| network.trunc() == *network && !is_mapped(network);
    network.filter(is_canonical).ok_or_else(|| OperatorText::NotANetwork { given: text.to_owned() }.into())
}

fn is_mapped(network: &IpNet) -> bool {
    network.prefix_len() >= 96 && network.addr().to_canonical() != network.addr()
}

pub(super) fn address_log(given: &str) -> Result<AddressLog, ConfigError> {
    match given {
        "hashed" => Ok(AddressLog::Hashed),
        "full" => Ok(AddressLog::Full),
        "none" => Ok(AddressLog::None),
        _ => Err(OperatorText::NotAnAddressLog { given: given.to_owned() }.into()),
    }
}

pub(super) fn forwarded_header(given: &str) -> Result<ForwardedHeader, ConfigError> {
    match given {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        _ => Err(OperatorText::NotAForwardedHeader { given: given.to_owned() }.into()),
    }
}

/// Parses an origin. It must be in the form that browsers send, because origins are compared as
/// strings.
pub(super) fn web_site(given: &str) -> Result<String, ConfigError> {
    let site = given.trim().to_owned();
    match Url::parse(&site) {
        Ok(url) if url.has_host() && url.origin().ascii_serialization() == site => Ok(site),
        Ok(_) | Err(_) => Err(OperatorText::NotAWebSite { given: site }.into()),
    }
}
