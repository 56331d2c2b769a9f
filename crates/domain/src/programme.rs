//! Programmes: scholarships, exchanges, aid, memorial projects, heritage.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, CountryId, Direction, EntryKind, TermId};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// The content of a programme. Contains counts only, no personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// The fields of every entry.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// A term of `PROGRAMME_KIND`.
    pub kind: TermId,
    /// The direction.
    pub direction: Option<Direction>,
    /// Partner localities.
    pub partners: Vec<LocalityId>,
    /// A partner organization, by its printed name.
    pub partner_body: Option<String>,
    /// The countries that it is for.
    pub countries: Vec<CountryId>,
    /// The period in which it runs.
    pub period: Option<FuzzyDate>,
    /// The date that the source refers to.
    pub as_of: Option<FuzzyDate>,
    /// The number of places per year.
    pub seats_per_year: Option<Quantity>,
    /// The number of its results: projects, titles, dossiers.
    pub quantity: Option<Quantity>,
    /// The amount of money: a quantity with a currency.
    pub amount: Option<Quantity>,
}

impl Content for Programme {
    const KIND: EntryKind = EntryKind::Programme;

    fn common(&self) -> &Common {
        &self.common
    }
}
