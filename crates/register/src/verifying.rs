//! Walking a whole database, whether a server runs on it or not.

use crate::Place;
use crate::error::Error;
use caunoi_store::{Store, Verdict};

/// Walks all logs and all rows of a database as it stands: without a lock, and without bringing it
/// to another shape.
///
/// # Errors
/// The database does not answer.
pub async fn verify(place: &Place) -> Result<Verdict, Error> {
    let store = Store::open(place).await?;
    let verdict = store.verify().await;
    store.close().await;
    Ok(verdict?)
}
