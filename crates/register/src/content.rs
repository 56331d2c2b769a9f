//! The contents of entries, as the callers of the register name them.

use crate::commands::WritableContent;
use crate::reader::ReadableContent;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{FactTable, Facts};

/// A content that the register stores. Every content with a table implements it; its callers need
/// not know the tables.
pub trait EntryContent: ReadableContent + WritableContent {}

impl<C: ReadableContent + WritableContent> EntryContent for C {}

/// A kind of entry whose facts are in memory.
pub trait Countable: EntryContent {
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
