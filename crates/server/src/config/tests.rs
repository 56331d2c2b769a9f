//! Layers, masking of secrets, and refused values.

use std::{fs, path::Path};

use super::*;
use crate::{AddressLog, http::ForwardedHeader, identity::PublishedLocation};
use caunoi_domain::{locale::Locale, policy::Role};
use tempfile::TempDir;
use url::Url;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn flags(pairs: &[(&str, &str)]) -> Flags {
    let key = |name| ConfigKey::all().find(|key| key.name() == name).unwrap();
    Flags(pairs.iter().map(|(name, text)| (key(*name), (*text).to_owned())).collect())
}

fn resolve(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::resolve(None, Flags::default(), environment(pairs))
}

fn flaw(pairs: &[(&str, &str)]) -> String {
    let line = resolve(pairs).unwrap_err().to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

/// Returns the error of a file with this text, whose path is `PATH`.
fn flaw_of_file(text: &str) -> String {
    let (_folder, path) = file(text);
    flaw(&[("CAUNOI_CONFIG", &path)]).replace(&path, "PATH")
}

fn file(text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("caunoi.toml");
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn defaults_apply_without_other_layers() {
    let config = resolve(&[("PATH", "/bin"), ("CAUNOI_TEST_POSTGRES_URL", "anything")]).unwrap();
    let (ours, theirs) = (&config.settings, Settings::default());
    assert_eq!(ours.listen, theirs.listen);
    assert_eq!(ours.data_dir, theirs.data_dir);
    assert_eq!(ours.database_url, theirs.database_url);
    assert_eq!(ours.redis_url, theirs.redis_url);
    assert_eq!(config.settings.execution_limits.cost, theirs.execution_limits.cost);
    assert_eq!(config.settings.execution_limits.rates, theirs.execution_limits.rates);
    assert_eq!(config.settings.execution_limits.response_bytes, theirs.execution_limits.response_bytes);
    assert_eq!(config.log_format, LogFormat::Auto);
}

#[test]
fn later_layers_override_earlier_ones() {
    let (_folder, path) = file("listen = \"127.0.0.1:1\"\ndata_dir = \"from-file\"\nlog = \"warn\"\n");
    let flags = flags(&[("listen", "127.0.0.1:3")]);
    let variables = [
        ("CAUNOI_CONFIG", path.as_str()),
        ("CAUNOI_LISTEN", "127.0.0.1:2"),
        ("CAUNOI_DATA_DIR", "from-variable"),
    ];
    let config = Config::resolve(None, flags, environment(&variables)).unwrap();
    assert_eq!(config.settings.listen.port(), 3);
    assert_eq!(config.settings.data_dir, Path::new("from-variable"));
    let table = config.to_string().replace(&path, "PATH");
    assert_eq!(
        table,
        "key                            value            origin\n\
         listen                         127.0.0.1:3      flag\n\
         metrics_listen                 none             default\n\
         tls_certificate                none             default\n\
         tls_key                        none             default\n\
         data_dir                       from-variable    env:CAUNOI_DATA_DIR\n\
         database_url                   none             default\n\
         redis_url                      none             default\n\
         secret_key                     none             default\n\
         cache_mb                       64               default\n\
         auth_issuer                    none             default\n\
         auth_audience                  caunoi           default\n\
         auth_keys                      none             default\n\
         auth_issuers                   none             default\n\
         auth_key_file                  none             default\n\
         allowed_origins                none             default\n\
         trusted_proxies                none             default\n\
         forwarded_header               x-forwarded-for  default\n\
         blocked_networks               none             default\n\
         address_log                    hashed           default\n\
         refusal_days                   30               default\n\
         trusted_documents              none             default\n\
         trusted_documents_only         false            default\n\
         cost_limit                     2000             default\n\
         cost_limit_province            10000            default\n\
         cost_limit_ministry            50000            default\n\
         answer_mb                      8                default\n\
         operations                     none             default\n\
         connections                    10000            default\n\
         connections_per_address        200              default\n\
         subscriptions_per_address      1000             default\n\
         subscription_cost_per_address  10000            default\n\
         drafts_per_hour                600              default\n\
         changes_per_hour               3000             default\n\
         ministry_writes_per_hour       10000            default\n\
         province_mb_per_day            256              default\n\
         uploads_mb_per_day             2048             default\n\
         rate_limit                     120000           default\n\
         rate_limit_partner             240000           default\n\
         rate_limit_province            600000           default\n\
         rate_limit_ministry            3000000          default\n\
         webhook_allow_loopback         false            default\n\
         otlp_endpoint                  none             default\n\
         otlp_documents                 false            default\n\
         log                            warn             file:PATH\n\
         log_format                     auto             default\n"
    );
}

#[test]
fn config_flag_overrides_config_variable() {
    let (_folder, path) = file("log = \"debug\"");
    let variables = environment(&[("CAUNOI_CONFIG", "nowhere")]);
    let config = Config::resolve(Some(path.into()), Flags::default(), variables).unwrap();
    assert_eq!(config.log, "debug".parse().unwrap());
}

#[test]
fn secrets_are_read_from_files_and_masked() {
    let (_folder, path) = file("postgres://caunoi:hunter2@db/caunoi\n");
    let config =
        resolve(&[("CAUNOI_DATABASE_URL_FILE", &path), ("CAUNOI_REDIS_URL", "redis://:hunter2@cache:6379")])
            .unwrap();
    assert_eq!(config.settings.database_url.as_deref(), Some("postgres://caunoi:hunter2@db/caunoi"));
    let table = config.to_string();
    assert!(table.contains("postgres://caunoi:***@db/caunoi  env:CAUNOI_DATABASE_URL_FILE\n"), "{table}");
    assert!(table.contains("redis://:***@cache:6379 "), "{table}");
    assert!(!format!("{table}{:?}", config.settings).contains("hunter2"));
}

#[test]
fn unknown_keys_and_variables_are_refused() {
    assert_eq!(
        flaw(&[("CAUNOI_LISTN", "x")]),
        "unknown setting CAUNOI_LISTN (env): did you mean CAUNOI_LISTEN?"
    );
    assert!(flaw(&[("CAUNOI_LISTEN_FILE", "x")]).contains("unknown"), "only secrets come from files");
    assert!(flaw(&[("CAUNOI_PORT", "9000")]).contains("unknown"));
    assert!(flaw(&[("CAUNOI_listen", "127.0.0.1:1")]).contains("unknown"));
    assert_eq!(
        flaw_of_file("listen = \"127.0.0.1:1\"\ncost_limt = 9000\n"),
        "unknown setting cost_limt (file:PATH): did you mean cost_limit?"
    );
    assert_eq!(flaw_of_file("port = 9000"), "unknown setting port (file:PATH); `caunoi --help` lists all");
    assert!(flaw_of_file("[server]\nlisten = \"127.0.0.1:1\"").contains("unknown setting server "));
}

#[test]
fn numbers_and_booleans_need_no_quotes() {
    let (_folder, path) =
        file("cost_limit = 5_000\ncost_limit_province = \"6000\"\nwebhook_allow_loopback = true\n");
    let settings = resolve(&[("CAUNOI_CONFIG", &path)]).unwrap().settings;
    assert_eq!(settings.execution_limits.cost.public, 5_000);
    assert_eq!(settings.execution_limits.cost.province, 6_000);
    assert!(settings.webhook_allow_loopback);
    for (text, refusal) in [
        ("cost_limit = -1", "cost_limit (file:PATH): \"-1\" is not a whole number"),
        ("webhook_allow_loopback = 1", "webhook_allow_loopback (file:PATH): \"1\" is neither true nor false"),
        ("log = 3", "log (file:PATH): \"3\" is not off, error, warn"),
    ] {
        assert!(flaw_of_file(text).starts_with(refusal), "{text}");
    }
    for value in ["1.5", "[1]", "{ limit = 1 }", "2026-11-30"] {
        assert_eq!(
            flaw_of_file(&format!("cost_limit = {value}")),
            "cost_limit (file:PATH) must be a string in quotes, a whole number, true or false"
        );
    }
}

#[test]
fn cost_limit_depends_on_role() {
    let bounds = resolve(&[
        ("CAUNOI_COST_LIMIT", "1"),
        ("CAUNOI_COST_LIMIT_PROVINCE", "2"),
        ("CAUNOI_COST_LIMIT_MINISTRY", "3"),
        ("CAUNOI_ANSWER_MB", "4"),
    ])
    .unwrap()
    .settings
    .execution_limits;
    let limits = [Role::Public, Role::Partner, Role::Clerk, Role::Publisher, Role::Analyst, Role::Steward];
    assert_eq!(limits.map(|role| bounds.cost.of(role)), [1, 1, 2, 2, 3, 3]);
    assert_eq!(bounds.response_bytes, 4 * 1_024 * 1_024);
    for value in ["0", "-1", "x", "65536"] {
        assert!(flaw(&[("CAUNOI_ANSWER_MB", value)]).contains("answer_mb"), "{value}");
    }
}

#[test]
fn issuer_and_keys_require_each_other() {
    let pair = [("CAUNOI_AUTH_ISSUER", "https://login.example"), ("CAUNOI_AUTH_KEYS", "keys.json")];
    let issuers = resolve(&pair).unwrap().settings.auth.issuers;
    assert_eq!(issuers.len(), 1);
    assert_eq!(issuers[0].name, "https://login.example");
    assert_eq!(issuers[0].keys, KeyLocation::File("keys.json".into()));
    assert_eq!(flaw(&pair[..1]), "auth_issuer (env:CAUNOI_AUTH_ISSUER) requires auth_keys");
    assert_eq!(flaw(&pair[1..]), "auth_keys (env:CAUNOI_AUTH_KEYS) requires auth_issuer");
    let pair = [("CAUNOI_TLS_CERTIFICATE", "cert.pem"), ("CAUNOI_TLS_KEY", "key.pem")];
    let files = resolve(&pair).unwrap().settings.tls.unwrap();
    assert_eq!(
        (files.certificate.as_path(), files.key.as_path()),
        (Path::new("cert.pem"), Path::new("key.pem"))
    );
    assert_eq!(flaw(&pair[..1]), "tls_certificate (env:CAUNOI_TLS_CERTIFICATE) requires tls_key");
    assert_eq!(flaw(&pair[1..]), "tls_key (env:CAUNOI_TLS_KEY) requires tls_certificate");
}

#[test]
fn keys_of_an_issuer_are_a_file_a_url_or_discovered() {
    let keys = |issuer: &'static str, keys: &'static str| {
        resolve(&[("CAUNOI_AUTH_ISSUER", issuer), ("CAUNOI_AUTH_KEYS", keys)])
            .map(|config| config.settings.auth.issuers[0].keys.clone())
            .map_err(|error| error.to_string())
    };
    let published = |location: fn(Url) -> PublishedLocation, url: &str| {
        Ok(KeyLocation::Published(location(url.parse().unwrap())))
    };
    let issuer = "https://login.example/realms/a/";
    for (of, given, expected) in [
        (issuer, "https://keys.example/a", published(PublishedLocation::Url, "https://keys.example/a")),
        ("a", "http://127.0.0.1:80/a", published(PublishedLocation::Url, "http://127.0.0.1/a")),
        (
            issuer,
            "discovery",
            published(
                PublishedLocation::Discovery,
                "https://login.example/realms/a/.well-known/openid-configuration",
            ),
        ),
    ] {
        assert_eq!(keys(of, given), expected, "{given}");
    }
    for (of, given, part) in [
        (issuer, "http://keys.example/a", "must come over TLS"),
        (issuer, "ftp://keys.example/a", "must come over TLS"),
        (issuer, "https://", "is not a URL"),
        ("http://login.example", "discovery", "must come over TLS"),
        ("login", "discovery", "is not a URL"),
    ] {
        let why = keys(of, given).unwrap_err();
        assert!(
            why.starts_with("auth_keys (env:CAUNOI_AUTH_KEYS): ") && why.contains(part),
            "{given}: {why}"
        );
    }
}

#[test]
fn kubernetes_service_variables_are_ignored() {
    let links = [
        ("CAUNOI_SERVICE_HOST", "10.0.0.1"),
        ("CAUNOI_SERVICE_PORT_HTTP", "80"),
        ("CAUNOI_PORT", "tcp://10.0.0.1:80"),
        ("CAUNOI_PORT_80_TCP_ADDR", "10.0.0.1"),
    ];
    assert!(resolve(&links).is_ok());
}

#[test]
fn errors_name_key_and_origin() {
    assert_eq!(
        flaw(&[("CAUNOI_LISTEN", "8080")]),
        "listen (env:CAUNOI_LISTEN): \"8080\" is not an address and a port like 127.0.0.1:8080 or [::]:8080"
    );
    assert_eq!(
        flaw(&[("CAUNOI_LOG_FORMAT", "xml")]),
        "log_format (env:CAUNOI_LOG_FORMAT): \"xml\" is not auto, text or json"
    );
    assert_eq!(
        flaw(&[("CAUNOI_DATABASE_URL", " ")]),
        "database_url (env:CAUNOI_DATABASE_URL) is empty; remove it or give it a value"
    );
    assert_eq!(
        flaw(&[("CAUNOI_REDIS_URL", "redis://a"), ("CAUNOI_REDIS_URL_FILE", "b")]),
        "CAUNOI_REDIS_URL and CAUNOI_REDIS_URL_FILE are both set; remove one of them"
    );
    assert!(
        flaw(&[("CAUNOI_CONFIG", "no/such.toml")])
            .starts_with("cannot read the file no/such.toml (from env:CAUNOI_CONFIG): ")
    );
    assert_eq!(
        flaw_of_file("log = []"),
        "log (file:PATH) must be a string in quotes, a whole number, true or false"
    );
    let refused = Config::resolve(None, flags(&[("log_format", "two\nlines")]), Environment::new());
    assert_eq!(
        refused.unwrap_err().to_string(),
        "log_format (flag): \"two lines\" is not auto, text or json"
    );
}

#[test]
fn errors_are_in_both_languages() {
    let error = resolve(&[("CAUNOI_LISTEN", "8080")]).unwrap_err();
    let in_vietnamese = error.text(Locale::Vi);
    assert!(in_vietnamese.starts_with("listen (env:CAUNOI_LISTEN): \"8080\" không phải"), "{in_vietnamese}");
    let error = resolve(&[("CAUNOI_LISTN", "x")]).unwrap_err();
    assert_eq!(error.text(Locale::Vi), "không có thiết lập CAUNOI_LISTN (env); tên gần giống: CAUNOI_LISTEN");
}

#[test]
fn origins_must_match_the_form_browsers_send() {
    let config = resolve(&[("CAUNOI_ALLOWED_ORIGINS", "https://one.vn, http://127.0.0.1:3000")]).unwrap();
    assert_eq!(config.settings.allowed_origins, ["https://one.vn", "http://127.0.0.1:3000"]);
    for wrong in
        ["*", "null", "one.vn", "https://One.vn", "https://one.vn/", "https://one.vn:443", "https://a.vn,"]
    {
        let line = flaw(&[("CAUNOI_ALLOWED_ORIGINS", wrong)]);
        assert!(line.ends_with("is not a web site like https://example.vn, without a path"), "{line}");
    }
}

#[test]
fn proxies_are_networks_or_addresses() {
    let given = "10.0.0.0/8, 192.0.2.7,2001:db8::/32 , ::1";
    let pairs = [("CAUNOI_TRUSTED_PROXIES", given), ("CAUNOI_FORWARDED_HEADER", "forwarded")];
    let proxies = resolve(&pairs).unwrap().settings.trusted_proxies;
    let networks: Vec<String> = proxies.networks.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "::1/128"]);
    assert_eq!(proxies.header, ForwardedHeader::Forwarded);
    let wrong = [
        "localhost",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0",
        "10.0.0.1,",
        "::ffff:10.0.0.0/104",
        "fe80::1%eth0",
        "*",
    ];
    for wrong in wrong {
        let line = flaw(&[("CAUNOI_TRUSTED_PROXIES", wrong)]);
        assert!(line.contains("is not an address or a network like 192.0.2.0/24"), "{wrong}: {line}");
    }
    assert_eq!(
        flaw(&[("CAUNOI_FORWARDED_HEADER", "X-Real-IP")]),
        "forwarded_header (env:CAUNOI_FORWARDED_HEADER): \"X-Real-IP\" is not x-forwarded-for or forwarded"
    );
}

#[test]
fn addresses_in_logs_have_three_forms() {
    let form = |text| resolve(&[("CAUNOI_ADDRESS_LOG", text)]).map(|config| config.settings.address_log);
    assert_eq!(form("full").unwrap(), AddressLog::Full);
    assert_eq!(form("none").unwrap(), AddressLog::None);
    assert_eq!(
        form("FULL").unwrap_err().to_string(),
        "address_log (env:CAUNOI_ADDRESS_LOG): \"FULL\" is not hashed, full or none"
    );
    let settings = resolve(&[("CAUNOI_BLOCKED_NETWORKS", "192.0.2.0/24"), ("CAUNOI_REFUSAL_DAYS", "7")])
        .unwrap()
        .settings;
    assert_eq!((settings.blocked_networks.len(), settings.refusals.days.get()), (1, 7));
    assert!(flaw(&[("CAUNOI_REFUSAL_DAYS", "0")]).contains("refusal_days"));
}

#[test]
fn errors_never_quote_a_secret() {
    let line = flaw(&[("CAUNOI_DATABASE_URL", "mysql://caunoi:hunter2@db")]);
    assert!(line.ends_with("it must begin with postgres://") && !line.contains("hunter2"), "{line}");
    let (_folder, path) = file("log = \"info\"\ndatabase_url = \"postgres://caunoi:hunter2@db\n");
    let line = flaw(&[("CAUNOI_CONFIG", &path)]);
    assert!(line.contains("caunoi.toml:2: not TOML: ") && !line.contains("hunter2"), "{line}");
}

#[test]
fn reference_describes_every_setting() {
    let reference = include_str!("../../../../docs/reference/settings.md");
    let rows: Vec<&str> = reference.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), ConfigKey::all().count());
    for (key, row) in ConfigKey::all().zip(rows) {
        let flag = key.flag().map(|_| format!(" `--{}`", key.name().replace('_', "-"))).unwrap_or_default();
        let default = key.default().map_or("none".to_owned(), |text| format!("`{text}`"));
        let row_begins = format!("| `{}` | `{}` |{flag} | {default} | ", key.name(), key.variable());
        let meaning = row.strip_prefix(&row_begins).expect(&row_begins);
        assert!(meaning.starts_with(&key.help()), "{meaning}");
    }
}
