//! The rules of organizations.

use super::{RuleChecker, Ruled};
use crate::organization::Organization;
use crate::quantity::Measure;
use crate::validation::Rule;

pub(super) const RULES: &[Rule] =
    &[Rule::UnitExists, Rule::WholeNumber, Rule::UnitOfQuantity, Rule::Currency];

impl Ruled for Organization {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_units_on("founded", &self.common, self.founded.as_ref());
        for members in &self.members {
            checker.check_quantity("members", Some(&members.count), Measure::Members);
        }
    }
}
