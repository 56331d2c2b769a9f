//! The contents whose entries are counted in memory.

use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{FactTable, Facts};
use caunoi_store::StoredContent;

/// A kind of entry whose facts are in memory.
pub trait Countable: StoredContent {
    /// Returns the facts of this kind.
    fn facts(fact_table: &FactTable) -> &Facts;
}

impl Countable for Relation {
    fn facts(fact_table: &FactTable) -> &Facts {
        &fact_table.relations
    }
}

impl Countable for Agreement {
    fn facts(fact_table: &FactTable) -> &Facts {
        &fact_table.agreements
    }
}

impl Countable for Organization {
    fn facts(fact_table: &FactTable) -> &Facts {
        &fact_table.organizations
    }
}

impl Countable for Event {
    fn facts(fact_table: &FactTable) -> &Facts {
        &fact_table.events
    }
}
