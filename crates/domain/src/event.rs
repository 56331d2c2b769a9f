//! Diplomatic events: visits, conferences, festivals, signings.

mod hours;

pub use hours::Hours;
pub(crate) use hours::{parse_instant, parse_zone};

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, Direction, EntryKind, LinkedActivity, TermId};
use crate::locale::Bilingual;
use crate::occasion::OccasionId;
use crate::party::Participant;
use crate::place::LocalityId;
use crate::quantity::Quantity;
use crate::validation::Reason;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The form of participation in an event.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventMode {
    /// In person (trực tiếp).
    InPerson,
    /// Online (trực tuyến).
    Online,
    /// Partly in person and partly online.
    Hybrid,
}

/// The rank of the highest participant of an event, of either side.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventRank {
    /// A leader of the Party, the State, the parliament or the government.
    StateLeader,
    /// A minister or deputy minister.
    Minister,
    /// A leader of a province or of a locality abroad.
    ProvinceLeader,
    /// A head of a department or an official of similar rank.
    Department,
    /// Experts and staff.
    Working,
}

/// Whether an event takes place, as its province states it.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventState {
    /// Planned (dự kiến).
    Planned,
    /// Held (đã tổ chức).
    Held,
    /// Postponed without a new date (hoãn). Statistics count it on no day.
    Postponed,
    /// Cancelled (hủy). Statistics count it on no day.
    Cancelled,
}

impl EventState {
    /// Returns whether the event takes place on its date: as planned, or as it was held.
    #[must_use]
    pub fn takes_place(self) -> bool {
        match self {
            Self::Planned | Self::Held => true,
            Self::Postponed | Self::Cancelled => false,
        }
    }
}

/// A quantity that can be summed.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuantityKey {
    /// The delegates at events. An entry that represents several events counts that many times.
    Delegates,
    /// The direct business connections made at events.
    Connections,
}

impl QuantityKey {
    /// Returns whether entries of this kind can have such a quantity.
    #[must_use]
    pub fn is_offered(self, kind: EntryKind) -> bool {
        match self {
            Self::Delegates | Self::Connections => kind == EntryKind::Event,
        }
    }
}

/// A leader present at an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The name.
    pub name: String,
    /// The post at the time.
    pub post: String,
}

/// The content of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The fields of every entry.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// Another title under which the same event was printed.
    pub other_title: Option<String>,
    /// A term of `EVENT_KIND`.
    pub kind: TermId,
    /// The direction of a visit.
    pub direction: Option<Direction>,
    /// The mode of participation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<EventMode>,
    /// The state; None where the source states none, as in all shipped events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<EventState>,
    /// The rank of the highest participant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<EventRank>,
    /// The date.
    pub when: Option<FuzzyDate>,
    /// The start and end time, within [`Event::when`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// The town or venue.
    pub place: Option<String>,
    /// The country of the place.
    pub country: Option<CountryId>,
    /// The hosts; empty where the province alone is the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Participant>,
    /// Those who organized it together with the hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_organizers: Vec<Participant>,
    /// Localities abroad that took part.
    pub partners: Vec<LocalityId>,
    /// The countries that it addressed.
    pub audience: Vec<CountryId>,
    /// The series that it belongs to.
    pub series: Option<String>,
    /// Its edition within the series.
    pub edition: Option<String>,
    /// The number of events that the entry counts as, where it is more than one.
    pub occurrences: Option<i32>,
    /// Delegates at one of them.
    pub delegates: Option<Quantity>,
    /// Direct connections made, at all of them together.
    pub connections: Option<Quantity>,
    /// Leaders present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leader>,
    /// The occasions that it commemorated.
    pub occasions: Vec<OccasionId>,
    /// The number of the anniversary.
    pub anniversary_no: Option<i32>,
    /// Codes of agreements signed there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// Projects agreed on there, in the words of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome_projects: Vec<String>,
    /// The code of the relation that it belongs to, where a source names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

impl Event {
    /// Returns all countries of the event: of its place, its audience and its partners.
    #[must_use]
    pub fn countries(&self, directory: &Directory) -> Vec<CountryId> {
        let partners = self.partners.iter().filter_map(|partner| directory.locality(*partner));
        let countries = self.country.into_iter().chain(self.audience.iter().copied());
        countries.chain(partners.map(|partner| partner.country)).collect()
    }

    /// Returns whether the event takes place: unless it is postponed or cancelled.
    #[must_use]
    pub fn takes_place(&self) -> bool {
        self.state.is_none_or(EventState::takes_place)
    }

    /// Returns the state on a day: the stated one; without one, and after PLANNED, HELD from the day by
    /// which its date has certainly begun, on which it counts. None without a state and a date.
    #[must_use]
    pub fn state_on(&self, day: Day) -> Option<EventState> {
        let has_begun = self.when.is_some() && self.common.counts_from.is_some_and(|from| from <= day);
        match self.state {
            None | Some(EventState::Planned) if has_begun => Some(EventState::Held),
            None => self.when.is_some().then_some(EventState::Planned),
            stated => stated,
        }
    }

    /// Returns the day that counts as linked activity; None for an undated event and for one that
    /// does not take place.
    #[must_use]
    pub fn activity_on(&self) -> Option<Day> {
        let when = self.when.as_ref().filter(|_| self.takes_place());
        when.and_then(FuzzyDate::first_latest)
    }

    /// Returns the quantity for a sum: delegates times the number of events, connections as stated.
    /// A total that is too large, which no draft has, is an amount without a number.
    #[must_use]
    pub fn quantity(&self, key: QuantityKey) -> Option<Quantity> {
        match key {
            QuantityKey::Delegates => {
                let delegates = self.delegates.as_ref()?;
                Some(self.all_delegates()?.unwrap_or_else(|_| delegates.without_number()))
            }
            QuantityKey::Connections => self.connections.clone(),
        }
    }

    /// Returns the delegates at all events of the entry; `None` where it states none.
    ///
    /// # Errors
    /// `TotalTooLarge` where the total has more digits than a quantity.
    pub(crate) fn all_delegates(&self) -> Option<Result<Quantity, Reason>> {
        let times = self.occurrences.and_then(|times| u64::try_from(times).ok()).unwrap_or(1);
        self.delegates.as_ref().map(|delegates| delegates.times(times))
    }
}

impl Content for Event {
    const KIND: EntryKind = EntryKind::Event;

    fn common(&self) -> &Common {
        &self.common
    }

    fn linked_activity(&self) -> Option<LinkedActivity> {
        let (unit, relation) = (self.common.origin_unit, self.relation.clone());
        let partners = self.partners.clone();
        self.activity_on().map(|on| LinkedActivity { on, unit, relation, partners })
    }
}
