//! Bulk load of synthetic entries into an empty register, for load tests.

use crate::{Error, Register};
use caunoi_domain::data_set::Batch;
use caunoi_domain::directory::Directory;
use caunoi_domain::reference::Source;
use caunoi_domain::validation::Reason;
use caunoi_store::{StoreError, join_task};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Limit of generated batches that wait for the writer; they are generated on a thread of their
/// own.
const QUEUED_BATCHES: usize = 2;

/// The author, time and source of bulk-loaded entries.
#[derive(Debug)]
pub struct BulkOrigin {
    /// The author in the log.
    pub author: String,
    /// The time of every change, in microseconds since 1970.
    pub at_us: i64,
    /// The source; the register assigns its id.
    pub source: Source,
}

impl Register {
    /// Writes all batches that `generate` generates from the directory, in one transaction, into a
    /// register without entries of users. Calls `on_progress` with the number of entries written
    /// after each batch, and returns the total. The read model of this register is not updated;
    /// open the register again to read the entries.
    ///
    /// # Errors
    /// Returns an error if a user has written to the register, if `generate` or a batch fails, or
    /// if the database does not respond.
    pub async fn populate<M, I>(
        &self,
        origin: BulkOrigin,
        generate: M,
        mut on_progress: impl FnMut(u64),
    ) -> Result<u64, Error>
    where
        M: FnOnce(Arc<Directory>) -> Result<I, Reason>,
        I: Iterator<Item = Result<Batch, Reason>> + Send + 'static,
    {
        let mut bulk_load = self.store.begin_bulk_load(&origin.author, origin.at_us, origin.source).await?;
        let batches = generate(bulk_load.directory()).map_err(StoreError::from)?;
        let (sender, mut receiver) = mpsc::channel(QUEUED_BATCHES);
        let generator = tokio::task::spawn_blocking(move || {
            for batch in batches {
                // The receiver is dropped if a write failed.
                if sender.blocking_send(batch).is_err() {
                    break;
                }
            }
        });
        let mut written = 0;
        while let Some(batch) = receiver.recv().await {
            let batch = batch.map_err(StoreError::from)?;
            bulk_load.add(&batch).await?;
            written += batch.len() as u64;
            on_progress(written);
        }
        join_task(generator).await;
        bulk_load.commit(&self.store).await?;
        Ok(written)
    }
}
