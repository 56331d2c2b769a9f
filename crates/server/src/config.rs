//! The configuration: defaults, then a TOML file, then the environment, then flags.
//!
//! [`values`] describes every setting. A value is a text with an origin until all layers are merged;
//! then `clap` parses all of them, so an invalid value gives the same error message in every layer.

use std::{ffi::OsString, fmt, path::PathBuf};

mod error;
mod flags;
mod form;
mod key;
mod layers;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use error::ConfigError;
pub(crate) use flags::Flags;
pub(crate) use key::ConfigKey;
pub(crate) use layers::CONFIG_VARIABLE;

use caunoi_cache::CacheConfig;
use caunoi_domain::quota::WriteLimits;
use caunoi_domain::rate_limit::RateLimits;
use caunoi_graphql::execution::{CostLimits, ExecutionLimits, SubscriptionLimits};
use caunoi_texts::OperatorText;

use self::{layers::Layers, values::ConfigValues};
use crate::{
    Settings, connection_url,
    http::{Limits, TlsFiles, TrustedProxies},
    identity::{Auth, Issuer, KeyLocation, read_issuers},
    logging::{LogFilter, LogFormat},
    refusals::RefusalKeeping,
};

const MIB: usize = 1_024 * 1_024;

/// The environment variables of the process.
pub(crate) type Environment = Vec<(OsString, OsString)>;

/// All values, validated, with their origins.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    /// URL of the OpenTelemetry collector; None: spans are not exported.
    pub(crate) otlp_endpoint: Option<String>,
    pub(crate) log: LogFilter,
    pub(crate) log_format: LogFormat,
    layers: Layers,
}

impl Config {
    /// Merges the layers and parses every value. `file` is the TOML file that a flag names.
    ///
    /// # Errors
    /// Returns the first key that is unknown, invalid or without the key that it requires.
    pub(crate) fn resolve(
        file: Option<PathBuf>,
        flags: Flags,
        environment: Environment,
    ) -> Result<Self, ConfigError> {
        let layers = Layers::merge(file, flags, environment)?;
        let values = ConfigValues::parse(&layers)?;
        let (execution_limits, write_limits) = (execution_limits(&values), write_limits(&values));
        let single = issuer(values.auth_issuer, values.auth_keys, &layers)?;
        let issuers = issuers(single, values.auth_issuers, &layers)?;
        let settings = Settings {
            listen: values.listen,
            metrics_listen: values.metrics_listen,
            tls: tls_files(values.tls_certificate, values.tls_key, &layers)?,
            data_dir: values.data_dir,
            database_url: values.database_url,
            redis_url: values.redis_url,
            response_cache: CacheConfig {
                bytes: u64::from(values.cache_mb) * MIB as u64,
                ..CacheConfig::default()
            },
            auth: Auth { issuers, audience: values.auth_audience, key_file: values.auth_key_file },
            allowed_origins: values.allowed_origins,
            trusted_proxies: TrustedProxies {
                networks: values.trusted_proxies,
                header: values.forwarded_header,
            },
            blocked_networks: values.blocked_networks,
            address_log: values.address_log,
            refusals: RefusalKeeping { days: values.refusal_days, ..RefusalKeeping::default() },
            trusted_documents: values.trusted_documents,
            trusted_documents_only: values.trusted_documents_only,
            traces_documents: values.otlp_documents,
            limits: Limits {
                connections: values.connections,
                connections_per_address: values.connections_per_address,
                ..Limits::default()
            },
            secret_key: values.secret_key,
            write_limits,
            webhook_allow_loopback: values.webhook_allow_loopback,
            execution_limits,
            ..Settings::default()
        };
        Ok(Self {
            settings,
            otlp_endpoint: values.otlp_endpoint,
            log: values.log,
            log_format: values.log_format,
            layers,
        })
    }
}

/// Returns the limits of operations.
fn execution_limits(values: &ConfigValues) -> ExecutionLimits {
    ExecutionLimits {
        cost: CostLimits {
            public: values.cost_limit,
            province: values.cost_limit_province,
            ministry: values.cost_limit_ministry,
        },
        response_bytes: usize::from(values.answer_mb.get()) * MIB,
        subscriptions: SubscriptionLimits {
            count: values.subscriptions_per_address,
            cost: values.subscription_cost_per_address,
        },
        operations: values.operations.unwrap_or(ExecutionLimits::default().operations),
        rates: RateLimits {
            public: values.rate_limit,
            partner: values.rate_limit_partner,
            province: values.rate_limit_province,
            ministry: values.rate_limit_ministry,
        },
        ..ExecutionLimits::default()
    }
}

/// Returns the quotas of writers.
fn write_limits(values: &ConfigValues) -> WriteLimits {
    WriteLimits {
        drafts_per_hour: values.drafts_per_hour,
        changes_per_hour: values.changes_per_hour,
        ministry_writes_per_hour: values.ministry_writes_per_hour,
        province_bytes_per_day: u64::from(values.province_mb_per_day) * MIB as u64,
        upload_bytes_per_day: u64::from(values.uploads_mb_per_day) * MIB as u64,
    }
}

/// Writes the table that `caunoi config` prints.
impl fmt::Display for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["key", "value", "origin"].map(str::to_owned);
        let keys = ConfigKey::all().map(|key| row(&self.layers, key));
        let rows: Vec<[String; 3]> = [header].into_iter().chain(keys).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let (keys, values) = (width(0).unwrap_or_default(), width(1).unwrap_or_default());
        for [key, value, origin] in &rows {
            writeln!(formatter, "{key:keys$}  {value:values$}  {origin}")?;
        }
        Ok(())
    }
}

fn row(layers: &Layers, key: ConfigKey) -> [String; 3] {
    let (value, origin) = match layers.get(key) {
        Some((_, origin)) if key.name() == "secret_key" => ("***".to_owned(), origin),
        Some((text, origin)) if key.is_secret() => (connection_url::mask_passwords(text), origin),
        Some((text, origin)) => (text.to_owned(), origin),
        None => ("none".to_owned(), "default"),
    };
    [key.name().to_owned(), value, origin.to_owned()]
}

/// Returns the issuer of `auth_issuer` and `auth_keys`.
fn issuer(
    name: Option<String>,
    keys: Option<String>,
    layers: &Layers,
) -> Result<Option<Issuer>, ConfigError> {
    match (name, keys) {
        (Some(name), Some(keys)) => {
            let keys = KeyLocation::read(&keys, &name).map_err(|why| invalid("auth_keys", why, layers))?;
            Ok(Some(Issuer::new(name, keys)))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("auth_issuer", "auth_keys", layers)),
        (None, Some(_)) => Err(half("auth_keys", "auth_issuer", layers)),
    }
}

/// Returns the files of `tls_certificate` and `tls_key`.
fn tls_files(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    layers: &Layers,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("tls_certificate", "tls_key", layers)),
        (None, Some(_)) => Err(half("tls_key", "tls_certificate", layers)),
    }
}

/// Returns the error of a setting without the one that it requires.
fn half(given: &str, missing: &str, layers: &Layers) -> ConfigError {
    let (origin, missing) = (layers.origin(given), missing.to_owned());
    OperatorText::HalfSet { given: given.to_owned(), origin, missing }.into()
}

/// Returns the issuers: one, or those of the file `auth_issuers`.
fn issuers(
    single: Option<Issuer>,
    file: Option<PathBuf>,
    layers: &Layers,
) -> Result<Vec<Issuer>, ConfigError> {
    match (single, file) {
        (Some(_), Some(_)) => {
            Err(OperatorText::SetTwice { one: "auth_issuer".to_owned(), other: "auth_issuers".to_owned() }
                .into())
        }
        (single, None) => Ok(single.into_iter().collect()),
        (None, Some(path)) => Ok(read_issuers(&path).map_err(|why| invalid("auth_issuers", why, layers))?),
    }
}

fn invalid(key: &str, why: OperatorText, layers: &Layers) -> ConfigError {
    OperatorText::ValueInvalid { key: key.to_owned(), origin: layers.origin(key), why: Box::new(why) }.into()
}
