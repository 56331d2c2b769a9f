//! The forms of values. A refusal names the form and never quotes a secret.

use std::{net::SocketAddr, num::NonZeroU16, str::FromStr};

use caunoi_texts::OperatorText;
use url::Url;

use super::ConfigError;
use crate::{
    connection_url,
    logging::{LogFilter, LogFormat},
};

pub(super) fn address(given: &str) -> Result<SocketAddr, ConfigError> {
    parse(given, |given| OperatorText::NotAnAddress { given })
}

pub(super) fn whole_number<T: FromStr>(given: &str) -> Result<T, ConfigError> {
    parse(given, |given| OperatorText::NotAWholeNumber { given })
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

/// Parses an origin. It must be in the form that browsers send, because origins are compared as
/// strings.
pub(super) fn web_site(given: &str) -> Result<String, ConfigError> {
    let site = given.trim().to_owned();
    match Url::parse(&site) {
        Ok(url) if url.has_host() && url.origin().ascii_serialization() == site => Ok(site),
        Ok(_) | Err(_) => Err(OperatorText::NotAWebSite { given: site }.into()),
    }
}
