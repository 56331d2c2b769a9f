//! The one configuration: defaults, then a TOML file, then the environment, then flags.
//!
//! Every value is a text with an origin until all layers are laid; then each is parsed once, so
//! whatever is wrong is told in the same words wherever it stands.

use std::{ffi::OsString, fmt, net::SocketAddr, num::NonZeroU16, path::PathBuf, str::FromStr};

mod flaw;
mod key;
mod layers;
mod origin;
#[cfg(test)]
mod tests;

pub(crate) use flaw::Flaw;
pub(crate) use key::Key;
pub(crate) use layers::CONFIG_VARIABLE;

use caunoi_cache::Keeping;
use caunoi_graphql::answer::{Bounds, CostLimits, SubscriptionBounds};
use url::Url;

use self::{layers::Layers, origin::Origin};
use crate::{
    Settings,
    http::Limits,
    identity::{Auth, Issuer},
    location,
    logging::{Filter, Format},
};

const MIB: u64 = 1_024 * 1_024;

/// The environment of the process, as the system gives it.
pub(crate) type Environment = Vec<(OsString, OsString)>;

/// What the command line says; the last word on each key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    /// The TOML file.
    pub(crate) config: Option<PathBuf>,
    /// Each key that was given, as it was written.
    pub(crate) given: Vec<(Key, String)>,
}

/// Every value, checked, and where it came from.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    /// Where spans are sent.
    pub(crate) otlp_endpoint: Option<String>,
    pub(crate) log: Filter,
    pub(crate) log_format: Format,
    layers: Layers,
}

impl Config {
    /// Lays the layers over each other and checks what comes out.
    pub(crate) fn resolve(flags: Flags, environment: Environment) -> Result<Self, Flaw> {
        let layers = Layers::lay(flags, environment)?;
        let settings = Settings {
            listen: address(&layers, Key::Listen)?.ok_or(Flaw::Missing { key: Key::Listen.name() })?,
            metrics_listen: address(&layers, Key::MetricsListen)?,
            data_dir: required(&layers, Key::DataDir)?.0.into(),
            database_url: url(&layers, Key::DatabaseUrl, &["postgres", "postgresql"])?,
            redis_url: url(&layers, Key::RedisUrl, &["redis", "rediss"])?,
            keeping: Keeping {
                bytes: u64::from(parse::<u32>(&layers, Key::CacheMb, |_| "not a whole number")?) * MIB,
                ..Keeping::default()
            },
            auth: auth(&layers)?,
            allowed_origins: origins(&layers)?,
            limits: Limits {
                connections: parse(&layers, Key::Connections, |_| "not a whole number")?,
                connections_per_address: parse(
                    &layers,
                    Key::ConnectionsPerAddress,
                    |_| "not a whole number",
                )?,
                ..Limits::default()
            },
            webhook_allow_loopback: parse(&layers, Key::WebhookAllowLoopback, |_| "neither true nor false")?,
            bounds: Bounds {
                cost: CostLimits {
                    public: parse(&layers, Key::CostLimit, |_| "not a whole number")?,
                    province: parse(&layers, Key::CostLimitProvince, |_| "not a whole number")?,
                    ministry: parse(&layers, Key::CostLimitMinistry, |_| "not a whole number")?,
                },
                answer_bytes: answer_bytes(&layers)?,
                subscriptions: SubscriptionBounds {
                    count: parse(&layers, Key::SubscriptionsPerAddress, |_| "not a whole number")?,
                    cost: parse(&layers, Key::SubscriptionCostPerAddress, |_| "not a whole number")?,
                },
                ..Bounds::default()
            },
            ..Settings::default()
        };
        Ok(Self {
            settings,
            otlp_endpoint: url(&layers, Key::OtlpEndpoint, &["http"])?,
            log: parse(&layers, Key::Log, |why| why)?,
            log_format: parse(&layers, Key::LogFormat, |why| why)?,
            layers,
        })
    }
}

/// The table that `caunoi config` prints.
impl fmt::Display for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 3]> = Key::ALL.into_iter().map(|key| row(&self.layers, key)).collect();
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

fn row(layers: &Layers, key: Key) -> [String; 3] {
    let (value, origin) = match layers.of(key) {
        Some((text, origin)) if key.is_secret() => (location::masked(text), origin),
        Some((text, origin)) => (text.to_owned(), origin),
        None => ("none".to_owned(), &Origin::Default),
    };
    [key.name().to_owned(), value, origin.to_string()]
}

fn required(layers: &Layers, key: Key) -> Result<(&str, &Origin), Flaw> {
    layers.of(key).ok_or(Flaw::Missing { key: key.name() })
}

fn parse<T: FromStr>(layers: &Layers, key: Key, explain: impl Fn(T::Err) -> &'static str) -> Result<T, Flaw> {
    let (text, origin) = required(layers, key)?;
    text.parse().map_err(|why| Flaw::Value {
        key: key.name(),
        origin: origin.clone(),
        why: format!("{text:?} is {}", explain(why)),
    })
}

/// The most bytes of an answer: at least as many as introspection takes.
fn answer_bytes(layers: &Layers) -> Result<usize, Flaw> {
    let mib: NonZeroU16 = parse(layers, Key::AnswerMb, |_| "not a whole number from 1 to 65535")?;
    Ok(usize::from(mib.get()) * 1_024 * 1_024)
}

fn address(layers: &Layers, key: Key) -> Result<Option<SocketAddr>, Flaw> {
    let explain = |_| "not an address and a port like 127.0.0.1:8080 or [::]:8080";
    layers.of(key).map(|_| parse(layers, key, explain)).transpose()
}

fn auth(layers: &Layers) -> Result<Auth, Flaw> {
    let half = |given: Key, origin: &Origin, missing: Key| Flaw::Half {
        given: given.name(),
        origin: origin.clone(),
        missing: missing.name(),
    };
    let issuer = match (layers.of(Key::AuthIssuer), layers.of(Key::AuthKeys)) {
        (Some((name, _)), Some((keys, _))) => Some(Issuer { name: name.to_owned(), keys: keys.into() }),
        (None, None) => None,
        (Some((_, origin)), None) => return Err(half(Key::AuthIssuer, origin, Key::AuthKeys)),
        (None, Some((_, origin))) => return Err(half(Key::AuthKeys, origin, Key::AuthIssuer)),
    };
    Ok(Auth {
        issuer,
        audience: required(layers, Key::AuthAudience)?.0.to_owned(),
        key_file: layers.of(Key::AuthKeyFile).map(|(path, _)| path.into()),
    })
}

fn url(layers: &Layers, key: Key, schemes: &[&str]) -> Result<Option<String>, Flaw> {
    let Some((text, origin)) = layers.of(key) else {
        return Ok(None);
    };
    location::check(text, schemes).map_err(|why| Flaw::Value {
        key: key.name(),
        origin: origin.clone(),
        why,
    })?;
    Ok(Some(text.to_owned()))
}

/// Web sites as browsers name them, between commas. Whatever is written otherwise would never match.
fn origins(layers: &Layers) -> Result<Vec<String>, Flaw> {
    let Some((text, origin)) = layers.of(Key::AllowedOrigins) else {
        return Ok(Vec::new());
    };
    let is_origin = |site: &str| {
        Url::parse(site).is_ok_and(|url| url.has_host() && url.origin().ascii_serialization() == site)
    };
    let check = |site: &str| {
        is_origin(site).then(|| site.to_owned()).ok_or_else(|| Flaw::Value {
            key: Key::AllowedOrigins.name(),
            origin: origin.clone(),
            why: format!("{site:?} is not a web site like https://example.vn, without a path"),
        })
    };
    text.split(',').map(|site| check(site.trim())).collect()
}
