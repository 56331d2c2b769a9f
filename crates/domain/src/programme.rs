//! Programmes: scholarships, exchanges, aid, memorial projects, heritage.

use crate::date::FuzzyDate;
use crate::entry::{Common, Content, CountryId, Direction, EntryKind, TermId};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::text;
use serde::{Deserialize, Serialize};

/// What a programme tells; counts only, never a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// What every entry shares.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// A term of `PROGRAMME_KIND`.
    pub kind: TermId,
    /// Which way it goes.
    pub direction: Option<Direction>,
    /// Partner localities.
    pub partners: Vec<LocalityId>,
    /// A partner that is a body, by its printed name.
    pub partner_body: Option<String>,
    /// Countries that it is for.
    pub countries: Vec<CountryId>,
    /// When it runs or ran.
    pub period: Option<FuzzyDate>,
    /// The date that the source speaks of.
    pub as_of: Option<FuzzyDate>,
    /// Seats a year.
    pub seats_per_year: Option<Quantity>,
    /// What it counts: projects, titles, dossiers.
    pub quantity: Option<Quantity>,
    /// What it is worth: a quantity with a currency.
    pub amount: Option<Quantity>,
}

impl Content for Programme {
    const KIND: EntryKind = EntryKind::Programme;

    fn common(&self) -> &Common {
        &self.common
    }

    fn likeness(&self) -> Option<Likeness> {
        let localities = self.partners.iter().copied().map(Partner::Locality);
        let bodies = self.partner_body.iter().map(|body| Partner::Body(text::fold(body)));
        let countries = self.countries.iter().copied().map(Partner::Country);
        let partners = localities.chain(bodies).chain(countries).collect();
        Some(Likeness::new(partners, self.period.as_ref(), self.title.texts()))
    }
}
