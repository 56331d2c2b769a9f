//! The integrity check of a database.

use crate::error::Error;
use caunoi_store::{DatabaseLocation, IntegrityResult, Store};

/// Checks all logs and all rows of a database. Takes no lock, so a server may be running, and
/// applies no migration.
///
/// # Errors
/// Returns an error if the database does not respond.
pub async fn verify(place: &DatabaseLocation) -> Result<IntegrityResult, Error> {
    let store = Store::open(place).await?;
    let verdict = store.verify().await;
    store.close().await;
    Ok(verdict?)
}
