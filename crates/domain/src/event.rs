//! Events: visits, conferences, festivals, signings and the like.

mod hours;

pub use hours::Hours;
pub(crate) use hours::{parse_instant, parse_zone};

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, Direction, EntryKind, SignOfLife, TermId};
use crate::fact::{Fact, Period};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::reference::OccasionId;
use crate::statistics::QuantityKey;
use crate::text::fold_name;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// How people took part.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventMode {
    /// At the place.
    InPerson,
    /// On line.
    Online,
    /// Some at the place, some on line.
    Hybrid,
}

/// The rank of the highest who took part on either side.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventLevel {
    /// Leaders of Party, State, parliament or government.
    StateLeader,
    /// Ministers and their deputies.
    Minister,
    /// Leaders of a province, or of a locality abroad.
    ProvinceLeader,
    /// Heads of departments and the like.
    Department,
    /// Experts and staff.
    Working,
}

/// A leader who was present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The name.
    pub name: String,
    /// The post at the time.
    pub post: String,
}

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
    /// How people took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<EventMode>,
    /// The rank of the highest who took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<EventLevel>,
    /// When.
    pub when: Option<FuzzyDate>,
    /// From which hour to which, within [`Event::when`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
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
    /// Direct connections made, at all of them together.
    pub connections: Option<Quantity>,
    /// Leaders present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leader>,
    /// What it commemorated.
    pub occasions: Vec<OccasionId>,
    /// Which anniversary.
    pub anniversary_no: Option<i32>,
    /// Codes of agreements signed there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// Projects agreed on there, in the words of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome_projects: Vec<String>,
    /// The code of the relation that it serves, where a source names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

impl Event {
    /// Every country that the event has to do with: its place, its audience, its partners.
    #[must_use]
    pub fn countries(&self, directory: &Directory) -> Vec<CountryId> {
        let partners = self.partners.iter().filter_map(|partner| directory.locality(*partner));
        let countries = self.country.into_iter().chain(self.audience.iter().copied());
        countries.chain(partners.map(|partner| partner.country)).collect()
    }

    /// The day of linked activity that it stands for.
    #[must_use]
    pub fn activity_on(&self) -> Option<Day> {
        self.when.as_ref().and_then(FuzzyDate::first_latest)
    }

    /// What it adds to a sum: delegates of every event that it stands for, connections as stated.
    #[must_use]
    pub fn quantity(&self, key: QuantityKey) -> Option<Quantity> {
        match key {
            QuantityKey::Delegates => {
                let times = usize::try_from(self.occurrences.unwrap_or(1)).unwrap_or(1);
                let delegates = self.delegates.as_ref()?;
                Some(Quantity::sum(std::iter::repeat_n(delegates, times)))
            }
            QuantityKey::Connections => self.connections.clone(),
        }
    }
}

impl Content for Event {
    const KIND: EntryKind = EntryKind::Event;

    fn common(&self) -> &Common {
        &self.common
    }

    fn counted(&self, shared: Fact, directory: &Directory) -> Option<Fact> {
        Some(Fact {
            localities: self.partners.clone(),
            country: self.country,
            countries: self.countries(directory),
            term: Some(self.kind),
            direction: self.direction,
            event_level: self.level,
            mode: self.mode,
            series: self.series.as_deref().map(fold_name),
            edition: self.edition.as_deref().map(fold_name),
            delegates: self.quantity(QuantityKey::Delegates),
            connections: self.quantity(QuantityKey::Connections),
            first: Period::of(self.when.as_ref()),
            ..shared
        })
    }

    fn likeness(&self) -> Option<Likeness> {
        let partners = self.partners.iter().copied().map(Partner::Locality);
        Some(Likeness::new(partners.collect(), self.when.as_ref(), self.title.texts()))
    }

    fn sign_of_life(&self) -> Option<SignOfLife> {
        let partners = self.partners.clone();
        self.activity_on().map(|on| SignOfLife { on, relation: self.relation.clone(), partners })
    }
}
