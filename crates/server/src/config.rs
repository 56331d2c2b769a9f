//! The configuration: defaults, then a TOML file, then the environment, then flags.
//!
//! Every value is a string with an origin until all layers are merged; then each is parsed once, so
//! an invalid value gives the same error message in every layer.

use std::{ffi::OsString, fmt, net::SocketAddr, num::NonZeroU16, path::PathBuf, str::FromStr};

mod error;
mod key;
mod layers;
mod origin;
#[cfg(test)]
mod tests;

pub(crate) use error::ConfigError;
pub(crate) use key::ConfigKey;
pub(crate) use layers::CONFIG_VARIABLE;

use caunoi_cache::CacheConfig;
use caunoi_graphql::execution::{CostLimits, ExecutionLimits, SubscriptionLimits};
use caunoi_texts::OperatorText;
use url::Url;

use self::{layers::Layers, origin::ValueOrigin};
use crate::{
    Settings, connection_url,
    http::Limits,
    identity::{Auth, Issuer},
    logging::{LogFilter, LogFormat},
};

const MIB: u64 = 1_024 * 1_024;

/// The environment variables of the process.
pub(crate) type Environment = Vec<(OsString, OsString)>;

/// The values of the command line, which override all other layers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    /// Path of the TOML file.
    pub(crate) config: Option<PathBuf>,
    /// The given keys and their unparsed values.
    pub(crate) given: Vec<(ConfigKey, String)>,
}

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
    /// Merges the layers and parses every value.
    ///
    /// # Errors
    /// Returns the first key that is unknown, missing or invalid.
    pub(crate) fn resolve(flags: Flags, environment: Environment) -> Result<Self, ConfigError> {
        let layers = Layers::merge(flags, environment)?;
        let settings = Settings {
            listen: address(&layers, ConfigKey::Listen)?
                .ok_or(ConfigError::Missing { key: ConfigKey::Listen.name() })?,
            metrics_listen: address(&layers, ConfigKey::MetricsListen)?,
            data_dir: required(&layers, ConfigKey::DataDir)?.0.into(),
            database_url: url(&layers, ConfigKey::DatabaseUrl, &["postgres", "postgresql"])?,
            redis_url: url(&layers, ConfigKey::RedisUrl, &["redis", "rediss"])?,
            response_cache: CacheConfig {
                bytes: u64::from(parse::<u32>(&layers, ConfigKey::CacheMb, not_a_number)?) * MIB,
                ..CacheConfig::default()
            },
            auth: auth(&layers)?,
            allowed_origins: origins(&layers)?,
            limits: Limits {
                connections: parse(&layers, ConfigKey::Connections, not_a_number)?,
                connections_per_address: parse(&layers, ConfigKey::ConnectionsPerAddress, not_a_number)?,
                ..Limits::default()
            },
            webhook_allow_loopback: parse(&layers, ConfigKey::WebhookAllowLoopback, |given| {
                OperatorText::NotBoolean { given }
            })?,
            execution_limits: ExecutionLimits {
                cost: CostLimits {
                    public: parse(&layers, ConfigKey::CostLimit, not_a_number)?,
                    province: parse(&layers, ConfigKey::CostLimitProvince, not_a_number)?,
                    ministry: parse(&layers, ConfigKey::CostLimitMinistry, not_a_number)?,
                },
                response_bytes: response_bytes(&layers)?,
                subscriptions: SubscriptionLimits {
                    count: parse(&layers, ConfigKey::SubscriptionsPerAddress, not_a_number)?,
                    cost: parse(&layers, ConfigKey::SubscriptionCostPerAddress, not_a_number)?,
                },
                ..ExecutionLimits::default()
            },
            ..Settings::default()
        };
        Ok(Self {
            settings,
            otlp_endpoint: url(&layers, ConfigKey::OtlpEndpoint, &["http"])?,
            log: parse(&layers, ConfigKey::Log, |given| OperatorText::NotALogLevel { given })?,
            log_format: parse(&layers, ConfigKey::LogFormat, |given| OperatorText::NotALogFormat { given })?,
            layers,
        })
    }
}

/// Writes the table that `caunoi config` prints.
impl fmt::Display for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 3]> = ConfigKey::ALL.into_iter().map(|key| row(&self.layers, key)).collect();
        let header = ["key", "value", "origin"].map(str::to_owned);
        let width = |column: usize| {
            let cells = rows.iter().chain([&header]).map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let (keys, values) = (width(0), width(1));
        for [key, value, origin] in [&header].into_iter().chain(&rows) {
            writeln!(formatter, "{key:keys$}  {value:values$}  {origin}")?;
        }
        Ok(())
    }
}

fn row(layers: &Layers, key: ConfigKey) -> [String; 3] {
    let (value, origin) = match layers.get(key) {
        Some((text, origin)) if key.is_secret() => (connection_url::mask_passwords(text), origin),
        Some((text, origin)) => (text.to_owned(), origin),
        None => ("none".to_owned(), &ValueOrigin::Default),
    };
    [key.name().to_owned(), value, origin.to_string()]
}

fn required(layers: &Layers, key: ConfigKey) -> Result<(&str, &ValueOrigin), ConfigError> {
    layers.get(key).ok_or(ConfigError::Missing { key: key.name() })
}

fn not_a_number(given: String) -> OperatorText {
    OperatorText::NotAWholeNumber { given }
}

fn parse<T: FromStr>(
    layers: &Layers,
    key: ConfigKey,
    explain: impl Fn(String) -> OperatorText,
) -> Result<T, ConfigError> {
    let (text, origin) = required(layers, key)?;
    text.parse().map_err(|_| ConfigError::Value {
        key: key.name(),
        origin: origin.clone(),
        why: Box::new(explain(text.to_owned())),
    })
}

/// Returns the maximum size of a response in bytes, at least 1 MiB so that introspection fits.
fn response_bytes(layers: &Layers) -> Result<usize, ConfigError> {
    let mib: NonZeroU16 = parse(layers, ConfigKey::AnswerMb, |given| OperatorText::NotUpTo65535 { given })?;
    Ok(usize::from(mib.get()) * 1_024 * 1_024)
}

fn address(layers: &Layers, key: ConfigKey) -> Result<Option<SocketAddr>, ConfigError> {
    let explain = |given| OperatorText::NotAnAddress { given };
    layers.get(key).map(|_| parse(layers, key, explain)).transpose()
}

fn auth(layers: &Layers) -> Result<Auth, ConfigError> {
    let half = |given: ConfigKey, origin: &ValueOrigin, missing: ConfigKey| ConfigError::Half {
        given: given.name(),
        origin: origin.clone(),
        missing: missing.name(),
    };
    let issuer = match (layers.get(ConfigKey::AuthIssuer), layers.get(ConfigKey::AuthKeys)) {
        (Some((name, _)), Some((keys, _))) => Some(Issuer { name: name.to_owned(), keys: keys.into() }),
        (None, None) => None,
        (Some((_, origin)), None) => return Err(half(ConfigKey::AuthIssuer, origin, ConfigKey::AuthKeys)),
        (None, Some((_, origin))) => return Err(half(ConfigKey::AuthKeys, origin, ConfigKey::AuthIssuer)),
    };
    Ok(Auth {
        issuer,
        audience: required(layers, ConfigKey::AuthAudience)?.0.to_owned(),
        key_file: layers.get(ConfigKey::AuthKeyFile).map(|(path, _)| path.into()),
    })
}

fn url(layers: &Layers, key: ConfigKey, schemes: &[&str]) -> Result<Option<String>, ConfigError> {
    let Some((text, origin)) = layers.get(key) else {
        return Ok(None);
    };
    connection_url::check_scheme(text, schemes).map_err(|why| ConfigError::Value {
        key: key.name(),
        origin: origin.clone(),
        why: Box::new(why),
    })?;
    Ok(Some(text.to_owned()))
}

/// Parses a comma-separated list of origins. They must be in the form that browsers send, because
/// they are compared as strings.
fn origins(layers: &Layers) -> Result<Vec<String>, ConfigError> {
    let Some((text, origin)) = layers.get(ConfigKey::AllowedOrigins) else {
        return Ok(Vec::new());
    };
    let is_origin = |site: &str| {
        Url::parse(site).is_ok_and(|url| url.has_host() && url.origin().ascii_serialization() == site)
    };
    let check = |site: &str| {
        is_origin(site).then(|| site.to_owned()).ok_or_else(|| ConfigError::Value {
            key: ConfigKey::AllowedOrigins.name(),
            origin: origin.clone(),
            why: Box::new(OperatorText::NotAWebSite { given: site.to_owned() }),
        })
    };
    text.split(',').map(|site| check(site.trim())).collect()
}
