//! Events: visits, conferences, festivals, signings and the like.

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, Direction, EntryKind, TermId};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::reference::OccasionId;
use serde::{Deserialize, Serialize};

/// What an event tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What every entry shares.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// Another title under which the same event was printed.
    pub other_title: Option<String>,
    /// A term of `EVENT_KIND`.
    pub kind: TermId,
    /// For visits: who went to whom.
    pub direction: Option<Direction>,
    /// When.
    pub when: Option<FuzzyDate>,
    /// The town or venue.
    pub place: Option<String>,
    /// The country of the place.
    pub country: Option<CountryId>,
    /// Localities abroad that took part.
    pub partners: Vec<LocalityId>,
    /// Countries that it addressed.
    pub audience: Vec<CountryId>,
    /// The series that it belongs to.
    pub series: Option<String>,
    /// Its edition within the series.
    pub edition: Option<String>,
    /// How many events this entry stands for, where it is more than one.
    pub occurrences: Option<i32>,
    /// Delegates at one of them.
    pub delegates: Option<Quantity>,
    /// Direct connections made.
    pub connections: Option<Quantity>,
    /// What it commemorated.
    pub occasions: Vec<OccasionId>,
    /// Which anniversary.
    pub anniversary_no: Option<i32>,
}

impl Event {
    /// Every country that the event has to do with: its place, its audience, its partners.
    #[must_use]
    pub fn countries(&self, directory: &Directory) -> Vec<CountryId> {
        let partners = self.partners.iter().filter_map(|partner| directory.locality(*partner));
        let countries = self.country.into_iter().chain(self.audience.iter().copied());
        countries.chain(partners.map(|partner| partner.country)).collect()
    }
}

impl Content for Event {
    const KIND: EntryKind = EntryKind::Event;

    fn common(&self) -> &Common {
        &self.common
    }

    fn likeness(&self) -> Option<Likeness> {
        let partners = self.partners.iter().copied().map(Partner::Locality);
        Some(Likeness::new(partners.collect(), self.when.as_ref(), self.title.texts()))
    }

    fn signs_of_life(&self) -> Vec<(LocalityId, Day)> {
        self.activity_on()
            .map_or_else(Vec::new, |day| self.partners.iter().map(|partner| (*partner, day)).collect())
    }
}
