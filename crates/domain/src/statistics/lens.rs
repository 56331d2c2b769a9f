//! The day and the boundaries that a question is asked for.

use crate::date::Day;
use crate::directory::Directory;
use crate::entry::UnitId;
use crate::filter::{Filter, Predicate};
use crate::unit::AdminUnit;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Under which unit the entries of a former unit count.
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
pub enum Boundaries {
    /// Under the unit that held their territory on the day asked for; without a day, their own.
    AtTheTime,
    /// Under the province that lives today.
    Today,
}

/// How a question looks at the register.
#[derive(Debug, Clone, Copy)]
pub struct Lens<'a> {
    /// The reference data.
    pub directory: &'a Directory,
    /// The day asked for.
    pub as_of: Option<Day>,
    /// Today in Vietnam, which stands in where no day was asked for.
    pub today: Day,
    /// The boundaries asked for.
    pub boundaries: Boundaries,
}

impl<'a> Lens<'a> {
    /// The day whose states count.
    #[must_use]
    pub fn day(&self) -> Day {
        self.as_of.unwrap_or(self.today)
    }

    /// The unit under which entries of this unit count.
    #[must_use]
    pub fn unit_of(&self, origin: UnitId) -> UnitId {
        match (self.boundaries, self.as_of) {
            (Boundaries::Today, _) => self.directory.unit_on(origin, None),
            (Boundaries::AtTheTime, Some(day)) => self.directory.unit_on(origin, Some(day)),
            (Boundaries::AtTheTime, None) => origin,
        }
    }

    /// Entries that count under provinces with one of these slugs.
    ///
    /// Under today's boundaries the slug of a living province means all that it inherited; a slug
    /// that only former units bore means what came from those. Under the boundaries of the time
    /// it means the units that bore it on the day. A slug that nobody bore means no entry.
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
            parts.push(Filter::Is(Predicate::Log(logs)));
        }
        if !units.is_empty() {
            parts.push(Filter::Is(Predicate::Unit(units)));
        }
        Filter::Any(parts)
    }

    /// Entries that came from units with one of these slugs, whenever the units bore them. Under
    /// the boundaries of the time also those that count under such a unit on the day.
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
