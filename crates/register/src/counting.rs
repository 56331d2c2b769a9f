//! Counting: a filter becomes a selection of facts, and every number is made from it.

use crate::error::Error;
use crate::{Reading, Replica, Stored};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::Words;
use caunoi_domain::statistics::{FactBook, Facts, Rows};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// A kind of entry that has facts in memory.
pub trait Counted: Stored {
    /// Its facts.
    fn facts(book: &FactBook) -> &Facts;
}

impl Counted for Relation {
    fn facts(book: &FactBook) -> &Facts {
        &book.relations
    }
}

impl Counted for Agreement {
    fn facts(book: &FactBook) -> &Facts {
        &book.agreements
    }
}

impl Counted for Organization {
    fn facts(book: &FactBook) -> &Facts {
        &book.organizations
    }
}

impl Counted for Event {
    fn facts(book: &FactBook) -> &Facts {
        &book.events
    }
}

/// Facts that pass a filter, and the state that they were taken from.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The state of the register.
    pub replica: Arc<Replica>,
    /// The rows of the facts of one kind.
    pub rows: Arc<Rows>,
}

/// No search finds more entries than this for a count.
const MOST_FOUND: u64 = 1_000_000;

/// Facts fewer than this are asked at once; more of them on a thread that may be busy for long.
pub(crate) const FEW_FACTS: usize = 100_000;

impl Reading {
    /// The entries of one kind whose texts have all these words.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_words<C: Counted>(&self, words: &Words) -> Result<Predicate, Error> {
        self.reads().note_all();
        let keys = self.rows().await?.find_words::<C>(self.scope(), words, MOST_FOUND).await?;
        Ok(Predicate::OneOf(C::KIND, Arc::new(keys.into_iter().collect())))
    }
}

impl Replica {
    /// The facts that pass a filter whose searches were replaced by what they found.
    pub async fn select<C: Counted>(self: &Arc<Self>, filter: Filter) -> Selection {
        let is_short = C::facts(&self.facts).reach(&filter) < FEW_FACTS;
        let replica = Arc::clone(self);
        let select = move || {
            let _timer = caunoi_metrics::select(C::KIND.into(), C::facts(&replica.facts).len());
            let rows = Arc::new(C::facts(&replica.facts).select(&filter));
            Selection { replica, rows }
        };
        if is_short { select() } else { at_length(select).await }
    }
}

/// As many walks over facts at once as there are cores: more would only wait for each other, and go
/// on when their askers have left.
static WALKS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Does work that walks over many facts, on a thread that may be busy for long.
pub(crate) async fn at_length<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // It is never closed, so there is always a permit to come.
    let permit = WALKS.acquire().await;
    let work = move || {
        let done = work();
        drop(permit);
        done
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // A panic goes on where it would have gone without the other thread.
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}
