//! The schema of the database, as forward-only steps that run on SQLite and PostgreSQL alike.
//!
//! Each step is one subject and one SQL text in `sql/`. Two things the engines spell differently:
//! `{bytes}` stands for the type of byte strings, `{binary}` for the collation that compares bytes.
//! A released step never changes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrations;

#[async_trait::async_trait]
impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        [
            Step { name: "m0001_installation", sql: include_str!("sql/m0001_installation.sql") },
            Step { name: "m0002_reference", sql: include_str!("sql/m0002_reference.sql") },
            Step { name: "m0003_log", sql: include_str!("sql/m0003_log.sql") },
            Step { name: "m0004_relation", sql: include_str!("sql/m0004_relation.sql") },
            Step { name: "m0005_agreement", sql: include_str!("sql/m0005_agreement.sql") },
            Step { name: "m0006_event", sql: include_str!("sql/m0006_event.sql") },
            Step { name: "m0007_organization", sql: include_str!("sql/m0007_organization.sql") },
            Step { name: "m0008_programme", sql: include_str!("sql/m0008_programme.sql") },
            Step { name: "m0009_figure", sql: include_str!("sql/m0009_figure.sql") },
            Step { name: "m0010_instrument", sql: include_str!("sql/m0010_instrument.sql") },
            Step { name: "m0011_search", sql: include_str!("sql/m0011_search.sql") },
        ]
        .into_iter()
        .map(|step| Box::new(step) as Box<dyn MigrationTrait>)
        .collect()
    }
}

struct Step {
    name: &'static str,
    sql: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let (bytes, binary) = if is_postgres { ("BYTEA", "\"C\"") } else { ("BLOB", "BINARY") };
        manager
            .get_connection()
            .execute_unprepared(&self.sql.replace("{bytes}", bytes).replace("{binary}", binary))
            .await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
