//! The entities of the store describe the tables that the migrations leave, on both engines.

use std::collections::BTreeSet;
use std::fs;

use caunoi_store::entity::{
    self, EntryColumn, MergedColumn, OwnerColumn, PackedColumn, SpanColumn, VersionKey,
};
use sea_orm::sea_query::{ColumnType, StringLen};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn,
    Statement,
};

use crate::harness::{connect, on_both_databases};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/store/src/entity");

/// Table, column, type, nullability and place in the primary key, from 1; 0 outside of it.
const SQLITE_COLUMNS: &str = "
    SELECT tables.name, columns.name, columns.type, columns.\"notnull\" = 0, columns.pk
    FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name <> 'seaql_migrations'";
const POSTGRES_COLUMNS: &str = "
    SELECT relname::TEXT, attname::TEXT, upper(format_type(atttypid, NULL)), NOT attnotnull,
        coalesce((SELECT array_position(conkey, attnum) FROM pg_constraint
            WHERE conrelid = tables.oid AND contype = 'p'), 0)
    FROM pg_class AS tables JOIN pg_attribute ON attrelid = tables.oid
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND attnum > 0 AND NOT attisdropped AND relname <> 'seaql_migrations'";

/// A column as one line, which a failure shows.
fn line(table: &str, column: &str, type_name: &str, is_null: bool, key: i32) -> String {
    let null = if is_null { "NULL" } else { "NOT NULL" };
    format!("{table}.{column} {type_name} {null}, key {key}")
}

/// Returns the columns of the tables in a database.
async fn stored(database: &DatabaseConnection, query: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await.expect("the schema can be read");
    rows.iter()
        .map(|row| {
            let (table, column, type_name, is_null, key): (String, String, String, bool, i32) =
                row.try_get_many_by_index().expect("a column");
            let type_name =
                if ["BLOB", "BYTEA"].contains(&type_name.as_str()) { "BYTES" } else { &type_name };
            line(&table, &column, type_name, is_null, key)
        })
        .collect()
}

/// Returns the name of a type as both engines have it.
fn type_name(column_type: &ColumnType) -> &'static str {
    let names = [
        (ColumnType::SmallInteger, "SMALLINT"),
        (ColumnType::Integer, "INTEGER"),
        (ColumnType::BigInteger, "BIGINT"),
        (ColumnType::Double, "DOUBLE PRECISION"),
        (ColumnType::Boolean, "BOOLEAN"),
        (ColumnType::Date, "DATE"),
        (ColumnType::String(StringLen::None), "TEXT"),
        (ColumnType::VarBinary(StringLen::None), "BYTES"),
    ];
    let name = names.into_iter().find(|(known, _)| known == column_type);
    name.unwrap_or_else(|| panic!("no table has a column of the type {column_type:?}")).1
}

/// A table as its entity describes it.
struct Description {
    table: &'static str,
    names: BTreeSet<&'static str>,
    lines: Vec<String>,
}

fn describe<E: EntityTrait>(entity: E) -> Description {
    let table = entity.table_name();
    let key: Vec<&str> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
    let described = |column: E::Column| {
        let name = column.as_str();
        let place = key.iter().position(|part| *part == name).map_or(0, |place| place + 1);
        let place = i32::try_from(place).expect("a short key");
        let definition = column.def();
        line(table, name, type_name(definition.get_column_type()), definition.is_null(), place)
    };
    Description {
        table,
        names: E::Column::iter().map(|column| column.as_str()).collect(),
        lines: E::Column::iter().map(described).collect(),
    }
}

fn names<C: IdenStatic + Iterable>() -> BTreeSet<&'static str> {
    C::iter().map(|column| column.as_str()).collect()
}

macro_rules! describe_all {
    ($($table:ident)*) => { [$(describe(entity::$table::Entity)),*] };
}

fn described() -> Vec<Description> {
    describe_all! {
        access_rule admin_unit agreement agreement_act agreement_field agreement_file agreement_merged agreement_owner agreement_party agreement_span
        api_key_use change country         entry_source epoch epoch_log event event_country event_field event_merged event_owner event_partner fact figure file filing idempotency
        installation instrument instrument_implements locality locality_alias locality_proposal membership
        occasion organization post programme programme_country programme_partner province province_head quota_use
        refusal relation relation_field relation_span search_document search_word source succession term unit_designation
        unit_geography webhook webhook_delivery
    }
    .into()
}

#[tokio::test]
async fn entities_are_the_tables_of_the_database() {
    on_both_databases(|settings| async move {
        let database = connect(&settings).await;
        let query = if settings.database_url.is_some() { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
        let stored = stored(&database, query).await;
        let described: BTreeSet<String> =
            described().into_iter().flat_map(|description| description.lines).collect();
        let undescribed: Vec<&String> = stored.difference(&described).collect();
        let missing: Vec<&String> = described.difference(&stored).collect();
        assert!(
            undescribed.is_empty() && missing.is_empty(),
            "only in the database: {undescribed:#?}\nonly in the entities: {missing:#?}"
        );
    })
    .await;
}

#[test]
fn each_file_of_an_entity_is_compared() {
    let files: BTreeSet<String> = fs::read_dir(FILES)
        .expect("the folder of the entities")
        .map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let tables: BTreeSet<String> =
        described().into_iter().map(|description| description.table.to_owned()).collect();
    assert_eq!(files, tables);
}

/// The tables whose rows belong to one version of an entry.
const TABLES_OF_VERSIONS: &[&str] = &[
    "relation",
    "relation_field",
    "relation_span",
    "agreement",
    "agreement_party",
    "agreement_act",
    "agreement_field",
    "agreement_owner",
    "agreement_file",
    "agreement_merged",
    "agreement_span",
    "event",
    "event_field",
    "event_merged",
    "event_owner",
    "event_partner",
    "event_country",
    "organization",
    "membership",
    "post",
    "programme",
    "programme_country",
    "programme_partner",
    "figure",
    "instrument",
    "instrument_implements",
    "search_word",
    "entry_source",
    "fact",
    "search_document",
];

#[test]
fn shared_columns_are_in_all_their_tables() {
    let shared = [
        (
            names::<EntryColumn>(),
            vec!["relation", "agreement", "event", "organization", "programme", "figure", "instrument"],
        ),
        (names::<VersionKey>(), TABLES_OF_VERSIONS.to_vec()),
        // `access_rule` has columns of these names for its own rules.
        (names::<PackedColumn>(), vec!["fact", "search_document", "access_rule"]),
        (names::<OwnerColumn>(), vec!["agreement_owner", "event_owner"]),
        (names::<MergedColumn>(), vec!["agreement_merged", "event_merged"]),
        (names::<SpanColumn>(), vec!["relation_span", "agreement_span"]),
        // Lists under a locality are ordered by the column of these child tables.
        (
            BTreeSet::from([EntryColumn::FirstEarliest.as_str()]),
            vec![
                "relation",
                "agreement",
                "agreement_party",
                "event",
                "event_partner",
                "organization",
                "programme",
                "figure",
                "instrument",
            ],
        ),
    ];
    let described = described();
    for (columns, tables) in shared {
        for description in &described {
            // A table has all of them, or is not meant.
            assert_eq!(
                columns.is_subset(&description.names),
                tables.contains(&description.table),
                "{columns:?} in {}",
                description.table
            );
        }
    }
}
