//! Sums of quantities: bounds of what was stated, one sum for each unit. No number is added that no
//! source states.

use super::{MOST_DIGITS, Qualifier, Quantity, QuantityParts};
use crate::validation::{InvalidReason, Reason};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The sums of quantities, one for each unit and currency, in the order of their codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuantitySums {
    /// The sums; empty where nothing is stated.
    pub units: Vec<UnitSum>,
}

/// The sum of quantities of one unit and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSum {
    /// The unit, as a code; empty where no member has one.
    pub unit: String,
    /// The ISO 4217 code, for money.
    pub currency: Option<String>,
    /// The sum of the lower bounds; None where no member has one. The total is at least that: what is
    /// summed is counted, and a member without a lower bound is not below zero.
    pub lower: Option<Decimal>,
    /// The sum of the upper bounds; None where a member has none.
    pub upper: Option<Decimal>,
    /// What was stated with each qualifier, in the order of [`Qualifier`].
    pub parts: Vec<SumPart>,
}

/// The members of a sum that have one qualifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumPart {
    /// The number of members.
    pub stated: u64,
    /// The sum of their numbers and of their bounds.
    pub quantity: Quantity,
}

impl QuantitySums {
    /// Returns the sums of quantities with multiplicities of at least 1.
    #[must_use]
    pub fn of<'a>(quantities: impl IntoIterator<Item = (&'a Quantity, u64)>) -> Self {
        let mut by_unit: BTreeMap<(&str, Option<&str>), SumAccumulator> = BTreeMap::new();
        for (quantity, times) in quantities {
            let unit = (quantity.unit.as_str(), quantity.currency.as_deref());
            by_unit.entry(unit).or_default().add(quantity, times);
        }
        // Zero and a quantity without a number may lack a unit. They join the others if these have
        // one unit.
        if by_unit.len() == 2
            && let Some(unitless) = by_unit.remove(&("", None))
        {
            for sum in by_unit.values_mut() {
                sum.join(&unitless);
            }
        }
        let sums = by_unit.into_iter().map(|((unit, currency), sum)| sum.into_unit_sum(unit, currency));
        Self { units: sums.collect() }
    }

    /// Returns the number of quantities.
    #[must_use]
    pub fn stated(&self) -> u64 {
        self.units.iter().map(UnitSum::stated).sum()
    }

    /// Returns the sum as one quantity; None where nothing is stated, and for several units.
    #[must_use]
    pub fn to_quantity(&self) -> Option<Quantity> {
        if let [sum] = self.units.as_slice() { Some(sum.to_quantity()) } else { None }
    }
}

impl UnitSum {
    /// Returns the number of members.
    #[must_use]
    pub fn stated(&self) -> u64 {
        self.parts.iter().map(|part| part.stated).sum()
    }

    /// Returns the exact total; None unless every member is exact.
    #[must_use]
    pub fn value(&self) -> Option<Decimal> {
        self.lower.filter(|_| self.parts.iter().all(|part| part.quantity.qualifier == Qualifier::Exact))
    }

    /// Returns the sum as one quantity: members of one qualifier keep it; several give a `RANGE` where
    /// all have an upper bound, else `AT_LEAST` the lower bounds, or `MORE_THAN` where a member is.
    #[must_use]
    pub fn to_quantity(&self) -> Quantity {
        if let [part] = self.parts.as_slice() {
            return part.quantity.clone();
        }
        let is_more = self.parts.iter().any(|part| part.quantity.qualifier == Qualifier::MoreThan);
        let (qualifier, [value, lower, upper]) = match (self.lower, self.upper) {
            (lower, Some(upper)) => (Qualifier::Range, [None, lower.or(Some(Decimal::ZERO)), Some(upper)]),
            (Some(lower), None) if is_more => (Qualifier::MoreThan, [Some(lower), Some(lower), None]),
            (Some(lower), None) => (Qualifier::AtLeast, [Some(lower), Some(lower), None]),
            (None, None) => (Qualifier::Unquantified, [None; 3]),
        };
        Quantity { value, lower, upper, qualifier, unit: self.unit.clone(), currency: self.currency.clone() }
    }
}

impl Quantity {
    /// Returns the total of that many of this quantity. A rank is not an amount, so its total has no
    /// number.
    ///
    /// # Errors
    /// `TotalTooLarge` where the total has more digits than a quantity.
    pub fn times(&self, times: u64) -> Result<Self, Reason> {
        if self.qualifier == Qualifier::Top {
            return Ok(self.without_number());
        }
        let total = |number: Decimal| number.saturating_mul(times.into());
        let parts = QuantityParts {
            value: self.value.map(total),
            lower: self.lower.map(total),
            upper: self.upper.map(total),
            qualifier: self.qualifier,
            unit: self.unit.clone(),
            currency: self.currency.clone(),
        };
        let too_large = || InvalidReason::TotalTooLarge { times, whole: MOST_DIGITS };
        Self::new(parts).map_err(|_| too_large().into())
    }

    /// Returns an amount of the same unit without a number.
    #[must_use]
    pub fn without_number(&self) -> Self {
        let (unit, currency) = (self.unit.clone(), self.currency.clone());
        let qualifier = Qualifier::Unquantified;
        Self { value: None, lower: None, upper: None, qualifier, unit, currency }
    }
}

/// The sums of value, lower and upper bound of some members; a sum is None where a member has none.
type Numbers = [Option<Decimal>; 3];

/// A running sum of one unit.
#[derive(Default)]
struct SumAccumulator {
    /// The number of members with each qualifier, and the sums of their numbers.
    parts: BTreeMap<u8, (Qualifier, u64, Numbers)>,
    /// The sum of the lower bounds of members that have one.
    lower: Option<Decimal>,
}

impl SumAccumulator {
    fn add(&mut self, quantity: &Quantity, times: u64) {
        let Quantity { value, lower, upper, .. } = quantity;
        let numbers = [*value, *lower, *upper].map(|number| number?.checked_mul(times.into()));
        // A rank is not an amount, so it has no sum.
        let is_rank = quantity.qualifier == Qualifier::Top;
        let (qualifier, numbers) =
            if is_rank { (Qualifier::Unquantified, [None; 3]) } else { (quantity.qualifier, numbers) };
        self.add_part(qualifier, times, numbers);
        self.add_lower(numbers[1]);
    }

    fn join(&mut self, other: &Self) {
        for (qualifier, stated, numbers) in other.parts.values() {
            self.add_part(*qualifier, *stated, *numbers);
        }
        self.add_lower(other.lower);
    }

    fn add_part(&mut self, qualifier: Qualifier, stated: u64, numbers: Numbers) {
        let nothing = || (qualifier, 0, [Some(Decimal::ZERO); 3]);
        let (_, count, sums) = self.parts.entry(qualifier as u8).or_insert_with(nothing);
        *count += stated;
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum = sum.zip(number).and_then(|(sum, number)| sum.checked_add(number));
        }
    }

    fn add_lower(&mut self, lower: Option<Decimal>) {
        self.lower = match (self.lower, lower) {
            (Some(sum), Some(lower)) => Some(sum.saturating_add(lower)),
            (sum, lower) => sum.or(lower),
        };
    }

    fn into_unit_sum(self, unit: &str, currency: Option<&str>) -> UnitSum {
        let parts = self.parts.into_values().map(|(qualifier, stated, numbers)| {
            let [value, lower, upper] = numbers.map(|number| number.map(|number| number.normalize()));
            // After an overflow there is no number.
            let is_known = value.is_some() || lower.is_some() && upper.is_some();
            let qualifier = if is_known { qualifier } else { Qualifier::Unquantified };
            let (unit, currency) = (unit.to_owned(), currency.map(str::to_owned));
            SumPart { stated, quantity: Quantity { value, lower, upper, qualifier, unit, currency } }
        });
        let parts: Vec<SumPart> = parts.collect();
        let uppers = parts.iter().map(|part| part.quantity.upper);
        let zero = Some(Decimal::ZERO);
        let upper = uppers.fold(zero, |sum, upper| sum?.checked_add(upper?)).map(|upper| upper.normalize());
        UnitSum {
            unit: unit.to_owned(),
            currency: currency.map(str::to_owned),
            lower: self.lower.map(|lower| lower.normalize()),
            upper,
            parts,
        }
    }
}

#[cfg(test)]
mod tests;
