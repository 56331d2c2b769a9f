//! What this installation is: values that live in the database because all nodes share them.

use crate::connect::Store;
use crate::epoch;
use crate::error::StoreError;
use crate::pools::Rights;
use caunoi_domain::cursor::SealingKey;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

pub(crate) const SEALING_KEY: &str = "sealing_key";
/// Its row is deleted after a restore: the next start draws another epoch.
pub(crate) const EPOCH: &str = "epoch";
pub(crate) const DATA_SET: &str = "data_set";
/// Which way facts are packed here.
pub(crate) const FACTS: &str = "facts";

/// The shared values.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Seals every cursor that leaves this installation.
    pub sealing_key: SealingKey,
}

impl Store {
    /// The shared values; the fresh ones become sealing key and epoch where there is none yet. An
    /// epoch that the database has no rows of begins at `at_us`.
    ///
    /// # Errors
    /// The database does not answer, or what it holds cannot be read.
    pub async fn installation(
        &self,
        [key, epoch]: [[u8; 32]; 2],
        at_us: i64,
    ) -> Result<Installation, StoreError> {
        let insert = Query::insert()
            .into_table("installation")
            .columns(["name", "value"])
            .values_panic([SEALING_KEY.into(), to_hex(&key).into()])
            .values_panic([EPOCH.into(), to_hex(&epoch).into()])
            .on_conflict(OnConflict::column("name").do_nothing().to_owned())
            .to_owned();
        let tx = self.begin_write(Rights::Owner).await?;
        tx.execute(&insert).await?;
        epoch::record_current(&tx, at_us).await?;
        tx.commit().await?;
        Ok(Installation { sealing_key: SealingKey::new(self.held_bytes(SEALING_KEY).await?) })
    }

    async fn held_bytes(&self, name: &'static str) -> Result<[u8; 32], StoreError> {
        let held = held(self.owner(), name).await?.unwrap_or_default();
        from_hex(&held).ok_or_else(|| StoreError::Corrupt {
            table: "installation",
            column: "value",
            id: name.to_owned(),
            why: "not 64 hexadecimal digits".to_owned(),
        })
    }

    /// The version of the data set that was loaded last; none on a new database.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn data_set(&self) -> Result<Option<String>, StoreError> {
        held(self.owner(), DATA_SET).await
    }
}

/// A shared value; none where nothing was kept under this name.
pub(crate) async fn held(database: &impl ConnectionTrait, name: &str) -> Result<Option<String>, StoreError> {
    let query =
        Query::select().column("value").from("installation").and_where(Expr::col("name").eq(name)).to_owned();
    let row = database.query_one(&query).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Keeps a value within the transaction that makes it true.
pub(crate) async fn keep(tx: &DatabaseTransaction, name: &str, value: &str) -> Result<(), StoreError> {
    let upsert = Query::insert()
        .into_table("installation")
        .columns(["name", "value"])
        .values_panic([name.into(), value.into()])
        .on_conflict(OnConflict::column("name").update_column("value").to_owned())
        .to_owned();
    tx.execute(&upsert).await?;
    Ok(())
}

/// The digits of a value as the table holds it.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
        text
    })
}

pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let bytes: Vec<u8> = digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    bytes.try_into().ok()
}
