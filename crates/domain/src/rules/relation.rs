//! The rules of relations.

use super::{RuleChecker, Ruled};
use crate::relation::Relation;
use crate::validation::Rule;

pub(super) const RULES: &[Rule] = &[Rule::ForeignLocality];

impl Ruled for Relation {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_locality("partnerLocality", self.partner);
    }
}
