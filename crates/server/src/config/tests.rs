//! Layers, masking of secrets, and refused values.

use std::{fs, path::Path};

use super::*;
use caunoi_domain::policy::Role;
use tempfile::TempDir;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn resolve(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::resolve(Flags::default(), environment(pairs))
}

fn flaw(pairs: &[(&str, &str)]) -> String {
    let line = resolve(pairs).unwrap_err().to_string();
    assert!(!line.contains('\n'), "{line}");
    line
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
    assert_eq!(config.settings.execution_limits.response_bytes, theirs.execution_limits.response_bytes);
    assert_eq!(config.log_format, LogFormat::Auto);
}

#[test]
fn later_layers_override_earlier_ones() {
    let (_folder, path) = file("listen = \"127.0.0.1:1\"\ndata_dir = \"from-file\"\nlog = \"warn\"\n");
    let flags = Flags { config: None, given: vec![(ConfigKey::Listen, "127.0.0.1:3".to_owned())] };
    let variables = [
        ("CAUNOI_CONFIG", path.as_str()),
        ("CAUNOI_LISTEN", "127.0.0.1:2"),
        ("CAUNOI_DATA_DIR", "from-variable"),
    ];
    let config = Config::resolve(flags, environment(&variables)).unwrap();
    assert_eq!(config.settings.listen.port(), 3);
    assert_eq!(config.settings.data_dir, Path::new("from-variable"));
    let table = config.to_string().replace(&path, "PATH");
    assert_eq!(
        table,
        "key                            value          origin\n\
         listen                         127.0.0.1:3    flag\n\
         metrics_listen                 none           default\n\
         data_dir                       from-variable  env:CAUNOI_DATA_DIR\n\
         database_url                   none           default\n\
         redis_url                      none           default\n\
         cache_mb                       64             default\n\
         auth_issuer                    none           default\n\
         auth_audience                  caunoi         default\n\
         auth_keys                      none           default\n\
         auth_key_file                  none           default\n\
         allowed_origins                none           default\n\
         cost_limit                     2000           default\n\
         cost_limit_province            10000          default\n\
         cost_limit_ministry            50000          default\n\
         answer_mb                      8              default\n\
         connections                    10000          default\n\
         connections_per_address        200            default\n\
         subscriptions_per_address      1000           default\n\
         subscription_cost_per_address  10000          default\n\
         webhook_allow_loopback         false          default\n\
         otlp_endpoint                  none           default\n\
         log                            warn           file:PATH\n\
         log_format                     auto           default\n"
    );
}

#[test]
fn config_flag_overrides_config_variable() {
    let (_folder, path) = file("log = \"debug\"");
    let flags = Flags { config: Some(path.into()), given: Vec::new() };
    let config = Config::resolve(flags, environment(&[("CAUNOI_CONFIG", "nowhere")])).unwrap();
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
    assert!(
        flaw(&[("CAUNOI_LISTN", "x")])
            .starts_with("unknown environment variable CAUNOI_LISTN; known are CAUNOI_LISTEN, ")
    );
    assert!(flaw(&[("CAUNOI_LISTEN_FILE", "x")]).contains("unknown"), "only secrets come from files");
    assert!(flaw(&[("CAUNOI_PORT", "9000")]).contains("unknown"));
    let (_folder, path) = file("listen = \"127.0.0.1:1\"\nport = 9000\n");
    let line = flaw(&[("CAUNOI_CONFIG", &path)]);
    assert!(
        line.ends_with(
            "unknown key \"port\"; known are listen, metrics_listen, data_dir, database_url, redis_url, \
             cache_mb, auth_issuer, auth_audience, auth_keys, auth_key_file, allowed_origins, cost_limit, \
             cost_limit_province, cost_limit_ministry, answer_mb, connections, connections_per_address, \
             subscriptions_per_address, subscription_cost_per_address, webhook_allow_loopback, otlp_endpoint, log, log_format"
        ),
        "{line}"
    );
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
    let issuer = resolve(&pair).unwrap().settings.auth.issuer.unwrap();
    assert_eq!(
        (issuer.name.as_str(), issuer.keys.as_path()),
        ("https://login.example", Path::new("keys.json"))
    );
    assert_eq!(flaw(&pair[..1]), "auth_issuer (env:CAUNOI_AUTH_ISSUER) requires auth_keys");
    assert_eq!(flaw(&pair[1..]), "auth_keys (env:CAUNOI_AUTH_KEYS) requires auth_issuer");
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
    let (_folder, path) = file("log = 3");
    assert!(flaw(&[("CAUNOI_CONFIG", &path)]).ends_with("log must be a string in quotes"));
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
fn errors_never_quote_a_secret() {
    let line = flaw(&[("CAUNOI_DATABASE_URL", "mysql://caunoi:hunter2@db")]);
    assert!(line.ends_with("it must begin with postgres://") && !line.contains("hunter2"), "{line}");
    let (_folder, path) = file("log = \"info\"\ndatabase_url = \"postgres://caunoi:hunter2@db\n");
    let line = flaw(&[("CAUNOI_CONFIG", &path)]);
    assert!(line.contains("caunoi.toml:2: not TOML: ") && !line.contains("hunter2"), "{line}");
}
