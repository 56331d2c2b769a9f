//! The rules of relations.

use super::{RuleChecker, Ruled};
use crate::date::{Day, DayRange, UNDATED_FIRST};
use crate::relation::Relation;
use crate::status::RelationStatus;
use crate::validation::{Rule, RuleReason};
use chrono::Datelike as _;

pub(super) const RULES: &[Rule] = &[
    Rule::Source,
    Rule::NotInFuture,
    Rule::DateOrder,
    Rule::UnitExists,
    Rule::RelationStatus,
    Rule::ForeignLocality,
];

impl Ruled for Relation {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_past("established", self.established.as_ref());
        checker.check_past("ended", self.ended.as_ref());
        if let Some(year) = self.evidence_year.filter(|year| *year > checker.context.today.year()) {
            checker.note("evidenceYear", RuleReason::InFuture { given: year.to_string() });
        }
        if let (Some(established), Some(ended)) = (&self.established, &self.ended) {
            let earliest = established.earliest();
            let is_in_order = ended.latest().zip(earliest).is_none_or(|(end, start)| start <= end);
            let established = established.edtf().to_owned();
            checker.demand(is_in_order, "ended", RuleReason::EndsBeforeEstablished { established });
        }
        self.check_units(checker);
        if let Some(reason) = self.find_status_after_end() {
            checker.note("status", reason);
        }
        checker.check_locality("partnerLocality", self.partner);
        checker.check_partners_on("partnerLocality", [self.partner], self.established.as_ref());
    }
}

impl Relation {
    /// Checks the units on the day of the establishment. A source that dates the relation instead shows
    /// that it began by the end of that year.
    fn check_units(&self, checker: &mut RuleChecker<'_>) {
        checker.check_units_on("established", &self.common, self.established.as_ref());
        let year = self.evidence_year.filter(|_| self.established.is_none());
        if let Some((year, latest)) = year.and_then(|year| Some((year, Day::from_ymd_opt(year, 12, 31)?))) {
            let days = DayRange { earliest: UNDATED_FIRST, latest };
            checker.check_units_in("evidenceYear", &self.common, &year.to_string(), days);
        }
    }

    /// Returns the contradiction of a status, other than ENDED, that is stated for a day after the end.
    fn find_status_after_end(&self) -> Option<RuleReason> {
        let (stated, ended) = (self.stated?, self.ended.as_ref()?);
        let is_over = ended.latest().is_some_and(|last| last < stated.on);
        let is_other = !matches!(stated.status, RelationStatus::Ended | RelationStatus::Unknown);
        let (status, ended) = (stated.status.into(), ended.edtf().to_owned());
        (is_over && is_other).then_some(RuleReason::RelationHasEnded { status, ended })
    }
}
