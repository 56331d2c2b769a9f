//! The rules of events.

use super::{RuleChecker, Ruled};
use crate::date::FuzzyDate;
use crate::entry::Direction;
use crate::event::{Event, EventMode, EventState};
use crate::quantity::Measure;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] = &[
    Rule::Source,
    Rule::EventDay,
    Rule::EventPlaceOrPartner,
    Rule::NotInFuture,
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
        checker.demand(self.has_place_or_partner(), "place", RuleReason::NoEventPlace);
        checker.check_localities("partnerLocalities", &self.partners);
        checker.check_quantity("delegates", self.delegates.as_ref(), Measure::Delegates);
        checker.check_quantity("connectionsMade", self.connections.as_ref(), Measure::Connections);
    }
}

impl Event {
    fn has_place_or_partner(&self) -> bool {
        let is_online = self.mode == Some(EventMode::Online) || self.direction == Some(Direction::Online);
        self.place.is_some() || self.country.is_some() || !self.partners.is_empty() || is_online
    }
}
