//! The schema of the database, as forward-only migration steps for SQLite and PostgreSQL.
//!
//! Each step has one subject and one SQL text in `sql/`. Placeholders stand for syntax that differs
//! between the engines; [`Syntax`] lists them. SQLite has no roles, so steps of PostgreSQL do
//! nothing there. A released step never changes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrations;

#[async_trait::async_trait]
impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let steps = steps_of_one_owner().into_iter().chain(steps_of_many_owners());
        steps.map(|step| Box::new(step) as Box<dyn MigrationTrait>).collect()
    }
}

/// Returns the steps before entries had several owners.
fn steps_of_one_owner() -> Vec<MigrationStep> {
    vec![
        MigrationStep::on_both("m0001_installation", include_str!("sql/m0001_installation.sql")),
        MigrationStep::on_both("m0002_reference", include_str!("sql/m0002_reference.sql")),
        MigrationStep::on_both("m0003_log", include_str!("sql/m0003_log.sql")),
        MigrationStep::on_both("m0004_relation", include_str!("sql/m0004_relation.sql")),
        MigrationStep::on_both("m0005_agreement", include_str!("sql/m0005_agreement.sql")),
        MigrationStep::on_both("m0006_event", include_str!("sql/m0006_event.sql")),
        MigrationStep::on_both("m0007_organization", include_str!("sql/m0007_organization.sql")),
        MigrationStep::on_both("m0008_programme", include_str!("sql/m0008_programme.sql")),
        MigrationStep::on_both("m0009_figure", include_str!("sql/m0009_figure.sql")),
        MigrationStep::on_both("m0010_instrument", include_str!("sql/m0010_instrument.sql")),
        MigrationStep::on_both("m0011_search", include_str!("sql/m0011_search.sql")),
        MigrationStep::on_postgres("m0012_roles", include_str!("sql/m0012_roles.sql")),
        MigrationStep::on_both("m0013_filing", include_str!("sql/m0013_filing.sql")),
        MigrationStep::on_postgres("m0014_filing_rights", include_str!("sql/m0014_filing_rights.sql")),
        MigrationStep::on_postgres("m0015_stewards", include_str!("sql/m0015_stewards.sql")),
        MigrationStep::on_both("m0016_proposal", include_str!("sql/m0016_proposal.sql")),
        MigrationStep::on_postgres("m0017_proposal_rights", include_str!("sql/m0017_proposal_rights.sql")),
        MigrationStep::on_both("m0018_webhook", include_str!("sql/m0018_webhook.sql")),
        MigrationStep::on_postgres("m0019_webhook_rights", include_str!("sql/m0019_webhook_rights.sql")),
        MigrationStep::on_both("m0020_fact", include_str!("sql/m0020_fact.sql")),
        MigrationStep::on_postgres("m0021_fact_rights", include_str!("sql/m0021_fact_rights.sql")),
        MigrationStep::on_both("m0022_epoch", include_str!("sql/m0022_epoch.sql")),
        MigrationStep::on_postgres("m0023_epoch_rights", include_str!("sql/m0023_epoch_rights.sql")),
        MigrationStep::on_both("m0024_plans", include_str!("sql/m0024_plans.sql")),
        MigrationStep::on_postgres("m0026_owner_exempt", include_str!("sql/m0026_owner_exempt.sql")),
        MigrationStep::on_both("m0027_event_sides", include_str!("sql/m0027_event_sides.sql")),
        MigrationStep::on_sqlite(
            "m0029_operation_of_program",
            include_str!("sql/m0029_operation_of_program.sql"),
        ),
        MigrationStep::on_postgres(
            "m0030_operation_of_program",
            include_str!("sql/m0030_operation_of_program.sql"),
        ),
        MigrationStep::on_both("m0033_unit_split", include_str!("sql/m0033_unit_split.sql")),
        MigrationStep::on_both("m0035_withdrawal", include_str!("sql/m0035_withdrawal.sql")),
        MigrationStep::on_both("m0036_event_state", include_str!("sql/m0036_event_state.sql")),
        MigrationStep::on_postgres(
            "m0037_epoch_log_followed",
            include_str!("sql/m0037_epoch_log_followed.sql"),
        ),
        MigrationStep::on_both("m0039_provenance", include_str!("sql/m0039_provenance.sql")),
        MigrationStep::on_postgres(
            "m0040_provenance_rights",
            include_str!("sql/m0040_provenance_rights.sql"),
        ),
    ]
}

/// Returns the steps since then.
fn steps_of_many_owners() -> Vec<MigrationStep> {
    vec![
        MigrationStep::on_both("m0041_owner", include_str!("sql/m0041_owner.sql")),
        MigrationStep::on_postgres("m0042_owner_rights", include_str!("sql/m0042_owner_rights.sql")),
        MigrationStep::on_both("m0043_merge", include_str!("sql/m0043_merge.sql")),
        MigrationStep::on_postgres("m0044_merge_rights", include_str!("sql/m0044_merge_rights.sql")),
        MigrationStep::on_both("m0047_search_document", include_str!("sql/m0047_search_document.sql")),
        MigrationStep::on_postgres(
            "m0047_search_document_rights",
            include_str!("sql/m0047_search_document_rights.sql"),
        ),
        MigrationStep::on_both("m0049_refusal", include_str!("sql/m0049_refusal.sql")),
        MigrationStep::on_postgres("m0049_refusal_rights", include_str!("sql/m0049_refusal_rights.sql")),
        MigrationStep::on_both("m0050_access_rule", include_str!("sql/m0050_access_rule.sql")),
        MigrationStep::on_postgres(
            "m0051_access_rule_rights",
            include_str!("sql/m0051_access_rule_rights.sql"),
        ),
        MigrationStep::on_both("m0052_api_key_use", include_str!("sql/m0052_api_key_use.sql")),
        MigrationStep::on_postgres(
            "m0053_api_key_use_rights",
            include_str!("sql/m0053_api_key_use_rights.sql"),
        ),
        MigrationStep::on_both("m0054_quota", include_str!("sql/m0054_quota.sql")),
        MigrationStep::on_postgres("m0054_quota_rights", include_str!("sql/m0054_quota_rights.sql")),
        MigrationStep::on_both(
            "m0055_idempotency_content",
            include_str!("sql/m0055_idempotency_content.sql"),
        ),
    ]
}

/// The placeholders, and the text of each on one engine: the type of byte strings; the collation
/// that compares bytes; storing a table in the order of its key, where the engine can; the day in
/// Vietnam of the microseconds in `at_us`; the sources in the content of an entry; the files in that
/// of an agreement.
type Syntax = [(&'static str, &'static str); 6];

const POSTGRES: Syntax = [
    ("{bytes}", "BYTEA"),
    ("{binary}", "\"C\""),
    ("{by_key}", ""),
    ("{vietnam_day}", "(to_timestamp(at_us / 1000000 + 25200) AT TIME ZONE 'UTC')::DATE"),
    ("{sources}", "jsonb_array_elements_text(content::JSONB #> '{common,sources}') AS source (value)"),
    ("{files}", "jsonb_array_elements(content::JSONB -> 'files') AS file (value)"),
];

const SQLITE: Syntax = [
    ("{bytes}", "BLOB"),
    ("{binary}", "BINARY"),
    ("{by_key}", " WITHOUT ROWID"),
    ("{vietnam_day}", "date(at_us / 1000000 + 25200, 'unixepoch')"),
    ("{sources}", "json_each(content, '$.common.sources') AS source"),
    ("{files}", "json_each(content, '$.files') AS file"),
];

struct MigrationStep {
    name: &'static str,
    sql: &'static str,
    on_sqlite: bool,
    on_postgres: bool,
}

impl MigrationStep {
    fn on_both(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, on_sqlite: true, on_postgres: true }
    }

    fn on_postgres(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, on_sqlite: false, on_postgres: true }
    }

    fn on_sqlite(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, on_sqlite: true, on_postgres: false }
    }
}

impl MigrationName for MigrationStep {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for MigrationStep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let applies = if is_postgres { self.on_postgres } else { self.on_sqlite };
        if !applies {
            return Ok(());
        }
        let syntax = if is_postgres { POSTGRES } else { SQLITE };
        let sql = syntax.iter().fold(self.sql.to_owned(), |sql, (name, text)| sql.replace(name, text));
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
