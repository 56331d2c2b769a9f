//! Every setting: its name, type, default and line of help.

use std::{net::SocketAddr, num::NonZeroU16, path::PathBuf};

use clap::{ArgAction, Parser};
use ipnet::IpNet;

use super::{ConfigError, form, layers::Layers};
use crate::{
    AddressLog,
    http::ForwardedHeader,
    logging::{LogFilter, LogFormat},
};

/// The values of all settings.
///
/// The name of a field is the key in the file and, in capitals after `CAUNOI_`, the environment
/// variable; its comment is the line of help. A `global` field is a flag of every command. A `hide`
/// field is a secret: it is masked in output, a variable may name a file with it, and it is no flag,
/// because other users of the machine can read command lines.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
pub(super) struct ConfigValues {
    /// Address and port for HTTP; port 0 selects a free one
    #[arg(long, global = true, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = form::address)]
    pub(super) listen: SocketAddr,
    /// Address and port of `/metrics` and the probes only; none: no metrics
    #[arg(long, value_parser = form::address)]
    pub(super) metrics_listen: Option<SocketAddr>,
    /// Certificate and those of its issuers (PEM): `listen` speaks HTTPS; none: HTTP
    #[arg(long)]
    pub(super) tls_certificate: Option<PathBuf>,
    /// Private key of `tls_certificate` (PEM)
    #[arg(long)]
    pub(super) tls_key: Option<PathBuf>,
    /// Folder of the SQLite database and the local key, created if missing
    #[arg(long, global = true, value_name = "DIR", default_value = "./caunoi-data")]
    pub(super) data_dir: PathBuf,
    /// `postgres://user:password@host/name`; none: SQLite in `data_dir`
    #[arg(long, hide = true, value_parser = form::postgres_url)]
    pub(super) database_url: Option<String>,
    /// `redis://host:6379`: wake-ups and a shared response cache for several nodes
    #[arg(long, hide = true, value_parser = form::redis_url)]
    pub(super) redis_url: Option<String>,
    /// Keys of secrets in the database, in Base64, the current one first
    #[arg(long, hide = true, value_parser = form::secret_keys)]
    pub(super) secret_key: Option<String>,
    /// Size of the response cache in memory, in MiB; `0` disables it
    #[arg(long, default_value = "64", value_parser = form::whole_number::<u32>)]
    pub(super) cache_mb: u32,
    /// `iss` of accepted tokens; none: a local key, on loopback only
    #[arg(long)]
    pub(super) auth_issuer: Option<String>,
    /// `aud` of accepted tokens
    #[arg(long, default_value = "caunoi")]
    pub(super) auth_audience: String,
    /// Key set of `auth_issuer` (JWKS): a file, an `https://` URL, or `discovery`
    #[arg(long)]
    pub(super) auth_keys: Option<String>,
    /// File with several issuers and the claims that name roles and provinces
    #[arg(long)]
    pub(super) auth_issuers: Option<PathBuf>,
    /// The local key, to share it between folders; none: `data_dir/local-key.pem`
    #[arg(long)]
    pub(super) auth_key_file: Option<PathBuf>,
    /// Origins that may send tokens or open a socket: `https://a.vn, https://b.vn`
    #[arg(long, value_delimiter = ',', value_parser = form::web_site)]
    pub(super) allowed_origins: Vec<String>,
    /// Networks and addresses of proxies whose client addresses are believed
    #[arg(long, value_delimiter = ',', value_parser = form::network)]
    pub(super) trusted_proxies: Vec<IpNet>,
    /// The header of these proxies: x-forwarded-for or forwarded (RFC 7239)
    #[arg(long, default_value = "x-forwarded-for", value_parser = form::forwarded_header)]
    pub(super) forwarded_header: ForwardedHeader,
    /// Networks and addresses whose requests are refused with 403
    #[arg(long, value_delimiter = ',', value_parser = form::network)]
    pub(super) blocked_networks: Vec<IpNet>,
    /// How networks of clients are kept: hashed (changes daily), full or none
    #[arg(long, default_value = "hashed", value_parser = form::address_log)]
    pub(super) address_log: AddressLog,
    /// Days after which counts of refused requests are removed
    #[arg(long, default_value = "30", value_parser = form::up_to_65535)]
    pub(super) refusal_days: NonZeroU16,
    /// Folder of further documents that requests may name by `documentId`
    #[arg(long)]
    pub(super) trusted_documents: Option<PathBuf>,
    /// `true`: requests without a token may use trusted documents only
    #[arg(long, default_value = "false", value_parser = form::boolean, action = ArgAction::Set)]
    pub(super) trusted_documents_only: bool,
    /// Maximum cost of one request, without a token or as a partner
    #[arg(long, default_value = "2000", value_parser = form::whole_number::<u64>)]
    pub(super) cost_limit: u64,
    /// The same for clerks and publishers
    #[arg(long, default_value = "10000", value_parser = form::whole_number::<u64>)]
    pub(super) cost_limit_province: u64,
    /// The same for analysts and stewards
    #[arg(long, default_value = "50000", value_parser = form::whole_number::<u64>)]
    pub(super) cost_limit_ministry: u64,
    /// Maximum size of one response, in MiB; a larger one is refused
    #[arg(long, default_value = "8", value_parser = form::up_to_65535)]
    pub(super) answer_mb: NonZeroU16,
    /// Operations that run at once on this node, at least 4; none: 4 per core
    #[arg(long, value_parser = form::whole_number::<usize>)]
    pub(super) operations: Option<usize>,
    /// Maximum of open connections, each WebSocket included; others wait
    #[arg(long, default_value = "10000", value_parser = form::whole_number::<usize>)]
    pub(super) connections: usize,
    /// Maximum per client address; requests through a trusted proxy
    #[arg(long, default_value = "200", value_parser = form::whole_number::<usize>)]
    pub(super) connections_per_address: usize,
    /// Maximum of subscriptions per client address, and per person
    #[arg(long, default_value = "1000", value_parser = form::whole_number::<usize>)]
    pub(super) subscriptions_per_address: usize,
    /// Maximum cost of their events per second; equal ones count once
    #[arg(long, default_value = "10000", value_parser = form::whole_number::<u64>)]
    pub(super) subscription_cost_per_address: u64,
    /// Maximum of new entries and proposals of one person in an hour
    #[arg(long, default_value = "600", value_parser = form::whole_number::<u32>)]
    pub(super) drafts_per_hour: u32,
    /// Maximum of other writes of one person in an hour
    #[arg(long, default_value = "3000", value_parser = form::whole_number::<u32>)]
    pub(super) changes_per_hour: u32,
    /// Maximum of all writes of one steward in an hour
    #[arg(long, default_value = "10000", value_parser = form::whole_number::<u32>)]
    pub(super) ministry_writes_per_hour: u32,
    /// Maximum that a province writes into its log in a day, in MiB
    #[arg(long, default_value = "256", value_parser = form::whole_number::<u32>)]
    pub(super) province_mb_per_day: u32,
    /// Maximum of files that a province uploads in a day, in MiB
    #[arg(long, default_value = "2048", value_parser = form::whole_number::<u32>)]
    pub(super) uploads_mb_per_day: u32,
    /// Maximum cost per minute of a client without a token; `0`: no limit
    #[arg(long, default_value = "120000", value_parser = form::whole_number::<u64>)]
    pub(super) rate_limit: u64,
    /// The same for each partner
    #[arg(long, default_value = "240000", value_parser = form::whole_number::<u64>)]
    pub(super) rate_limit_partner: u64,
    /// The same for each clerk and publisher
    #[arg(long, default_value = "600000", value_parser = form::whole_number::<u64>)]
    pub(super) rate_limit_province: u64,
    /// The same for each analyst and steward
    #[arg(long, default_value = "3000000", value_parser = form::whole_number::<u64>)]
    pub(super) rate_limit_ministry: u64,
    /// `true`: webhooks may call this machine, also by plain HTTP; for tests
    #[arg(long, default_value = "false", value_parser = form::boolean, action = ArgAction::Set)]
    pub(super) webhook_allow_loopback: bool,
    /// `http://host:4318` of an OpenTelemetry collector for spans; none: no spans
    #[arg(long, value_parser = form::http_url)]
    pub(super) otlp_endpoint: Option<String>,
    /// `true`: spans contain the text of documents
    #[arg(long, default_value = "false", value_parser = form::boolean, action = ArgAction::Set)]
    pub(super) otlp_documents: bool,
    /// off, error, warn, info, debug, trace; per module: `info,caunoi_store=debug`
    #[arg(long, global = true, value_name = "LEVEL", default_value = "info", value_parser = form::log_level)]
    pub(super) log: LogFilter,
    /// text, json, or auto: text on a terminal, otherwise json
    #[arg(long, global = true, value_name = "FORMAT", default_value = "auto", value_parser = form::log_format)]
    pub(super) log_format: LogFormat,
}

impl ConfigValues {
    /// Parses the merged layers.
    ///
    /// # Errors
    /// Returns the first value that is invalid.
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        Self::try_parse_from(layers.arguments()).map_err(|error| layers.explain(&error))
    }
}
