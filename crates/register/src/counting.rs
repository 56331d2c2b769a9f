//! Counting: a filter becomes a selection of facts, and every number is made from it.

use crate::error::Error;
use crate::{Register, Replica, Stored};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Scope;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::Words;
use caunoi_domain::statistics::{FactBook, Facts};
use std::collections::HashMap;
use std::sync::Arc;

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
    pub rows: Arc<Vec<u32>>,
}

/// No search finds more entries than this for a count.
const MOST_FOUND: u64 = 1_000_000;

impl Register {
    /// The facts of this state that pass a filter. Only a filter that searches texts asks the
    /// database.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn select<C: Counted>(
        &self,
        scope: Scope,
        replica: &Arc<Replica>,
        filter: &Filter,
    ) -> Result<Selection, Error> {
        let mut found: HashMap<Words, Predicate> = HashMap::new();
        for words in filter.searches() {
            if !found.contains_key(words) {
                let keys = self.store.find_words::<C>(scope, words, MOST_FOUND).await?;
                found.insert(words.clone(), Predicate::OneOf(C::KIND, Arc::new(keys.into_iter().collect())));
            }
        }
        let filter = filter.clone().with_found(&|words| {
            found.get(words).cloned().unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default()))
        });
        let rows = Arc::new(C::facts(&replica.facts).select(&filter));
        Ok(Selection { replica: Arc::clone(replica), rows })
    }
}
