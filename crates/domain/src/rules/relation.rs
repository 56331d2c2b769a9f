//! The rules of relations.

use super::{RuleChecker, Ruled};
use crate::relation::Relation;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] = &[Rule::Source, Rule::NotInFuture, Rule::DateOrder, Rule::ForeignLocality];

impl Ruled for Relation {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_past("established", self.established.as_ref());
        checker.check_past("ended", self.ended.as_ref());
        if let (Some(established), Some(ended)) = (&self.established, &self.ended) {
            let earliest = established.earliest();
            let is_in_order = ended.latest().zip(earliest).is_none_or(|(end, start)| start <= end);
            let established = established.edtf().to_owned();
            checker.demand(is_in_order, "ended", RuleReason::EndsBeforeEstablished { established });
        }
        checker.check_locality("partnerLocality", self.partner);
    }
}
