//! The values of the installation, in the database because all nodes share them.

use crate::column::Table;
use crate::connect::Store;
pub(crate) use crate::entity::installation::Column;
use crate::entity::installation::{ActiveModel, Entity};
use crate::epoch;
use crate::error::StoreError;
use crate::insert::{Replacement, TableRow, insert, insert_absent};
use crate::pools::Rights;
use caunoi_domain::cursor::InstallationKey;
use data_encoding::HEXLOWER;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

pub(crate) const SIGNING_KEY: &str = "sealing_key";
/// The current epoch. Its row is deleted after a restore: the next start generates another epoch.
pub(crate) const EPOCH: &str = "epoch";
pub(crate) const DATA_SET: &str = "data_set";
/// The version of the packed format of facts.
pub(crate) const FACTS: &str = "facts";
/// The version of the packed format of search documents.
pub(crate) const SEARCH_DOCUMENTS: &str = "search_documents";

/// The shared values that a node reads at its start.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Signs the cursors of this installation.
    pub signing_key: InstallationKey,
}

impl Store {
    /// Returns the shared values; `key` and `epoch` are stored as signing key and epoch if the
    /// database has none. An epoch without rows begins at `at_us`.
    ///
    /// # Errors
    /// Returns an error if the database fails or a value is corrupt.
    pub async fn installation(
        &self,
        [key, epoch]: [[u8; 32]; 2],
        at_us: i64,
    ) -> Result<Installation, StoreError> {
        let values = [row(SIGNING_KEY, to_hex(&key)), row(EPOCH, to_hex(&epoch))];
        let tx = self.begin_write(Rights::Owner).await?;
        insert_absent(&tx, &values, OnConflict::column(Column::Name)).await?;
        epoch::record_current(&tx, at_us).await?;
        tx.commit().await?;
        Ok(Installation { signing_key: InstallationKey::new(self.load_bytes(SIGNING_KEY).await?) })
    }

    async fn load_bytes(&self, name: &'static str) -> Result<[u8; 32], StoreError> {
        let value = find_value(self.owner(), name).await?.unwrap_or_default();
        from_hex(&value).ok_or_else(|| StoreError::corrupt(Column::Value, name, "not 64 hexadecimal digits"))
    }

    /// Returns the version of the data set that was loaded last; `None` on a new database.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn data_set(&self) -> Result<Option<String>, StoreError> {
        find_value(self.owner(), DATA_SET).await
    }
}

/// Returns the row of a shared value.
pub(crate) fn row(name: &str, value: String) -> TableRow {
    TableRow::new(ActiveModel { name: Set(name.to_owned()), value: Set(value) })
}

fn table() -> Table {
    Table::of(Entity)
}

/// Returns a shared value; `None` if there is none of this name.
pub(crate) async fn find_value(
    database: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<String>, StoreError> {
    let query = Query::select()
        .column(Column::Value)
        .from(table())
        .and_where(Expr::col(Column::Name).eq(name))
        .to_owned();
    let row = database.query_one(&query).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Blocks other transactions that lock or change this value until the end of this one.
pub(crate) async fn lock_value(tx: &DatabaseTransaction, name: &str) -> Result<(), StoreError> {
    let lock = Query::update()
        .table(table())
        .value(Column::Value, Expr::col(Column::Value))
        .and_where(Expr::col(Column::Name).eq(name))
        .to_owned();
    tx.execute(&lock).await?;
    Ok(())
}

/// Stores a value in the transaction that makes it true.
pub(crate) async fn upsert_value(
    tx: &DatabaseTransaction,
    name: &str,
    value: &str,
) -> Result<(), StoreError> {
    insert(tx, &[row(name, value.to_owned())], Some(&Replacement::in_table::<Entity>(&[]))).await
}

/// Returns the hexadecimal text in which the table stores bytes.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}
