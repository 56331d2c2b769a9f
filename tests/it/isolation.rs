//! Row-level security, the second line of defence: with the rights of a role no query returns
//! foreign rows.
//!
//! Each query here is plain SQL without conditions of the register. PostgreSQL only: SQLite has no
//! roles, so the conditions are the only defence there, and the tests on both engines cover them.

use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{AgreementDraft, Draft};
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::page::{ListQuery, Order, OrderKey, Sorting, Window};
use caunoi_domain::policy::{Actor, Role, Scope};
use caunoi_register::{CommandContext, Register, RegisterReader};
use caunoi_server::Settings;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait,
};
use std::sync::Arc;

use crate::harness::{Server, connect, on_postgres};

const OWN: i16 = 1;
const FOREIGN: i16 = 2;

/// A caller: a role, and its province, if any.
type RoleAndProvince = (&'static str, Option<i16>);

const PUBLIC: RoleAndProvince = ("caunoi_public", None);
const REPLICA: RoleAndProvince = ("caunoi_replica", None);
const NOBODY: RoleAndProvince = ("caunoi_app", None);
const CLERK: RoleAndProvince = ("caunoi_app", Some(OWN));
const MINISTRY: RoleAndProvince = ("caunoi_ministry", None);

/// A table with rows of provinces, and the condition of rows that are not public.
struct Table {
    name: String,
    unpublished: &'static str,
}

/// A database in which every published version also has a working version: a draft for odd
/// numbers, a submitted one for even numbers. Rows are copied table by table, so a new table is
/// covered too.
struct PolicyDatabase {
    database: DatabaseConnection,
    tables: Vec<Table>,
}

impl PolicyDatabase {
    async fn prepare(settings: &Settings) -> Self {
        let ground = Self::bare(settings).await;
        let slotted = "SELECT table_name::TEXT FROM information_schema.columns WHERE table_schema = 'public'
            AND column_name IN ('slot', 'publication') GROUP BY table_name HAVING bool_or(column_name = 'slot')
            ORDER BY count(*) DESC";
        for table in ground.texts(slotted).await {
            // Keys that the table does not have are ignored.
            let working = "jsonb_build_object('slot', 'WORKING', 'publication', (ARRAY['SUBMITTED', 'DRAFT'])[number % 2 + 1])";
            ground
                .run(&format!(
                    "INSERT INTO {table} SELECT (jsonb_populate_record(standing, {working})).*
                    FROM {table} AS standing WHERE slot = 'PUBLISHED'"
                ))
                .await;
        }
        ground
            .run(
                "INSERT INTO change SELECT (jsonb_populate_record(standing, jsonb_build_object('is_public', false,
                    'position', position + 1000000, 'was', 'DRAFT', 'publication', 'DRAFT'))).* FROM change AS standing;
                INSERT INTO idempotency SELECT province_id, 'CLERK:a', 'create', 'key', '', '{}', 0 FROM province_head;
                INSERT INTO quota_use SELECT province_id, 'CLERK:a', 'DRAFTS', 1, 1 FROM province_head;
                INSERT INTO filing SELECT province_id, 'PUBLISHED', now(), now(), now(), 1 FROM province_head;
                INSERT INTO locality_proposal SELECT province_id, 1, 'OPEN', 0, '{}' FROM province_head;
                INSERT INTO source (id, code, title, address, kind, province_id) SELECT 1000000 + province_id,
                    'own-' || province_id, '', '', 'NEWS', province_id FROM province_head;
                INSERT INTO file SELECT province_id, 'hash', 1, 'application/pdf', 'x', 'CLERK:a', 0 FROM province_head",
            )
            .await;
        ground
    }

    async fn bare(settings: &Settings) -> Self {
        let mut ground = Self { database: connect(settings).await, tables: Vec::new() };
        let tables = "SELECT table_name::TEXT FROM information_schema.columns AS tenant
            WHERE table_schema = 'public' AND column_name = 'province_id' AND table_name <> 'province' ORDER BY 1";
        for name in ground.texts(tables).await {
            let columns = ground
                .texts(&format!(
                    "SELECT column_name::TEXT FROM information_schema.columns WHERE table_name = '{name}'"
                ))
                .await;
            let has = |column: &str| columns.iter().any(|name| name == column);
            let unpublished = match (name.as_str(), has("slot"), has("is_public")) {
                // Everyone reads sources at once.
                ("source", ..) => "false",
                (_, true, _) => "slot <> 'PUBLISHED'",
                (_, false, true) => "NOT is_public",
                (_, false, false) => "true",
            };
            ground.tables.push(Table { name, unpublished });
        }
        assert!(ground.tables.len() > 20, "the tables of provinces are found");
        ground
    }

    async fn run(&self, sql: &str) {
        self.database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.database.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
    }

    async fn begin(&self, (role, province): RoleAndProvince) -> DatabaseTransaction {
        let tx = self.database.begin().await.expect("a transaction begins");
        let province = province.map_or(String::new(), |log| format!("SET LOCAL app.province = {log}"));
        let take = format!("SET LOCAL ROLE {role}; {province}");
        tx.execute_unprepared(&take).await.expect("the role is taken on");
        tx
    }

    /// Returns the number of such rows that the caller sees; 0 without access to the table.
    async fn count_visible(&self, caller: RoleAndProvince, table: &Table, which: &str) -> i64 {
        let tx = self.begin(caller).await;
        match count(&tx, &table.name, which).await {
            Ok(rows) => rows,
            Err(why) => {
                assert!(why.contains("permission denied"), "{caller:?} asks {}: {why}", table.name);
                0
            }
        }
    }

    /// Returns the number of such rows.
    async fn count_all(&self, table: &Table, which: &str) -> i64 {
        count(&self.database, &table.name, which).await.unwrap_or_else(|why| panic!("{}: {why}", table.name))
    }

    /// Asserts that the ministry sees submitted versions, and every role the published ones.
    async fn assert_versions_visible(&self, table: &Table) {
        let submitted = "slot = 'WORKING' AND (number % 2 = 0 OR province_id = 0)";
        let all = self.count_all(table, submitted).await;
        assert_eq!(self.count_visible(MINISTRY, table, submitted).await, all, "{}", table.name);
        for caller in [PUBLIC, REPLICA, NOBODY, CLERK, MINISTRY] {
            let published = "slot = 'PUBLISHED'";
            let all = self.count_all(table, published).await;
            assert_eq!(self.count_visible(caller, table, published).await, all, "{caller:?}: {}", table.name);
        }
    }

    /// Returns the number of rows that the caller writes; 0 if it is refused.
    async fn count_written(&self, caller: RoleAndProvince, sql: &str) -> u64 {
        match self.begin(caller).await.execute_unprepared(sql).await {
            Ok(done) => done.rows_affected(),
            Err(error) => {
                let why = error.to_string();
                let is_refused = why.contains("permission denied") || why.contains("row-level security");
                assert!(is_refused, "{sql}: {why}");
                0
            }
        }
    }
}

async fn count(database: &impl ConnectionTrait, table: &str, which: &str) -> Result<i64, String> {
    let sql = format!("SELECT count(*) FROM {table} WHERE {which}");
    let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let row = row.map_err(|error| error.to_string())?.expect("a count");
    row.try_get_by_index(0).map_err(|error| error.to_string())
}

#[tokio::test]
async fn no_role_reads_foreign_rows() {
    on_postgres(|settings| async move {
        let ground = PolicyDatabase::prepare(&settings).await;
        for table in &ground.tables {
            let unpublished = table.unpublished;
            let of_others = format!("{unpublished} AND province_id <> {OWN}");
            let of_provinces = format!("{unpublished} AND province_id <> 0");
            // Only the row of the version itself has its publication state.
            let drafts = match unpublished {
                "slot <> 'PUBLISHED'" => format!("{of_provinces} AND number % 2 = 1"),
                _ => of_provinces,
            };
            // The role of the read model must read the positions of every log and the filings, and
            // nothing else of a change.
            let kept = matches!(table.name.as_str(), "change" | "province_head" | "filing");
            // The ministry sees all proposals of provinces.
            let is_proposed = table.name == "locality_proposal";
            for (caller, foreign) in [(PUBLIC, unpublished), (NOBODY, unpublished), (CLERK, &of_others)]
                .into_iter()
                .chain((!is_proposed).then_some((MINISTRY, drafts.as_str())))
                .chain((!kept).then_some((REPLICA, unpublished)))
            {
                assert_eq!(
                    ground.count_visible(caller, table, foreign).await,
                    0,
                    "{caller:?} reads {}",
                    table.name
                );
                // Only the ministry has entries of some kinds.
                let has_secrets = unpublished != "false" && ground.count_all(table, "true").await > 0;
                if caller != MINISTRY && has_secrets {
                    assert!(ground.count_all(table, foreign).await > 0, "{}: nothing is foreign", table.name);
                }
            }
            if is_proposed {
                let all = ground.count_all(table, "true").await;
                assert_eq!(ground.count_visible(MINISTRY, table, "true").await, all);
            }
            let own = format!("{unpublished} AND province_id = {OWN}");
            assert_eq!(
                ground.count_visible(CLERK, table, &own).await,
                ground.count_all(table, &own).await,
                "{}",
                table.name
            );
            if unpublished == "slot <> 'PUBLISHED'" {
                ground.assert_versions_visible(table).await;
            }
        }
        let change = ground.tables.iter().find(|table| table.name == "change").expect("the log");
        for received in ["before_text", "after_text", "author", "reason", "idempotency_key"] {
            let which = format!("{received} IS NULL OR {received} IS NOT NULL");
            assert_eq!(ground.count_visible(REPLICA, change, &which).await, 0, "{received}");
        }
    })
    .await;
}

#[tokio::test]
async fn policies_name_schema_roles_only() {
    on_postgres(|settings| async move {
        let ground = PolicyDatabase::bare(&settings).await;
        let roles = "SELECT DISTINCT unnest(roles)::TEXT FROM pg_policies ORDER BY 1";
        // A dump contains the roles of policies, so the name of the owner would bind it to this
        // cluster.
        assert_eq!(
            ground.texts(roles).await,
            ["caunoi_app", "caunoi_ministry", "caunoi_public", "caunoi_replica"]
        );
        let unprotected =
            "SELECT relname::TEXT FROM pg_class WHERE relname IN (SELECT tablename FROM pg_policies)
            AND (relforcerowsecurity OR NOT relrowsecurity)";
        assert_eq!(ground.texts(unprotected).await, [""; 0], "the owner is bound, or nobody is");
    })
    .await;
}

#[tokio::test]
async fn no_role_writes_foreign_rows() {
    on_postgres(|settings| async move {
        let ground = PolicyDatabase::prepare(&settings).await;
        for table in &ground.tables {
            let name = &table.name;
            let everywhere = [
                format!("UPDATE {name} SET province_id = province_id WHERE province_id <> {OWN}"),
                format!("UPDATE {name} SET province_id = {FOREIGN} WHERE province_id = {OWN}"),
                format!("DELETE FROM {name} WHERE province_id <> {OWN}"),
                format!("TRUNCATE {name} CASCADE"),
                format!(
                    "INSERT INTO {name} SELECT (jsonb_populate_record(standing, '{{\"province_id\": {FOREIGN}}}')).* FROM {name} AS standing"
                ),
            ];
            for sql in &everywhere {
                assert_eq!(ground.count_written(CLERK, sql).await, 0, "{sql}");
            }
            let all = [format!("UPDATE {name} SET province_id = province_id"), format!("DELETE FROM {name}")];
            for sql in everywhere.iter().chain(&all) {
                for caller in [PUBLIC, REPLICA, MINISTRY, NOBODY] {
                    assert_eq!(ground.count_written(caller, sql).await, 0, "{caller:?}: {sql}");
                }
            }
        }
        for caller in [PUBLIC, REPLICA, MINISTRY, NOBODY, CLERK] {
            for sql in [
                "UPDATE change SET author = author",
                "DELETE FROM change",
                "DELETE FROM province_head",
                "UPDATE installation SET value = value",
                "UPDATE province SET population = 0",
                "DELETE FROM seaql_migrations",
            ] {
                assert_eq!(ground.count_written(caller, sql).await, 0, "{caller:?}: {sql}");
            }
            let why = ground.begin(caller).await.execute_unprepared("CREATE TABLE mine (number INTEGER)").await;
            assert!(why.is_err_and(|why| why.to_string().contains("permission denied")), "{caller:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn reference_data_is_written_in_the_ministry_log_only() {
    on_postgres(|settings| async move {
        let ground = PolicyDatabase::bare(&settings).await;
        let steward: RoleAndProvince = ("caunoi_app", Some(0));
        for table in ["country", "term", "locality", "locality_alias"] {
            let column = if table == "locality_alias" { "name" } else { "name_en" };
            let update = format!("UPDATE {table} SET {column} = {column}");
            let copy = format!("INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING");
            let delete = format!("DELETE FROM {table} WHERE false OR {column} = {column}");
            for caller in [PUBLIC, REPLICA, MINISTRY, NOBODY, CLERK] {
                for sql in [&update, &copy, &delete] {
                    assert_eq!(ground.count_written(caller, sql).await, 0, "{caller:?}: {sql}");
                }
                let tx = ground.begin(caller).await;
                assert!(count(&tx, table, "true").await.is_ok_and(|rows| rows > 0), "{caller:?}: {table}");
            }
            assert!(ground.count_written(steward, &update).await > 0, "{table}");
        }
        let of_others = format!("UPDATE source SET title = title WHERE province_id <> {OWN}");
        assert_eq!(ground.count_written(CLERK, &of_others).await, 0);
        assert!(ground.count_written(steward, "UPDATE source SET title = title").await > 0);
        for table in ["source", "occasion", "admin_unit", "unit_designation", "succession", "province"] {
            assert_eq!(ground.count_written(steward, &format!("DELETE FROM {table}")).await, 0, "{table}");
        }
    })
    .await;
}

/// Creates a draft of a published agreement as a clerk of this log, and returns its code.
async fn draft(register: &Arc<Register>, log: Log) -> String {
    let order = vec![Order { key: OrderKey::First, sorting: Sorting::Ascending }];
    let window = Window { size: 1, backwards: false, cursor: None };
    let filter = Filter::Is(caunoi_domain::filter::Predicate::Log(vec![log]));
    let reader = RegisterReader::new(Arc::clone(register), Scope::of(&Actor::public()));
    let page = reader.list::<Agreement>(&ListQuery { filter, order, window }).await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    let published = &page.rows.first().expect("the province has an agreement").1;
    let draft = AgreementDraft::from_content(&published.content, log, &register.read_model().directory);
    let actor = Actor::new(Role::Clerk, "a", Some(log), true).expect("a clerk");
    let repeat =
        IdempotencyKey { key: "once".to_owned(), operation: "create".to_owned(), input_hash: [0; 32] };
    let acted = register.create(CommandContext { actor, idempotency_key: Some(repeat) }, &draft, true).await;
    acted.unwrap_or_else(|error| panic!("{error}")).unwrap_or_else(|why| panic!("{why:?}")).value.meta.code
}

#[tokio::test]
async fn commands_run_with_the_rights_of_their_province() {
    on_postgres(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let register = server.register();
        let codes = [draft(register, Log::new(OWN)).await, draft(register, Log::new(FOREIGN)).await];
        let own = Scope::of(&Actor::new(Role::Clerk, "b", Some(Log::new(OWN)), false).expect("a clerk"));
        let ministry = Scope::of(&Actor::new(Role::Analyst, "c", None, false).expect("an analyst"));
        for (scope, visible) in [(own, &codes[..1]), (ministry, &[]), (Scope::of(&Actor::public()), &[])] {
            let reader = RegisterReader::new(Arc::clone(register), scope);
            let found = reader.find_by_codes::<Agreement>(&codes).await;
            let found = found.unwrap_or_else(|error| panic!("{error}"));
            let found: Vec<&String> = found.iter().map(|entry| &entry.meta.code).collect();
            assert!(found.iter().copied().eq(visible), "{scope:?}: {found:?}");
        }
        // The province of a transaction does not apply to the next one on the same connection.
        let ground = PolicyDatabase::bare(&settings).await;
        for table in &ground.tables {
            let foreign = format!("{} AND province_id <> {OWN}", table.unpublished);
            assert_eq!(ground.count_visible(CLERK, table, &foreign).await, 0, "{}", table.name);
            assert_eq!(ground.count_visible(NOBODY, table, table.unpublished).await, 0, "{}", table.name);
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn server_refuses_roles_that_bypass_row_security() {
    on_postgres(|settings| async move {
        let ground = PolicyDatabase::bare(&settings).await;
        let unable = async |sql: &str| {
            ground.run(sql).await;
            let started = caunoi_server::start(settings.clone()).await;
            let unable = started.expect_err("it does not start");
            assert_eq!(unable.exit_code(), 2, "{unable}");
            unable.to_string()
        };
        let received = unable("ALTER TABLE figure OWNER TO caunoi_public").await;
        assert!(
            received.contains("the role caunoi_public that requests run as bypasses row-level security"),
            "{received}"
        );
        ground.run("ALTER TABLE figure OWNER TO CURRENT_USER").await;
        let forgetful = "DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
        END $$";
        let received = unable(forgetful).await;
        assert!(received.contains("synchronous_commit is off"), "{received}");
    })
    .await;
}

/// For all roles the server connects without TLS on loopback: the URL of the tests does not set
/// it.
#[tokio::test]
async fn loopback_connections_use_no_tls() {
    on_postgres(|settings| async move {
        let server = Server::start(settings.clone()).await;
        server.execute("{ agreements(first: 1) { nodes { code } } }", serde_json::Value::Null).await;
        let url = reqwest::Url::parse(settings.database_url.as_deref().expect("a server")).expect("a URL");
        let is_silent = !url.query().unwrap_or_default().contains("ssl");
        let is_loopback = ["127.0.0.1", "localhost", "[::1]"].contains(&url.host_str().unwrap_or_default());
        let of_database = "SELECT count(*) FILTER (WHERE ssl), count(*) FROM pg_stat_ssl
            JOIN pg_stat_activity USING (pid)
            WHERE datname = current_database() AND application_name = 'caunoi'";
        let counted = connect(&settings)
            .await
            .query_one_raw(Statement::from_string(DbBackend::Postgres, of_database))
            .await;
        let row = counted.expect("the server answers").expect("a row");
        let (by_tls, all): (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        assert!(all >= 5, "every pool has a connection: {all}");
        assert!(!(is_silent && is_loopback) || by_tls == 0, "{by_tls} of {all}");
        server.stop().await;
    })
    .await;
}
