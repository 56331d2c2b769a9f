//! The day and the administrative boundaries of a query.

use crate::date::Day;
use crate::directory::Directory;
use crate::entry::UnitId;
use crate::filter::{Filter, Predicate};
use crate::unit::AdminUnit;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The boundaries by which the entries of merged units are assigned to a unit.
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
pub enum Boundaries {
    /// Entries count under the unit that their unit was, or had become part of, on the `asOf` day.
    /// Without `asOf`, they count under the unit that they came from.
    AtTheTime,
    /// Entries count under the present-day province, including those of units merged into it.
    Today,
}

/// The day and the boundaries under which a query counts entries.
#[derive(Debug, Clone, Copy)]
pub struct BoundaryView<'a> {
    /// The reference data.
    pub directory: &'a Directory,
    /// The requested day; `None` when the query has none.
    pub as_of: Option<Day>,
    /// Today in Vietnam; used when `as_of` is `None`.
    pub today: Day,
    /// The requested boundaries.
    pub boundaries: Boundaries,
}

impl<'a> BoundaryView<'a> {
    /// Returns the day whose statuses and stages count.
    #[must_use]
    pub fn day(&self) -> Day {
        self.as_of.unwrap_or(self.today)
    }

    /// Returns the unit under which entries of `origin` count.
    #[must_use]
    pub fn unit_of(&self, origin: UnitId) -> UnitId {
        match (self.boundaries, self.as_of) {
            (Boundaries::Today, _) => self.directory.unit_on(origin, None),
            (Boundaries::AtTheTime, Some(day)) => self.directory.unit_on(origin, Some(day)),
            (Boundaries::AtTheTime, None) => origin,
        }
    }

    /// Returns the filter for entries that count under provinces with one of these slugs; a shared
    /// entry counts under each of its owners.
    ///
    /// Under today's boundaries the slug of a current province includes everything that it
    /// inherited; a slug that only former units had selects the entries of those units. Under the
    /// boundaries of the time the slug selects the units that have it on the day. An unknown slug
    /// selects no entry.
    #[must_use]
    pub fn province_filter(&self, slugs: &[String]) -> Filter {
        let mut logs = Vec::new();
        let mut units = Vec::new();
        match self.boundaries {
            Boundaries::Today => {
                for slug in slugs {
                    match self.directory.province_by_slug(slug) {
                        Some(province) => logs.push(province.log),
                        None => units.extend_from_slice(self.directory.units_by_slug(slug)),
                    }
                }
            }
            Boundaries::AtTheTime => units = self.units(|unit| self.counts_under(unit, slugs)),
        }
        let mut parts = Vec::new();
        if !logs.is_empty() {
            parts.push(Filter::Is(Predicate::Owner(logs)));
        }
        if !units.is_empty() {
            parts.push(Filter::Is(Predicate::Unit(units)));
        }
        Filter::Any(parts)
    }

    /// Returns the filter for entries of units with one of these slugs, at any time. Under the
    /// boundaries of the time it also includes entries that count under such a unit on the day.
    #[must_use]
    pub fn unit_filter(&self, slugs: &[String]) -> Filter {
        let follows = self.boundaries == Boundaries::AtTheTime;
        let units =
            self.units(|unit| slugs.contains(&unit.slug) || (follows && self.counts_under(unit, slugs)));
        Filter::Is(Predicate::Unit(units))
    }

    fn counts_under(&self, unit: &AdminUnit, slugs: &[String]) -> bool {
        let under = self.directory.unit(self.unit_of(unit.id));
        under.is_some_and(|under| slugs.contains(&under.slug))
    }

    fn units(&self, are_meant: impl Fn(&'a AdminUnit) -> bool) -> Vec<UnitId> {
        let units = self.directory.units().iter();
        units.filter(|unit| are_meant(unit)).map(|unit| unit.id).collect()
    }
}
