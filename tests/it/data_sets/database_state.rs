//! The rows that a load writes, read with plain SQL, and their invariants.

use std::collections::{BTreeMap, HashMap};

use caunoi_domain::change::{ChainHash, Change, Subject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_server::Settings;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, TryGetable, Value};

use crate::harness::connect;

const ENTRIES: [&str; 7] =
    ["relation", "agreement", "event", "organization", "programme", "figure", "instrument"];

const OTHERS: [&str; 19] = [
    "admin_unit",
    "agreement_act",
    "agreement_field",
    "agreement_party",
    "agreement_span",
    "country",
    "entry_source",
    "fact",
    "locality",
    "locality_alias",
    "occasion",
    "province",
    "relation_span",
    "search_document",
    "search_word",
    "source",
    "succession",
    "term",
    "unit_designation",
];

/// All rows that a load can write, in a fixed order.
#[derive(Debug, PartialEq)]
pub(super) struct DatabaseState {
    pub(super) heads: BTreeMap<Log, LogHead>,
    /// Ordered by log and position.
    pub(super) changes: Vec<ChangeRow>,
    /// Entries by code.
    pub(super) entries: BTreeMap<String, PublishedRow>,
    /// The row counts of the other tables.
    others: Vec<(&'static str, i64)>,
    data_set: String,
}

/// The head of one log.
#[derive(Debug, PartialEq)]
pub(super) struct LogHead {
    pub(super) position: i64,
    pub(super) public_position: i64,
    pub(super) next_number: i32,
    pub(super) link: ChainHash,
}

/// One row of a log.
#[derive(Debug, PartialEq)]
pub(super) struct ChangeRow {
    pub(super) position: i64,
    pub(super) change: Change,
    pub(super) link: ChainHash,
}

/// The published row of an entry.
#[derive(Debug, PartialEq)]
pub(super) struct PublishedRow {
    log: Log,
    number: i32,
    version: i32,
    published_at_us: Option<i64>,
    updated_at_us: i64,
    content: String,
}

impl DatabaseState {
    pub(super) async fn read(settings: &Settings) -> Self {
        let database = connect(settings).await;
        let heads = rows(&database, "SELECT * FROM province_head").await;
        let changes = rows(&database, "SELECT * FROM change ORDER BY province_id, position").await;
        let mut entries = BTreeMap::new();
        for table in ENTRIES {
            let sql = format!("SELECT * FROM {table} WHERE slot = 'PUBLISHED'");
            entries.extend(rows(&database, &sql).await.iter().map(|row| (get(row, "code"), standing(row))));
        }
        let mut others = Vec::new();
        for table in OTHERS {
            let counted = rows(&database, &format!("SELECT count(*) AS count FROM {table}")).await;
            others.push((table, get(&counted[0], "count")));
        }
        let data_set = rows(&database, "SELECT value FROM installation WHERE name = 'data_set'").await;
        let state = Self {
            heads: heads.iter().map(|row| (log(row), head(row))).collect(),
            changes: changes.iter().map(change).collect(),
            entries,
            others,
            data_set: get(&data_set[0], "value"),
        };
        database.close().await.expect("the database closes");
        state
    }

    /// The last change of an entry in its own log.
    pub(super) fn last(&self, code: &str) -> &ChangeRow {
        let own = |row: &&ChangeRow| row.change.code == code && row.change.subject != Subject::Shared;
        self.changes.iter().rfind(own).expect("such a change")
    }

    /// Checks that positions have no gaps, hashes form a chain, heads equal the last changes, and
    /// published rows have the content of their last change.
    pub(super) fn check(&self) {
        let mut tails: BTreeMap<Log, (i64, i64, ChainHash)> =
            self.heads.keys().map(|log| (*log, (0, 0, [0; 32]))).collect();
        let mut last = HashMap::new();
        for row in &self.changes {
            let log = row.change.log;
            let (position, public_position, link) = tails.get_mut(&log).expect("every log has a head");
            assert_eq!(row.position, *position + 1, "a gap in {log:?}");
            assert_eq!(row.link, row.change.chain_hash(row.position, link), "{log:?} {}", row.position);
            *position = row.position;
            *public_position = if row.change.is_public { row.position } else { *public_position };
            *link = row.link;
            // A change of a shared entry has its content in the log of the entry.
            if row.change.subject != Subject::Shared {
                last.insert(row.change.code.as_str(), &row.change);
            }
        }
        for (log, head) in &self.heads {
            assert_eq!((head.position, head.public_position, head.link), tails[log], "the head of {log:?}");
        }
        for (code, entry) in &self.entries {
            let change = last.get(code.as_str()).unwrap_or_else(|| panic!("{code} is in no log"));
            assert_eq!(Some(&entry.content), change.after.as_ref(), "{code}");
            assert_eq!((entry.log, entry.version), (change.log, change.version), "{code}");
            assert!(entry.number <= self.heads[&entry.log].next_number, "{code}");
        }
    }

    /// Writes a version with the same content and another author.
    pub(super) async fn change_as(&self, settings: &Settings, author: &str, code: &str) {
        let ChangeRow { change, .. } = self.last(code);
        let head = &self.heads[&change.log];
        let position = head.position + 1;
        let version = change.version + 1;
        let own =
            Change { version, author: author.to_owned(), before: change.after.clone(), ..change.clone() };
        let link = own.chain_hash(position, &head.link).to_vec();
        let database = connect(settings).await;
        let log = own.log.number();
        let copy = "INSERT INTO change
            (province_id, position, subject, number, code, version, operation, was, publication, is_public, author, at_us,
             before_text, after_text, link)
            SELECT province_id, $1, subject, number, code, $2, operation, was, publication, is_public, $3, at_us,
             after_text, after_text, $4
            FROM change WHERE province_id = $5 AND code = $6";
        let values: [Value; 6] =
            [position.into(), version.into(), author.into(), link.clone().into(), log.into(), code.into()];
        execute(&database, copy, values).await;
        let head =
            "UPDATE province_head SET position = $1, public_position = $1, link = $2 WHERE province_id = $3";
        execute(&database, head, [position.into(), link.into(), log.into()]).await;
        execute(
            &database,
            "UPDATE agreement SET version = $1, last_version = $1 WHERE code = $2",
            [version.into(), code.into()],
        )
        .await;
        database.close().await.expect("the database closes");
    }
}

fn head(row: &QueryResult) -> LogHead {
    LogHead {
        position: get(row, "position"),
        public_position: get(row, "public_position"),
        next_number: get(row, "next_number"),
        link: link(row),
    }
}

fn change(row: &QueryResult) -> ChangeRow {
    let subject: String = get(row, "subject");
    let operation: String = get(row, "operation");
    let change = Change {
        log: log(row),
        subject: match subject.as_str() {
            "SHARED" => Subject::Shared,
            other => other.parse::<EntryKind>().map_or(Subject::Reference, Subject::Entry),
        },
        number: get(row, "number"),
        code: get(row, "code"),
        version: get(row, "version"),
        operation: operation.parse().expect("an operation"),
        was: get::<Option<String>>(row, "was").map(|was| was.parse().expect("a state of publication")),
        publication: get::<String>(row, "publication").parse().expect("a state of publication"),
        is_public: get(row, "is_public"),
        author: get(row, "author"),
        at_us: get(row, "at_us"),
        idempotency_key: get(row, "idempotency_key"),
        reason: get(row, "reason"),
        before: get(row, "before_text"),
        after: get(row, "after_text"),
    };
    ChangeRow { position: get(row, "position"), change, link: link(row) }
}

fn standing(row: &QueryResult) -> PublishedRow {
    PublishedRow {
        log: log(row),
        number: get(row, "number"),
        version: get(row, "version"),
        published_at_us: get(row, "published_at_us"),
        updated_at_us: get(row, "updated_at_us"),
        content: get(row, "content"),
    }
}

fn log(row: &QueryResult) -> Log {
    Log::new(get(row, "province_id"))
}

fn link(row: &QueryResult) -> ChainHash {
    get::<Vec<u8>>(row, "link").try_into().expect("32 bytes")
}

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> T {
    row.try_get("", column).unwrap_or_else(|error| panic!("{column}: {error}"))
}

async fn rows(database: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn execute(database: &DatabaseConnection, sql: &str, values: impl IntoIterator<Item = Value>) {
    let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, values);
    database.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
