//! Indexes and keys set aside while many rows come: dropped, and made again as they were.

use crate::connect::Engine;
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};

/// What was dropped, as the statements that make it again.
#[derive(Debug)]
pub(super) struct SetAside(Vec<String>);

/// Indexes that no constraint needs. SQLite keeps the others as long as the table.
const OF_SQLITE: &str = "
    SELECT format('DROP INDEX %s', name), sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?";

/// What SQLite does besides: words come in no order, and a row that lands anywhere in a key of
/// millions costs a page. So they wait in a table of the same name, which goes before the other one
/// where a statement names no schema, and are then sorted all at once.
const WAITING_WORDS: &str = "CREATE TEMP TABLE search_word AS SELECT * FROM search_word LIMIT 0";
const SORTED_WORDS: &str = "
    INSERT INTO main.search_word SELECT * FROM temp.search_word ORDER BY kind, word, province_id, number, slot;
    DROP TABLE temp.search_word";

/// Foreign keys, then keys, then indexes: in this order they are dropped, in the other one made
/// again, because the former need the latter.
const OF_POSTGRES: &str = "
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
        CASE contype WHEN 'f' THEN 1 ELSE 2 END AS turn
    FROM pg_constraint WHERE contype IN ('f', 'p', 'u') AND conrelid = to_regclass($1)
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 3
    FROM pg_index WHERE indrelid = to_regclass($1)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)";

impl SetAside {
    /// Drops what these tables are indexed by.
    pub(super) async fn drop(
        tx: &DatabaseTransaction,
        engine: Engine,
        tables: &[&'static str],
    ) -> Result<Self, StoreError> {
        let query = match engine {
            Engine::Sqlite => OF_SQLITE,
            Engine::Postgres => OF_POSTGRES,
        };
        let mut found: Vec<(i32, String, String)> = Vec::new();
        for table in tables {
            let statement =
                Statement::from_sql_and_values(tx.get_database_backend(), query, [(*table).into()]);
            for row in tx.query_all_raw(statement).await? {
                let turn = match engine {
                    Engine::Sqlite => 0,
                    Engine::Postgres => row.try_get_by_index(2)?,
                };
                found.push((turn, row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            }
        }
        found.sort_by_key(|(turn, ..)| *turn);
        if engine == Engine::Sqlite {
            found.push((0, WAITING_WORDS.to_owned(), SORTED_WORDS.to_owned()));
        }
        for (_, drop, _) in &found {
            tx.execute_unprepared(drop).await?;
        }
        Ok(Self(found.into_iter().map(|(.., make)| make).collect()))
    }

    /// Makes them again.
    pub(super) async fn make(&self, tx: &DatabaseTransaction, engine: Engine) -> Result<(), StoreError> {
        if engine == Engine::Postgres {
            // Sorting in memory, for as long as this transaction lasts.
            tx.execute_unprepared("SET LOCAL maintenance_work_mem = '512MB'").await?;
        }
        for make in self.0.iter().rev() {
            tx.execute_unprepared(make).await?;
        }
        Ok(())
    }
}
