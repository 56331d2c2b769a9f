//! The rules of programmes.

use super::{RuleChecker, Ruled};
use crate::programme::Programme;
use crate::quantity::Measure;
use crate::validation::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::Source,
    Rule::ForeignLocality,
    Rule::WholeNumber,
    Rule::UnitOfQuantity,
    Rule::Currency,
    Rule::Amount,
];

impl Ruled for Programme {
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        checker.check_localities("partnerLocalities", &self.partners);
        for (index, country) in self.countries.iter().enumerate() {
            checker.check_country(&format!("countries.{index}"), *country);
        }
        checker.check_quantity("seatsPerYear", self.seats_per_year.as_ref(), Measure::Seats);
        checker.check_quantity("quantity", self.quantity.as_ref(), Measure::Results);
        checker.check_quantity("amount", self.amount.as_ref(), Measure::Money);
    }
}
