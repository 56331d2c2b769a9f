//! Populating the register with entries that nobody wrote, for load tests.

use crate::{Error, Register};
use caunoi_domain::data_set::Batch;
use caunoi_domain::directory::Directory;
use caunoi_domain::reference::Source;
use caunoi_domain::refusal::Refusal;
use caunoi_store::StoreError;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Batches that wait to be written. Making them goes on in a thread of its own meanwhile.
const AHEAD: usize = 2;

/// Who populates, when, and what all of it was read in.
#[derive(Debug)]
pub struct Origin {
    /// The author in the log.
    pub author: String,
    /// The time of every change, in microseconds since 1970.
    pub at_us: i64,
    /// The source, which gets a key of the register's.
    pub source: Source,
}

impl Register {
    /// Populates a register that nobody wrote in: all that `make` makes over the directory, or
    /// nothing. `told` hears how many entries have been written after each batch. The replica
    /// stays behind; whoever wants to read opens the register anew.
    ///
    /// # Errors
    /// Somebody has written into the register; what `make` refuses; the database does not answer.
    pub async fn populate<M, I>(
        &self,
        origin: Origin,
        make: M,
        mut told: impl FnMut(u64),
    ) -> Result<u64, Error>
    where
        M: FnOnce(Arc<Directory>) -> Result<I, Refusal>,
        I: Iterator<Item = Result<Batch, Refusal>> + Send + 'static,
    {
        let mut populating = self.store.begin_populating(&origin.author, origin.at_us, origin.source).await?;
        let batches = make(populating.directory()).map_err(StoreError::from)?;
        let (sender, mut receiver) = mpsc::channel(AHEAD);
        let making = tokio::task::spawn_blocking(move || {
            for batch in batches {
                // Nobody takes it where the writing has failed.
                if sender.blocking_send(batch).is_err() {
                    break;
                }
            }
        });
        let mut written = 0;
        while let Some(batch) = receiver.recv().await {
            let batch = batch.map_err(StoreError::from)?;
            populating.add(&batch).await?;
            written += batch.len() as u64;
            told(written);
        }
        if let Err(failure) = making.await {
            // A panic goes on where it would have gone without the other thread.
            std::panic::resume_unwind(failure.into_panic());
        }
        populating.commit(&self.store).await?;
        Ok(written)
    }
}
