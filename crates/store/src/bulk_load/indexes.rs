//! Indexes and keys that are dropped during a bulk load and recreated unchanged.

use crate::column::Table;
use crate::connect::Engine;
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};

/// The statements that recreate the dropped indexes.
#[derive(Debug)]
pub(super) struct DroppedIndexes(Vec<String>);

/// Indexes that no constraint needs. SQLite cannot drop the others without their table.
const SQLITE_INDEXES: &str = "
    SELECT format('DROP INDEX %s', name), sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?";

/// For SQLite: words arrive in no order, and a random insert into a key of millions of rows costs a
/// page. So they are collected in a temporary table of the same name, which shadows the main one
/// where a statement names no schema, and are sorted at the end.
const CREATE_WORD_BUFFER: &str = "CREATE TEMP TABLE search_word AS SELECT * FROM search_word LIMIT 0";
const FLUSH_WORD_BUFFER: &str = "
    INSERT INTO main.search_word SELECT * FROM temp.search_word ORDER BY kind, word, province_id, number, slot;
    DROP TABLE temp.search_word";

/// Foreign keys, then keys, then indexes: dropped in this order and recreated in reverse, because
/// the former depend on the latter.
const POSTGRES_INDEXES: &str = "
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
        CASE contype WHEN 'f' THEN 1 ELSE 2 END AS turn
    FROM pg_constraint WHERE contype IN ('f', 'p', 'u') AND conrelid = to_regclass($1)
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 3
    FROM pg_index WHERE indrelid = to_regclass($1)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)";

impl DroppedIndexes {
    /// Drops the indexes of these tables.
    pub(super) async fn drop(
        tx: &DatabaseTransaction,
        engine: Engine,
        tables: &[Table],
    ) -> Result<Self, StoreError> {
        let query = match engine {
            Engine::Sqlite => SQLITE_INDEXES,
            Engine::Postgres => POSTGRES_INDEXES,
        };
        let mut found: Vec<(i32, String, String)> = Vec::new();
        for table in tables {
            let statement =
                Statement::from_sql_and_values(tx.get_database_backend(), query, [table.name().into()]);
            for row in tx.query_all_raw(statement).await? {
                let drop_order = match engine {
                    Engine::Sqlite => 0,
                    Engine::Postgres => row.try_get_by_index(2)?,
                };
                found.push((drop_order, row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            }
        }
        found.sort_by_key(|(drop_order, ..)| *drop_order);
        if engine == Engine::Sqlite {
            found.push((0, CREATE_WORD_BUFFER.to_owned(), FLUSH_WORD_BUFFER.to_owned()));
        }
        for (_, drop, _) in &found {
            tx.execute_unprepared(drop).await?;
        }
        Ok(Self(found.into_iter().map(|(.., recreate)| recreate).collect()))
    }

    /// Recreates them.
    pub(super) async fn recreate(&self, tx: &DatabaseTransaction, engine: Engine) -> Result<(), StoreError> {
        if engine == Engine::Postgres {
            // Sort in memory, in this transaction only.
            tx.execute_unprepared("SET LOCAL maintenance_work_mem = '512MB'").await?;
        }
        for recreate in self.0.iter().rev() {
            tx.execute_unprepared(recreate).await?;
        }
        Ok(())
    }
}
