//! What `caunoi --help` teaches beyond the list of commands.

use std::fmt::Write as _;

use crate::config::{CONFIG_VARIABLE, Key};

/// What this is.
pub(super) const ABOUT: &str = "\
Caunoi: a register of Vietnam's local diplomacy, asked in GraphQL.

Who is linked with whom, since when, by which agreement, and what came of it: provinces, partner
localities, agreements, events, programmes. Without any setting it needs nothing else: a SQLite
file, the data that the program brings, one local address.";

/// Under the short help.
pub(super) const HINT: &str = "`caunoi --help` shows the first steps, all settings and examples.";

const FIRST_STEPS: &str = "\
First steps:
  caunoi serve
  then open  http://127.0.0.1:8080/         GraphiQL, with saved examples that answer real questions
             http://127.0.0.1:8080/graphql  the same for programs (GraphQL over HTTP)
             http://127.0.0.1:8080/readyz   whether it can answer now (/livez: whether it runs)

Settings, each layer over the one before: defaults, TOML file, environment, flags";

const EXAMPLES: &str = r#"
The file holds the same keys: listen = "0.0.0.0:8080". `caunoi config` shows what came from where.

Examples:
  curl http://127.0.0.1:8080/graphql -H 'content-type: application/json' \
       -d '{"query": "{ provinces { slug name } }"}'
  caunoi serve --listen 0.0.0.0:80 --data-dir /var/lib/caunoi
  CAUNOI_DATABASE_URL_FILE=/run/secrets/database caunoi migrate
  caunoi token --role clerk --province DONG_NAI     (while the server runs, with its --data-dir)
  caunoi health                                     (exit 0 if the server of these settings is ready)
  caunoi schema > schema.graphql

Exit codes: 0 done; 2 something that you can mend (a taken port, a folder without rights, a database
that is newer or refuses the password, a wrong setting); 75 the database server does not answer now,
so the same start may succeed later; 1 anything else."#;

/// Under the long help.
pub(super) fn manual() -> String {
    let mut text = format!("{FIRST_STEPS}\n");
    let mut row = |variable: &str, default: &str, meaning: &str| {
        // Writing to a String never fails.
        let _ = writeln!(text, "  {variable:22}  {default:14}  {meaning}");
    };
    for key in Key::ALL {
        row(&key.variable(), key.default().unwrap_or("none"), key.meaning());
    }
    row(CONFIG_VARIABLE, "none", "the TOML file, like --config");
    let files: Vec<String> = Key::ALL.into_iter().filter_map(Key::file_variable).collect();
    let _ = writeln!(text, "  {} name files with the value.", files.join(" and "));
    text.push_str(EXAMPLES);
    text
}
