//! deploy/RUNBOOK.md: installation of the unit, commands on its machine, backups and restores.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use caunoi_server::Settings;
use reqwest::Url;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::{CommandFolder, MarkdownFile, ROOT, lines};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, connect, on_both_databases, on_postgres, on_sqlite};

/// Replaces the system folders by folders of the test.
fn with_test_folders(commands: &str, place: &CommandFolder, data_dir: &Path) -> String {
    let root = place.path("root");
    let root = root.display();
    commands
        .replace("/usr/local/bin/", &format!("{root}/bin/"))
        .replace("/etc/systemd/system/", &format!("{root}/units/"))
        .replace("/etc/caunoi", &format!("{root}/etc"))
        .replace("/var/lib/caunoi", &data_dir.display().to_string())
        .replace("/backup", &format!("{root}/backup"))
}

/// Returns a folder that contains the deploy folder of this repository and a release build.
fn repository() -> CommandFolder {
    let place = CommandFolder::new();
    place.link_program("target/release");
    std::os::unix::fs::symlink(format!("{ROOT}/deploy"), place.path("deploy")).expect("a link");
    for folder in ["bin", "units"] {
        fs::create_dir_all(place.path("root").join(folder)).expect("a folder");
    }
    place
}

#[tokio::test]
async fn runbook_installs_the_unit_and_finds_the_database() {
    on_both_databases(|settings| async move {
        let runbook = MarkdownFile::read("deploy/RUNBOOK.md");
        let place = repository();
        let here = |commands: String| with_test_folders(&commands, &place, &settings.data_dir);
        let installs = |line: &str| !line.starts_with("cargo build") && !line.starts_with("systemctl");
        let install = |part: &str| here(lines(&runbook.commands(part), installs));
        place.run_successfully(&install("cargo build --release")).await;
        let unit = match &settings.database_url {
            None => {
                place.run_successfully(&install("sed '/database_url/d'")).await;
                let unit = fs::read_to_string(place.path("root/units/caunoi.service")).expect("a unit");
                assert!(!unit.contains("database_url"), "{unit}");
                unit
            }
            Some(url) => {
                let commands = install("printf '%s' 'postgres://");
                place
                    .run_successfully(&commands.replace("postgres://caunoi:password@127.0.0.1/caunoi", url))
                    .await;
                let file = fs::metadata(place.path("root/etc/database_url")).expect("the URL");
                assert_eq!(file.permissions().mode() & 0o777, 0o600, "others can read the password");
                fs::read_to_string(place.path("root/units/caunoi.service")).expect("a unit")
            }
        };
        assert!(
            unit.contains("ExecStart=/usr/local/bin/caunoi serve --config /etc/caunoi/caunoi.toml"),
            "{unit}"
        );

        let server = Server::start(settings.clone()).await;
        let commands = here(runbook.commands("caunoi health --config"));
        let engine = if settings.database_url.is_some() { "# PostgreSQL" } else { "# SQLite" };
        let verified = place.run_successfully(&lines(&commands, |line| line.ends_with(engine))).await;
        assert!(verified.starts_with("intact: "), "{verified}");
        let token = place.run_successfully(&lines(&commands, |line| line.contains("caunoi token"))).await;
        let answer = server
            .execute_with_token(Some(token.trim()), "{ viewer { role } }", serde_json::Value::Null)
            .await;
        assert_eq!(answer["data"]["viewer"]["role"], "STEWARD", "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn runbook_copies_and_restores_a_sqlite_file() {
    on_sqlite(|settings| async move {
        let runbook = MarkdownFile::read("deploy/RUNBOOK.md");
        let place = repository();
        let here = |commands: String| with_test_folders(&commands, &place, &settings.data_dir);
        let server = Server::start(settings.clone()).await;
        Publisher::of("NGHE_AN", server.register()).publish("Copied").await;
        let copied = place.run_successfully(&here(runbook.commands("VACUUM INTO"))).await;
        assert!(copied.starts_with("intact: "), "{copied}");
        Publisher::of("NGHE_AN", server.register()).publish("After the copy").await;
        server.stop().await;
        let restore =
            lines(&runbook.commands("cat /backup/caunoi.db"), |line| !line.starts_with("systemctl"));
        let restored = place.run_successfully(&here(restore)).await;
        assert_eq!(restored, copied, "the same state is there again");
    })
    .await;
}

/// Two database owners on one cluster, both without superuser rights, each with a database.
struct Owners {
    administration: DatabaseConnection,
    url: Url,
    name: String,
}

impl Owners {
    const BOTH: [&'static str; 2] = ["before", "after"];

    async fn make(settings: &Settings) -> Self {
        let url: Url = settings.database_url.as_deref().expect("a server").parse().expect("a URL");
        let name = url.path().trim_start_matches('/').to_owned();
        let owners = Self { administration: connect(settings).await, url, name };
        for which in Self::BOTH {
            let role = owners.role(which);
            // On newer PostgreSQL an administrator must allow an owner to grant itself the roles
            // of the schema.
            owners.run(&format!("CREATE ROLE {role} LOGIN CREATEROLE PASSWORD 'secret'")).await;
            for of_schema in ["caunoi_app", "caunoi_public", "caunoi_ministry", "caunoi_replica"] {
                owners.run(&format!("GRANT {of_schema} TO {role} WITH ADMIN OPTION")).await;
            }
            owners
                .run(&format!("CREATE DATABASE {role} OWNER {role} TEMPLATE template0 ENCODING 'UTF8'"))
                .await;
        }
        owners
    }

    /// Returns the name of an owner and its database; the next test run drops databases with such
    /// names.
    fn role(&self, which: &str) -> String {
        format!("{}_{which}", self.name)
    }

    fn url(&self, which: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(&self.role(which));
        url.set_username(&self.role(which)).expect("a URL with a host");
        url.set_password(Some("secret")).expect("a URL with a host");
        url.into()
    }

    async fn run(&self, sql: &str) {
        self.administration.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn remove(self) {
        for which in Self::BOTH {
            self.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.role(which))).await;
            self.run(&format!("DROP ROLE IF EXISTS {}", self.role(which))).await;
        }
        self.administration.close().await.expect("the database closes");
    }
}

#[tokio::test]
async fn runbook_dump_restores_under_another_owner() {
    on_postgres(|settings| async move {
        let runbook = MarkdownFile::read("deploy/RUNBOOK.md");
        let owners = Owners::make(&settings).await;
        let [before, after] = Owners::BOTH.map(|which| owners.url(which));
        let at = |url: &str| CommandFolder::new().with("DATABASE_URL", url).with("CAUNOI_LOG", "off");
        let source = at(&before);
        source.run_successfully("CAUNOI_DATABASE_URL=\"$DATABASE_URL\" caunoi migrate").await;
        source
            .run_successfully(&runbook.commands("pg_dump --format=custom --file=caunoi.dump.part \"$"))
            .await;
        let verified = source.run_successfully("CAUNOI_DATABASE_URL=\"$DATABASE_URL\" caunoi verify").await;

        let target = at(&after);
        fs::copy(source.path("caunoi.dump"), target.path("caunoi.dump")).expect("a whole dump");
        // The owner in the dump does not exist in the cluster of the restore.
        owners.run(&format!("DROP DATABASE {} WITH (FORCE)", owners.role("before"))).await;
        owners.run(&format!("DROP ROLE {}", owners.role("before"))).await;
        let restored = target.run_successfully(&runbook.commands("pg_restore --no-owner")).await;
        assert!(restored.ends_with(&verified), "{verified}\n{restored}");
        let started = Settings { database_url: Some(after), redis_url: None, ..settings.clone() };
        let server = Server::start(started).await;
        let answer = server.execute("{ agreements { totalCount { value } } }", serde_json::Value::Null).await;
        assert_eq!(answer["data"]["agreements"]["totalCount"]["value"], 140, "{answer}");
        server.stop().await;
        owners.remove().await;
    })
    .await;
}

#[tokio::test]
async fn failed_dump_leaves_no_final_file() {
    on_postgres(|settings| async move {
        let runbook = MarkdownFile::read("deploy/RUNBOOK.md");
        let owners = Owners::make(&settings).await;
        // The other role may read what the policies allow, and owns nothing.
        let stranger = owners.role("after");
        owners.run(&format!("GRANT USAGE ON SCHEMA public TO {stranger}")).await;
        owners.run(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {stranger}")).await;
        let mut url: Url = owners.url("after").parse().expect("a URL");
        url.set_path(&owners.name);
        let place = CommandFolder::new().with("DATABASE_URL", url.as_str());
        let ran = place.run(&runbook.commands("pg_dump --format=custom --file=caunoi.dump.part \"$")).await;
        assert!(!ran.is_done && ran.err.contains("row-level security"), "{ran}");
        assert!(!place.path("caunoi.dump").exists(), "it looks like a copy");
        owners.run(&format!("DROP OWNED BY {stranger}")).await;
        owners.remove().await;
    })
    .await;
}
