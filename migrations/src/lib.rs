//! The schema of the database, as forward-only migration steps for SQLite and PostgreSQL.
//!
//! Each step has one subject and one SQL text in `sql/`. Four placeholders stand for syntax that
//! differs between the engines: `{bytes}` for the type of byte strings, `{binary}` for the
//! collation that compares bytes, `{by_key}` for storing a table in the order of its key, where the
//! engine can, `{vietnam_day}` for the day in Vietnam of the microseconds in `at_us`. SQLite has no
//! roles, so steps of PostgreSQL do nothing there. A released step never changes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrations;

#[async_trait::async_trait]
impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        [
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
            MigrationStep::on_postgres(
                "m0017_proposal_rights",
                include_str!("sql/m0017_proposal_rights.sql"),
            ),
            MigrationStep::on_both("m0018_webhook", include_str!("sql/m0018_webhook.sql")),
            MigrationStep::on_postgres("m0019_webhook_rights", include_str!("sql/m0019_webhook_rights.sql")),
            MigrationStep::on_both("m0020_fact", include_str!("sql/m0020_fact.sql")),
            MigrationStep::on_postgres("m0021_fact_rights", include_str!("sql/m0021_fact_rights.sql")),
            MigrationStep::on_both("m0022_epoch", include_str!("sql/m0022_epoch.sql")),
            MigrationStep::on_postgres("m0023_epoch_rights", include_str!("sql/m0023_epoch_rights.sql")),
            MigrationStep::on_both("m0024_plans", include_str!("sql/m0024_plans.sql")),
            MigrationStep::on_postgres("m0026_owner_exempt", include_str!("sql/m0026_owner_exempt.sql")),
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
        ]
        .into_iter()
        .map(|step| Box::new(step) as Box<dyn MigrationTrait>)
        .collect()
    }
}

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
        let (bytes, binary, by_key, vietnam_day) = if is_postgres {
            ("BYTEA", "\"C\"", "", "(to_timestamp(at_us / 1000000 + 25200) AT TIME ZONE 'UTC')::DATE")
        } else {
            ("BLOB", "BINARY", " WITHOUT ROWID", "date(at_us / 1000000 + 25200, 'unixepoch')")
        };
        let sql = self.sql.replace("{bytes}", bytes).replace("{binary}", binary);
        let sql = sql.replace("{by_key}", by_key).replace("{vietnam_day}", vietnam_day);
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
