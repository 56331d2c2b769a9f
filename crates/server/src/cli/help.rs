//! The text of `caunoi --help` around the list of commands.

use std::fmt::Write as _;

use crate::config::{CONFIG_VARIABLE, ConfigKey};

/// The description of the program.
pub(super) const ABOUT: &str = "\
Caunoi: a register of Vietnam's local diplomacy with a GraphQL API.

It records which provinces and partner localities have relations, since when, under which agreement,
and their events, programmes and results. No setting is required: by default the server uses a
SQLite file, the shipped data and one local address.";

/// Printed after the short help.
pub(super) const HINT: &str = "`caunoi --help` prints the first steps, all settings and examples.";

const FIRST_STEPS: &str = "\
First steps:
  caunoi serve
  then open  http://127.0.0.1:8080/         GraphiQL with saved example queries
             http://127.0.0.1:8080/graphql  the API (GraphQL over HTTP)
             http://127.0.0.1:8080/readyz   readiness (/livez: liveness)

Settings, each layer overrides the one before: defaults, TOML file, environment, flags";

const EXAMPLES: &str = r#"
The file has the same keys: listen = "0.0.0.0:8080". `caunoi config` prints the origin of each value.

Examples:
  curl http://127.0.0.1:8080/graphql -H 'content-type: application/json' \
       -d '{"query": "{ provinces { slug name } }"}'
  caunoi serve --listen 0.0.0.0:80 --data-dir /var/lib/caunoi
  CAUNOI_DATABASE_URL_FILE=/run/secrets/database caunoi migrate
  caunoi token --role clerk --province DONG_NAI     (while the server runs, with its --data-dir)
  caunoi health                                     (exit code 0 if the server of these settings is ready)
  caunoi schema > schema.graphql

Exit codes: 0 success; 2 an error that you can fix (a port in use, a folder without permissions, a
database that is newer or refuses the password, an invalid setting); 75 the database server is
unreachable, so a retry may succeed; 1 any other error."#;

/// Returns the text after the long help.
pub(super) fn manual() -> String {
    let mut text = format!("{FIRST_STEPS}\n");
    let mut row = |variable: &str, default: &str, description: &str| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {variable:22}  {default:14}  {description}");
    };
    for key in ConfigKey::all() {
        row(&key.variable(), key.default().unwrap_or("none"), &key.help());
    }
    row(CONFIG_VARIABLE, "none", "The TOML file, like --config");
    let files: Vec<String> = ConfigKey::all().filter_map(ConfigKey::file_variable).collect();
    let _ = writeln!(text, "  {} name files with the value.", files.join(" and "));
    text.push_str(EXAMPLES);
    text
}
