//! Migrations of the database schema.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::pools::Rights;
use caunoi_migrations::Migrations;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Order, Query};
use sea_orm_migration::{MigratorTrait, seaql_migrations};

/// The database has migration steps that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database is newer than this program: it has the step {step}; run the newer program")]
pub struct NewerDatabase {
    /// The first unknown step.
    pub step: String,
}

/// The advisory lock of the one starting node that migrates or loads; the number is arbitrary.
pub(crate) const START_LOCK: i64 = 0x000C_A0A0_1000_0001;

impl Store {
    /// Applies the missing migration steps and returns their number. If several nodes start at
    /// once, one migrates and the others wait.
    ///
    /// # Errors
    /// Returns `Newer` if the database has unknown steps, and an error if a step fails, which is
    /// then rolled back.
    pub async fn migrate(&self) -> Result<usize, StoreError> {
        match self.engine() {
            Engine::Sqlite => self.apply().await,
            Engine::Postgres => {
                // The lock lasts as long as this transaction, which has a connection of its own.
                let lock = self.begin_write(Rights::Owner).await?;
                lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({START_LOCK})")).await?;
                let applied = self.apply().await;
                lock.commit().await?;
                applied
            }
        }
    }

    async fn apply(&self) -> Result<usize, StoreError> {
        Migrations::install(self.owner()).await?;
        let applied = self.applied_steps().await?;
        let known: Vec<String> = Migrations::migrations().iter().map(|step| step.name().to_owned()).collect();
        if let Some(step) = applied.iter().find(|step| !known.contains(step)) {
            return Err(NewerDatabase { step: step.clone() }.into());
        }
        Migrations::up(self.owner(), None).await?;
        Ok(known.len() - applied.len())
    }

    async fn applied_steps(&self) -> Result<Vec<String>, StoreError> {
        let query = Query::select()
            .column(seaql_migrations::Column::Version)
            .from(seaql_migrations::Entity)
            .order_by(seaql_migrations::Column::Version, Order::Asc)
            .to_owned();
        let rows = self.owner().query_all(&query).await?;
        rows.iter().map(|row| row.try_get_by_index::<String>(0).map_err(StoreError::from)).collect()
    }
}
