//! The keys of the configuration.

/// A key of the configuration; file, environment and command line use the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ConfigKey {
    Listen,
    MetricsListen,
    DataDir,
    DatabaseUrl,
    RedisUrl,
    CacheMb,
    AuthIssuer,
    AuthAudience,
    AuthKeys,
    AuthKeyFile,
    AllowedOrigins,
    CostLimit,
    CostLimitProvince,
    CostLimitMinistry,
    AnswerMb,
    Connections,
    ConnectionsPerAddress,
    SubscriptionsPerAddress,
    SubscriptionCostPerAddress,
    WebhookAllowLoopback,
    OtlpEndpoint,
    Log,
    LogFormat,
}

impl ConfigKey {
    pub(crate) const ALL: [Self; 23] = [
        Self::Listen,
        Self::MetricsListen,
        Self::DataDir,
        Self::DatabaseUrl,
        Self::RedisUrl,
        Self::CacheMb,
        Self::AuthIssuer,
        Self::AuthAudience,
        Self::AuthKeys,
        Self::AuthKeyFile,
        Self::AllowedOrigins,
        Self::CostLimit,
        Self::CostLimitProvince,
        Self::CostLimitMinistry,
        Self::AnswerMb,
        Self::Connections,
        Self::ConnectionsPerAddress,
        Self::SubscriptionsPerAddress,
        Self::SubscriptionCostPerAddress,
        Self::WebhookAllowLoopback,
        Self::OtlpEndpoint,
        Self::Log,
        Self::LogFormat,
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Returns the name in the TOML file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::MetricsListen => "metrics_listen",
            Self::DataDir => "data_dir",
            Self::DatabaseUrl => "database_url",
            Self::RedisUrl => "redis_url",
            Self::CacheMb => "cache_mb",
            Self::AuthIssuer => "auth_issuer",
            Self::AuthAudience => "auth_audience",
            Self::AuthKeys => "auth_keys",
            Self::AuthKeyFile => "auth_key_file",
            Self::AllowedOrigins => "allowed_origins",
            Self::CostLimit => "cost_limit",
            Self::CostLimitProvince => "cost_limit_province",
            Self::CostLimitMinistry => "cost_limit_ministry",
            Self::AnswerMb => "answer_mb",
            Self::Connections => "connections",
            Self::ConnectionsPerAddress => "connections_per_address",
            Self::SubscriptionsPerAddress => "subscriptions_per_address",
            Self::SubscriptionCostPerAddress => "subscription_cost_per_address",
            Self::WebhookAllowLoopback => "webhook_allow_loopback",
            Self::OtlpEndpoint => "otlp_endpoint",
            Self::Log => "log",
            Self::LogFormat => "log_format",
        }
    }

    /// Returns the name of the environment variable.
    pub(crate) fn variable(self) -> String {
        format!("CAUNOI_{}", self.name().to_ascii_uppercase())
    }

    /// Returns the variable that names a file containing the value; None unless the key is a
    /// secret.
    pub(crate) fn file_variable(self) -> Option<String> {
        self.is_secret().then(|| format!("{}_FILE", self.variable()))
    }

    /// Returns whether the value is a secret: it is masked in output and is not accepted as a flag,
    /// because other users of the machine can read command lines.
    pub(crate) fn is_secret(self) -> bool {
        match self {
            Self::DatabaseUrl | Self::RedisUrl => true,
            Self::Listen
            | Self::MetricsListen
            | Self::DataDir
            | Self::CacheMb
            | Self::AuthIssuer
            | Self::AuthAudience
            | Self::AuthKeys
            | Self::AuthKeyFile
            | Self::AllowedOrigins
            | Self::CostLimit
            | Self::CostLimitProvince
            | Self::CostLimitMinistry
            | Self::AnswerMb
            | Self::Connections
            | Self::ConnectionsPerAddress
            | Self::SubscriptionsPerAddress
            | Self::SubscriptionCostPerAddress
            | Self::WebhookAllowLoopback
            | Self::OtlpEndpoint
            | Self::Log
            | Self::LogFormat => false,
        }
    }

    pub(crate) fn default(self) -> Option<&'static str> {
        match self {
            Self::Listen => Some("127.0.0.1:8080"),
            Self::DataDir => Some("./caunoi-data"),
            Self::MetricsListen
            | Self::DatabaseUrl
            | Self::RedisUrl
            | Self::AuthIssuer
            | Self::AuthKeys
            | Self::AuthKeyFile
            | Self::AllowedOrigins
            | Self::OtlpEndpoint => None,
            Self::AuthAudience => Some("caunoi"),
            Self::CacheMb => Some("64"),
            Self::CostLimit => Some("2000"),
            Self::CostLimitMinistry => Some("50000"),
            Self::AnswerMb => Some("8"),
            Self::CostLimitProvince | Self::Connections | Self::SubscriptionCostPerAddress => Some("10000"),
            Self::ConnectionsPerAddress => Some("200"),
            Self::SubscriptionsPerAddress => Some("1000"),
            Self::WebhookAllowLoopback => Some("false"),
            Self::Log => Some("info"),
            Self::LogFormat => Some("auto"),
        }
    }

    /// Returns the description for the help.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Listen => "address and port for HTTP; port 0 selects a free one",
            Self::MetricsListen => "address and port of /metrics and the probes only; none: no metrics",
            Self::DataDir => "folder of the SQLite database and the local key, created if missing",
            Self::DatabaseUrl => "postgres://user:password@host/name; none: SQLite in data_dir",
            Self::RedisUrl => "redis://host:6379: wake-ups and a shared response cache for several nodes",
            Self::CacheMb => "size of the response cache in memory, in MiB; 0 disables it",
            Self::AuthIssuer => "iss of accepted tokens; none: a local key, on loopback only",
            Self::AuthAudience => "aud of accepted tokens",
            Self::AuthKeys => "file with the public keys of auth_issuer: a JSON Web Key Set",
            Self::AuthKeyFile => "the local key, to share it between folders; none: data_dir/local-key.pem",
            Self::AllowedOrigins => {
                "other origins that may open a WebSocket, like https://a.vn, https://b.vn"
            }
            Self::CostLimit => "maximum cost of one request, without a token or as a partner",
            Self::CostLimitProvince => "the same for clerks and publishers",
            Self::CostLimitMinistry => "the same for analysts and stewards",
            Self::AnswerMb => "maximum size of one response, in MiB; a larger one is refused",
            Self::Connections => "maximum of open connections, WebSockets included; others wait",
            Self::ConnectionsPerAddress => "maximum per client address; a proxy is one address",
            Self::SubscriptionsPerAddress => "maximum per client address, and per person",
            Self::SubscriptionCostPerAddress => "maximum cost per second; equal ones count once",
            Self::WebhookAllowLoopback => "true: webhooks may call this machine, also by HTTP; for tests",
            Self::OtlpEndpoint => "http://host:4318 of an OpenTelemetry collector; none: no spans",
            Self::Log => "off, error, warn, info, debug, trace; per module: info,caunoi_store=debug",
            Self::LogFormat => "text, json, or auto: text on a terminal, otherwise json",
        }
    }
}
