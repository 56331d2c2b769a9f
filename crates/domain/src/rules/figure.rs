//! The rules of figures.

use super::{RuleChecker, Ruled};
use crate::figure::Figure;
use crate::quantity::is_count;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] = &[Rule::Source, Rule::WholeNumber, Rule::UnitOfQuantity, Rule::Currency];

impl Ruled for Figure {
    /// The indicator determines the units. A unit that is a currency code, such as `USD`, is money.
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        let quantity = &self.quantity;
        let unit = quantity.unit.as_str();
        let units = checker.directory().term(self.indicator).map_or(&[][..], |term| &term.units);
        if !unit.is_empty() && !units.iter().any(|known| known == unit) {
            let (given, permitted) = (unit.to_owned(), units.to_vec());
            checker.note("quantity.unit", RuleReason::OtherUnit { given, permitted });
        }
        if is_count(unit) {
            checker.check_count("quantity", quantity);
        } else if is_currency_code(unit) {
            let has_currency = quantity.currency.as_deref() == Some(unit);
            checker.demand(has_currency, "quantity.currency", RuleReason::NoCurrency);
        }
    }
}

fn is_currency_code(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|letter| letter.is_ascii_uppercase())
}
