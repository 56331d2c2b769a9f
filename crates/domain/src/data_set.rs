//! A data set: everything that one shipment brings, checked and ready to be written.

use crate::agreement::Agreement;
use crate::date::Day;
use crate::directory::Reference;
use crate::draft::Placed;
use crate::event::Event;
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::programme::Programme;
use crate::relation::Relation;

/// A checked content under the code that names it for good.
#[derive(Debug, Clone)]
pub struct Coded<C> {
    /// The printable code.
    pub code: String,
    /// The content and its log.
    pub placed: Placed<C>,
}

/// Everything that one shipment brings.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// The day that it was compiled on, a dot, and what tells its files apart: versions of one
    /// day have no order.
    pub version: String,
    /// The day for which its statements stand.
    pub on: Day,
    /// Reference data. Rows that the register knows keep their keys; organizations and
    /// instruments are entries, so these two lists stay empty here.
    pub reference: Reference,
    /// Organizations.
    pub organizations: Vec<Coded<Organization>>,
    /// Instruments.
    pub instruments: Vec<Coded<Instrument>>,
    /// Relations, with the activity of this data set's agreements and events counted in.
    pub relations: Vec<Coded<Relation>>,
    /// Agreements.
    pub agreements: Vec<Coded<Agreement>>,
    /// Events.
    pub events: Vec<Coded<Event>>,
    /// Programmes.
    pub programmes: Vec<Coded<Programme>>,
    /// Figures.
    pub figures: Vec<Coded<Figure>>,
}

/// A part of what is filled in at once; each part stands for itself, so that they never have to lie
/// in memory together.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Relations, with the activity of the agreements and events beside them counted in.
    pub relations: Vec<Coded<Relation>>,
    /// Published agreements.
    pub agreements: Vec<Coded<Agreement>>,
    /// Agreements that their provinces still work on.
    pub drafts: Vec<Coded<Agreement>>,
    /// Events.
    pub events: Vec<Coded<Event>>,
}

impl Batch {
    /// How many entries it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.relations.len() + self.agreements.len() + self.drafts.len() + self.events.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
