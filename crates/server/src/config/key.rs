//! What can be set.

/// One thing that can be set, by the same name in the file, the environment and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
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

impl Key {
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

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// As the file has it.
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

    /// As the environment has it.
    pub(crate) fn variable(self) -> String {
        format!("CAUNOI_{}", self.name().to_ascii_uppercase())
    }

    /// The variable that names a file with the value; of secrets only.
    pub(crate) fn file_variable(self) -> Option<String> {
        self.is_secret().then(|| format!("{}_FILE", self.variable()))
    }

    /// Never printed whole, and never a flag: command lines are open to everybody on the machine.
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

    /// What it means, for the help.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Listen => "address and port for HTTP; port 0 takes a free one",
            Self::MetricsListen => "address and port for /metrics and the probes alone; none: no metrics",
            Self::DataDir => "folder of the SQLite database and the local key, made where it is missing",
            Self::DatabaseUrl => "postgres://user:password@host/name; none: SQLite in data_dir",
            Self::RedisUrl => "redis://host:6379: nodes wake each other and share answers",
            Self::CacheMb => "memory for answers that are given again, in MiB; 0 keeps none",
            Self::AuthIssuer => "iss of the tokens that are taken; none: a local key, on loopback alone",
            Self::AuthAudience => "aud of the tokens that are taken",
            Self::AuthKeys => "file with the public keys of auth_issuer: a JSON Web Key Set",
            Self::AuthKeyFile => "the local key, to share it between folders; none: data_dir/local-key.pem",
            Self::AllowedOrigins => "other web sites that may open a socket, like https://a.vn, https://b.vn",
            Self::CostLimit => "most that one request may cost, without a token or as a partner",
            Self::CostLimitProvince => "the same for clerks and publishers",
            Self::CostLimitMinistry => "the same for analysts and stewards",
            Self::AnswerMb => "most that one answer may take, in MiB; a larger one is refused",
            Self::Connections => "connections open at once, sockets among them; further ones wait",
            Self::ConnectionsPerAddress => "connections that one address may hold; a proxy is one address",
            Self::SubscriptionsPerAddress => "subscriptions of one address, and of one person",
            Self::SubscriptionCostPerAddress => "what they may cost in a second; equal ones count once",
            Self::WebhookAllowLoopback => "true lets webhooks call this machine, by HTTP too; for tests",
            Self::OtlpEndpoint => "http://host:4318 of an OpenTelemetry collector for spans; none: no spans",
            Self::Log => "off, error, warn, info, debug, trace; also by module: info,caunoi_store=debug",
            Self::LogFormat => "text, json, or auto: text on a terminal, else json",
        }
    }
}
