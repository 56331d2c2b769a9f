//! The rules of organizations.

use super::{RuleChecker, Ruled};
use crate::organization::Organization;
use crate::quantity::Measure;
use crate::validation::Rule;

pub(super) const RULES: &[Rule] =
    &[Rule::Source, Rule::NotInFuture, Rule::WholeNumber, Rule::UnitOfQuantity, Rule::Currency];

impl Ruled for Organization {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_past("founded", self.founded.as_ref());
        for members in &self.members {
            checker.check_past("asOf", members.as_of.as_ref());
            checker.check_quantity("members", Some(&members.count), Measure::Members);
        }
    }
}
