//! The rules of organizations.

use super::{RuleChecker, Ruled};
use crate::date::FuzzyDate;
use crate::organization::Organization;
use crate::quantity::Measure;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] = &[
    Rule::Source,
    Rule::NotInFuture,
    Rule::DateOrder,
    Rule::UnitExists,
    Rule::ForeignLocality,
    Rule::WholeNumber,
    Rule::UnitOfQuantity,
    Rule::Currency,
];

impl Ruled for Organization {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_past("founded", self.founded.as_ref());
        checker.check_units_on("founded", &self.common, self.founded.as_ref());
        if let Some(country) = self.target_country {
            checker.check_country("targetCountry", country);
        }
        let founded = self.founded.as_ref();
        for members in &self.members {
            checker.check_past("asOf", members.as_of.as_ref());
            let counted = members.as_of.as_ref().and_then(FuzzyDate::latest);
            let begun = founded.filter(|founded| counted.is_some() && counted < founded.earliest());
            if let Some(founded) = begun.map(|founded| founded.edtf().to_owned()) {
                checker.note("asOf", RuleReason::CountedBeforeFounding { founded });
            }
            checker.check_quantity("members", Some(&members.count), Measure::Members);
        }
    }
}
