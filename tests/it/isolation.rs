//! Row-level security, the second wall: whatever is asked with the rights of a role, no foreign row comes back.
//!
//! Each question here is plain SQL without any condition of the register's. On PostgreSQL alone: SQLite has no roles,
//! there the conditions are the only wall, and the tests of both engines hold those.

use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{AgreementDraft, Draft};
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, Order, OrderKey, Sorting, Window};
use caunoi_domain::policy::{Actor, Role, Scope};
use caunoi_register::{Asked, Register, Repeat};
use caunoi_server::Settings;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait,
};

use crate::harness::{Server, connect, on_a_server_database};

const OWN: i16 = 1;
const FOREIGN: i16 = 2;

/// Somebody who asks: a role, and the province whose people they are, if any.
type Asker = (&'static str, Option<i16>);

const PUBLIC: Asker = ("caunoi_public", None);
const REPLICA: Asker = ("caunoi_replica", None);
const NOBODY: Asker = ("caunoi_app", None);
const CLERK: Asker = ("caunoi_app", Some(OWN));
const MINISTRY: Asker = ("caunoi_ministry", None);

/// A table of provinces, and what makes a row of it one that not everybody sees.
struct Table {
    name: String,
    unpublished: &'static str,
}

/// A database in which every published version has a working one beside it: a draft where its number is odd, a
/// submitted one where it is even. Rows are copied table by table, so a later table has them as well.
struct Ground {
    database: DatabaseConnection,
    tables: Vec<Table>,
}

impl Ground {
    async fn prepare(settings: &Settings) -> Self {
        let ground = Self::bare(settings).await;
        let slotted = "SELECT table_name::TEXT FROM information_schema.columns WHERE table_schema = 'public'
            AND column_name IN ('slot', 'publication') GROUP BY table_name HAVING bool_or(column_name = 'slot')
            ORDER BY count(*) DESC";
        for table in ground.texts(slotted).await {
            // Keys that the table does not have are passed over.
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
                INSERT INTO filing SELECT province_id, 'PUBLISHED', now(), now(), now(), 1 FROM province_head;
                INSERT INTO locality_proposal SELECT province_id, 1, 'OPEN', 0, '{}' FROM province_head",
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
            let unpublished = match (has("slot"), has("is_public")) {
                (true, _) => "slot <> 'PUBLISHED'",
                (false, true) => "NOT is_public",
                (false, false) => "true",
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

    async fn begin(&self, (role, province): Asker) -> DatabaseTransaction {
        let tx = self.database.begin().await.expect("a transaction begins");
        let province = province.map_or(String::new(), |log| format!("SET LOCAL app.province = {log}"));
        let take = format!("SET LOCAL ROLE {role}; {province}");
        tx.execute_unprepared(&take).await.expect("the role is taken on");
        tx
    }

    /// How many such rows the asker sees; none where the table is closed to them.
    async fn seen(&self, asker: Asker, table: &Table, which: &str) -> i64 {
        let tx = self.begin(asker).await;
        match count(&tx, &table.name, which).await {
            Ok(rows) => rows,
            Err(why) => {
                assert!(why.contains("permission denied"), "{asker:?} asks {}: {why}", table.name);
                0
            }
        }
    }

    /// How many such rows there are.
    async fn stand(&self, table: &Table, which: &str) -> i64 {
        count(&self.database, &table.name, which).await.unwrap_or_else(|why| panic!("{}: {why}", table.name))
    }

    /// How many rows the asker writes; refused is none.
    async fn written(&self, asker: Asker, sql: &str) -> u64 {
        match self.begin(asker).await.execute_unprepared(sql).await {
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
async fn nobody_reads_a_foreign_row() {
    on_a_server_database(|settings| async move {
        let ground = Ground::prepare(&settings).await;
        for table in &ground.tables {
            let unpublished = table.unpublished;
            let of_others = format!("{unpublished} AND province_id <> {OWN}");
            let of_provinces = format!("{unpublished} AND province_id <> 0");
            // Of what a version has, only the version itself tells how far it was brought.
            let drafts = match unpublished {
                "slot <> 'PUBLISHED'" => format!("{of_provinces} AND number % 2 = 1"),
                _ => of_provinces,
            };
            // The replica has to know where every log stands and who has filed, and reads no more of a change.
            let kept = matches!(table.name.as_str(), "change" | "province_head" | "filing");
            // Provinces propose to the ministry, which sees all of it.
            let is_proposed = table.name == "locality_proposal";
            for (asker, foreign) in [(PUBLIC, unpublished), (NOBODY, unpublished), (CLERK, &of_others)]
                .into_iter()
                .chain((!is_proposed).then_some((MINISTRY, drafts.as_str())))
                .chain((!kept).then_some((REPLICA, unpublished)))
            {
                assert_eq!(ground.seen(asker, table, foreign).await, 0, "{asker:?} reads {}", table.name);
                // Of some kinds the ministry alone has entries.
                if asker != MINISTRY && ground.stand(table, "true").await > 0 {
                    assert!(ground.stand(table, foreign).await > 0, "{}: nothing is foreign", table.name);
                }
            }
            if is_proposed {
                let all = ground.stand(table, "true").await;
                assert_eq!(ground.seen(MINISTRY, table, "true").await, all);
            }
            let own = format!("{unpublished} AND province_id = {OWN}");
            assert_eq!(
                ground.seen(CLERK, table, &own).await,
                ground.stand(table, &own).await,
                "{}",
                table.name
            );
            let is_versioned = unpublished == "slot <> 'PUBLISHED'";
            if is_versioned {
                let submitted = "slot = 'WORKING' AND (number % 2 = 0 OR province_id = 0)";
                let all = ground.stand(table, submitted).await;
                assert_eq!(ground.seen(MINISTRY, table, submitted).await, all, "{}", table.name);
                for asker in [PUBLIC, REPLICA, NOBODY, CLERK, MINISTRY] {
                    let published = "slot = 'PUBLISHED'";
                    let all = ground.stand(table, published).await;
                    assert_eq!(ground.seen(asker, table, published).await, all, "{asker:?}: {}", table.name);
                }
            }
        }
        let change = ground.tables.iter().find(|table| table.name == "change").expect("the log");
        for told in ["before_text", "after_text", "author", "reason", "idempotency_key"] {
            let which = format!("{told} IS NULL OR {told} IS NOT NULL");
            assert_eq!(ground.seen(REPLICA, change, &which).await, 0, "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn policies_name_no_role_but_those_of_the_schema() {
    on_a_server_database(|settings| async move {
        let ground = Ground::bare(&settings).await;
        let roles = "SELECT DISTINCT unnest(roles)::TEXT FROM pg_policies ORDER BY 1";
        // A dump names the roles of policies, so the name of the owner would bind it to this cluster.
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
async fn nobody_writes_a_foreign_row() {
    on_a_server_database(|settings| async move {
        let ground = Ground::prepare(&settings).await;
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
                assert_eq!(ground.written(CLERK, sql).await, 0, "{sql}");
            }
            let all = [format!("UPDATE {name} SET province_id = province_id"), format!("DELETE FROM {name}")];
            for sql in everywhere.iter().chain(&all) {
                for asker in [PUBLIC, REPLICA, MINISTRY, NOBODY] {
                    assert_eq!(ground.written(asker, sql).await, 0, "{asker:?}: {sql}");
                }
            }
        }
        for asker in [PUBLIC, REPLICA, MINISTRY, NOBODY, CLERK] {
            for sql in [
                "UPDATE change SET author = author",
                "DELETE FROM change",
                "DELETE FROM province_head",
                "UPDATE installation SET value = value",
                "UPDATE province SET population = 0",
                "DELETE FROM seaql_migrations",
            ] {
                assert_eq!(ground.written(asker, sql).await, 0, "{asker:?}: {sql}");
            }
            let why = ground.begin(asker).await.execute_unprepared("CREATE TABLE mine (number INTEGER)").await;
            assert!(why.is_err_and(|why| why.to_string().contains("permission denied")), "{asker:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn reference_data_is_written_in_the_log_of_the_ministry_alone() {
    on_a_server_database(|settings| async move {
        let ground = Ground::bare(&settings).await;
        let steward: Asker = ("caunoi_app", Some(0));
        for table in ["country", "term", "locality", "locality_alias"] {
            let column = if table == "locality_alias" { "name" } else { "name_en" };
            let update = format!("UPDATE {table} SET {column} = {column}");
            let copy = format!("INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING");
            let delete = format!("DELETE FROM {table} WHERE false OR {column} = {column}");
            for asker in [PUBLIC, REPLICA, MINISTRY, NOBODY, CLERK] {
                for sql in [&update, &copy, &delete] {
                    assert_eq!(ground.written(asker, sql).await, 0, "{asker:?}: {sql}");
                }
                let tx = ground.begin(asker).await;
                assert!(count(&tx, table, "true").await.is_ok_and(|rows| rows > 0), "{asker:?}: {table}");
            }
            assert!(ground.written(steward, &update).await > 0, "{table}");
        }
        for table in ["source", "occasion", "admin_unit", "unit_designation", "succession", "province"] {
            assert_eq!(ground.written(steward, &format!("DELETE FROM {table}")).await, 0, "{table}");
        }
    })
    .await;
}

/// The code of a draft that a clerk of this log makes of an agreement published there.
async fn draft(register: &Register, log: Log) -> String {
    let order = vec![Order { key: OrderKey::First, sorting: Sorting::Ascending }];
    let window = Window { size: 1, backwards: false, cursor: None };
    let filter = Filter::Is(caunoi_domain::filter::Predicate::Log(vec![log]));
    let page = register.list::<Agreement>(Scope::of(&Actor::public()), &Ask { filter, order, window }).await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    let published = &page.rows.first().expect("the province has an agreement").1;
    let draft = AgreementDraft::of(&published.content, log, &register.replica().directory);
    let actor = Actor::new(Role::Clerk, "a", Some(log), true).expect("a clerk");
    let repeat = Repeat { key: "once".to_owned(), operation: "create".to_owned(), input: [0; 32] };
    let acted = register.create(Asked { actor, repeat: Some(repeat) }, &draft, true).await;
    acted.unwrap_or_else(|error| panic!("{error}")).unwrap_or_else(|why| panic!("{why:?}")).entry.stamp.code
}

#[tokio::test]
async fn people_act_with_the_rights_of_their_province() {
    on_a_server_database(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let register = server.register();
        let codes = [draft(register, Log::new(OWN)).await, draft(register, Log::new(FOREIGN)).await];
        let own = Scope::of(&Actor::new(Role::Clerk, "b", Some(Log::new(OWN)), false).expect("a clerk"));
        let ministry = Scope::of(&Actor::new(Role::Analyst, "c", None, false).expect("an analyst"));
        for (scope, seen) in [(own, &codes[..1]), (ministry, &[]), (Scope::of(&Actor::public()), &[])] {
            let found = register.find_by_codes::<Agreement>(scope, &codes).await;
            let found = found.unwrap_or_else(|error| panic!("{error}"));
            let found: Vec<&String> = found.iter().map(|entry| &entry.stamp.code).collect();
            assert!(found.iter().copied().eq(seen), "{scope:?}: {found:?}");
        }
        // The province of one transaction is not that of the next one in the same connection.
        let ground = Ground::bare(&settings).await;
        for table in &ground.tables {
            let foreign = format!("{} AND province_id <> {OWN}", table.unpublished);
            assert_eq!(ground.seen(CLERK, table, &foreign).await, 0, "{}", table.name);
            assert_eq!(ground.seen(NOBODY, table, table.unpublished).await, 0, "{}", table.name);
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_does_not_start_on_rights_that_pass_by_the_wall() {
    on_a_server_database(|settings| async move {
        let ground = Ground::bare(&settings).await;
        let unable = async |sql: &str| {
            ground.run(sql).await;
            let started = caunoi_server::start(settings.clone()).await;
            let unable = started.expect_err("it does not start");
            assert_eq!(unable.exit_code(), 2, "{unable}");
            unable.to_string()
        };
        let told = unable("ALTER TABLE figure OWNER TO caunoi_public").await;
        assert!(
            told.contains("the role caunoi_public that requests run as passes by the row-level security"),
            "{told}"
        );
        ground.run("ALTER TABLE figure OWNER TO CURRENT_USER").await;
        let forgetful = "DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
        END $$";
        let told = unable(forgetful).await;
        assert!(told.contains("synchronous_commit is off"), "{told}");
    })
    .await;
}

/// Whatever rights a pool asks with, the server goes without TLS on loopback: the URL of tests says nothing of it.
#[tokio::test]
async fn connections_to_loopback_are_plain() {
    on_a_server_database(|settings| async move {
        let server = Server::start(settings.clone()).await;
        server.ask("{ agreements(first: 1) { nodes { code } } }", serde_json::Value::Null).await;
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
