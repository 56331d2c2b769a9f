//! Counts: a filter selects facts in the read model, and every number is computed from a selection.

use crate::cancellation::Cancellation;
use crate::{Countable, ReadModel};
use caunoi_domain::filter::Filter;
use caunoi_domain::statistics::RowSelection;
use caunoi_store::join_task;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// The facts that pass a filter, and the read model that contains them.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The read model that the rows refer to.
    pub read_model: Arc<ReadModel>,
    /// The rows of the facts of one kind.
    pub rows: Arc<RowSelection>,
}

/// Below this number facts are scanned inline, else on a blocking thread.
pub(crate) const MAX_INLINE_FACTS: usize = 100_000;

impl ReadModel {
    /// Returns the facts that pass a filter. Searches in the filter must have been replaced by
    /// their results. If the work is cancelled, the selection is incomplete.
    pub async fn select<C: Countable>(
        self: &Arc<Self>,
        filter: Filter,
        cancellation: &Cancellation,
    ) -> Selection {
        let is_inline = C::facts(&self.facts).candidate_rows(&filter) < MAX_INLINE_FACTS;
        let (read_model, cancellation) = (Arc::clone(self), cancellation.clone());
        let select = move || {
            let _timer = caunoi_metrics::start_selection(C::KIND.into(), C::facts(&read_model.facts).len());
            let is_wanted = || !cancellation.is_cancelled();
            let rows = Arc::new(C::facts(&read_model.facts).select_while(&filter, is_wanted));
            Selection { read_model, rows }
        };
        if is_inline { select() } else { scan_blocking(select).await }
    }
}

/// One permit per core: more scans would only compete for the cores, and continue after their
/// callers have left.
static SCAN_PERMITS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Runs a scan over many facts on a blocking thread, at most one per core.
pub(crate) async fn scan_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // The semaphore is never closed, so a permit is always returned.
    let permit = SCAN_PERMITS.acquire().await;
    let work = move || {
        let done = work();
        drop(permit);
        done
    };
    join_task(tokio::task::spawn_blocking(work)).await
}
