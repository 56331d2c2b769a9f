//! The rules of events.

use super::{RuleChecker, Ruled};
use crate::date::{Day, FuzzyDate};
use crate::entry::Direction;
use crate::event::{Event, EventMode, EventState};
use crate::quantity::Measure;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] = &[
    Rule::Source,
    Rule::EventDay,
    Rule::EventPlaceOrPartner,
    Rule::NotInFuture,
    Rule::NotOver,
    Rule::UnitExists,
    Rule::ForeignLocality,
    Rule::WholeNumber,
    Rule::UnitOfQuantity,
    Rule::Currency,
];

impl Ruled for Event {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        let has_start = self.when.as_ref().and_then(FuzzyDate::earliest).is_some();
        checker.demand(has_start, "heldOn", RuleReason::NoEventDay);
        if self.state == Some(EventState::Held) {
            checker.check_past("heldOn", self.when.as_ref());
        }
        if let Some(given) = self.planned_and_over(checker.context.today) {
            checker.note("state", RuleReason::PlannedAndOver { given });
        }
        checker.check_units_on("heldOn", &self.common, self.when.as_ref());
        checker.demand(self.has_place_or_partner(), "place", RuleReason::NoEventPlace);
        checker.check_localities("partnerLocalities", &self.partners);
        checker.check_partners_on("partnerLocalities", self.partners.iter().copied(), self.when.as_ref());
        checker.check_quantity("delegates", self.delegates.as_ref(), Measure::Delegates);
        checker.check_quantity("connectionsMade", self.connections.as_ref(), Measure::Connections);
    }
}

impl Event {
    /// Returns the date of an event that is stated to be planned, if it ended before `today`.
    fn planned_and_over(&self, today: Day) -> Option<String> {
        let when = self.when.as_ref().filter(|_| self.state == Some(EventState::Planned))?;
        when.latest().is_some_and(|last| last < today).then(|| when.edtf().to_owned())
    }

    fn has_place_or_partner(&self) -> bool {
        let is_online = self.mode == Some(EventMode::Online) || self.direction == Some(Direction::Online);
        self.place.is_some() || self.country.is_some() || !self.partners.is_empty() || is_online
    }
}
