//! Sums of quantities with different qualifiers.

use std::borrow::Borrow;

use rust_decimal::Decimal;

use super::{MOST_PLACES, Qualifier, Quantity};

impl Quantity {
    /// Returns the sum, with those bounds that all members have.
    ///
    /// All `EXACT` is `EXACT`; with both bounds known the sum is a `RANGE`; with only the lower one
    /// `AT_LEAST`, or `MORE_THAN` where a member is. Nearly and exact numbers are `NEARLY` their
    /// sum. Everything else is `ABOUT` the sum of the numbers and the middles of the ranges.
    /// An `UNQUANTIFIED` member is a count of zero or more. The sum of different units or
    /// currencies, and of ranks (`TOP`), is `UNQUANTIFIED`. The sum of an empty list is an exact
    /// zero without unit.
    #[must_use]
    pub fn sum(quantities: impl IntoIterator<Item = impl Borrow<Self>>) -> Self {
        let mut tally = SumAccumulator::EMPTY;
        for quantity in quantities {
            tally.add(quantity.borrow(), 1);
        }
        tally.finish()
    }

    /// Returns the sum of quantities with multiplicities of at least 1.
    #[must_use]
    pub fn sum_of_many<'a>(quantities: impl IntoIterator<Item = (&'a Self, u64)>) -> Self {
        let mut tally = SumAccumulator::EMPTY;
        for (quantity, times) in quantities {
            tally.add(quantity, times);
        }
        tally.finish()
    }

    /// Returns the number to add in an `ABOUT` sum; None without one.
    fn middle(&self) -> Option<Decimal> {
        match self.qualifier {
            Qualifier::Unquantified => Some(Decimal::ZERO),
            Qualifier::Range => self.lower?.checked_add(self.upper?).map(|both| both / Decimal::TWO),
            Qualifier::Exact
            | Qualifier::AtLeast
            | Qualifier::MoreThan
            | Qualifier::Nearly
            | Qualifier::About
            | Qualifier::Top => self.value,
        }
    }
}

/// A running sum. Invariant: a number that is None stays None, because one open member leaves the
/// sum open.
struct SumAccumulator {
    middle: Option<Decimal>,
    lower: Option<Decimal>,
    upper: Option<Decimal>,
    /// The unit and currency of the members so far that have one.
    unit: Option<(String, Option<String>)>,
    is_one_unit: bool,
    /// One bit per qualifier of the members.
    seen: u8,
}

impl SumAccumulator {
    const EMPTY: Self = Self {
        middle: Some(Decimal::ZERO),
        lower: Some(Decimal::ZERO),
        upper: Some(Decimal::ZERO),
        unit: None,
        is_one_unit: true,
        seen: 0,
    };

    fn add(&mut self, quantity: &Quantity, times: u64) {
        let is_counted = quantity.qualifier != Qualifier::Unquantified;
        let lower = if is_counted { quantity.lower } else { Some(Decimal::ZERO) };
        let all = |number: Option<Decimal>| number?.checked_mul(times.into());
        self.middle = plus(self.middle, all(quantity.middle()));
        self.lower = plus(self.lower, all(lower));
        self.upper = plus(self.upper, all(quantity.upper));
        self.seen |= bit(quantity.qualifier);
        match &self.unit {
            _ if quantity.unit.is_empty() => {}
            None => self.unit = Some((quantity.unit.clone(), quantity.currency.clone())),
            Some((unit, currency)) => {
                self.is_one_unit &= *unit == quantity.unit && *currency == quantity.currency;
            }
        }
    }

    fn finish(self) -> Quantity {
        let qualifier = self.qualifier();
        let (unit, currency) = match self.unit {
            Some(unit) if self.is_one_unit => unit,
            Some(_) | None => (String::new(), None),
        };
        let [value, lower, upper] = match qualifier {
            Qualifier::Exact => [self.lower; 3],
            Qualifier::AtLeast | Qualifier::MoreThan => [self.lower, self.lower, None],
            Qualifier::Nearly => [self.upper, None, self.upper],
            Qualifier::Range => [None, self.lower, self.upper],
            Qualifier::About => [self.middle, self.lower, self.upper],
            Qualifier::Top | Qualifier::Unquantified => [None; 3],
        }
        .map(|number| number.map(|number| number.round_dp(MOST_PLACES).normalize()));
        Quantity { value, lower, upper, qualifier, unit, currency }
    }

    fn qualifier(&self) -> Qualifier {
        let has = |qualifier| self.seen & bit(qualifier) != 0;
        let has_only = |qualifiers: &[Qualifier]| {
            self.seen & !qualifiers.iter().fold(0, |bits, &qualifier| bits | bit(qualifier)) == 0
        };
        let is_summable = self.is_one_unit && self.middle.is_some() && !has(Qualifier::Top);
        match (self.lower, self.upper) {
            (Some(_), Some(_)) if self.seen == 0 => Qualifier::Exact,
            _ if !is_summable || has_only(&[Qualifier::Unquantified]) => Qualifier::Unquantified,
            _ if has(Qualifier::About) => Qualifier::About,
            (Some(_), Some(_)) if has_only(&[Qualifier::Exact]) => Qualifier::Exact,
            (Some(_), Some(_)) => Qualifier::Range,
            (Some(_), None) if has(Qualifier::MoreThan) => Qualifier::MoreThan,
            (Some(_), None) => Qualifier::AtLeast,
            (None, Some(_)) if has_only(&[Qualifier::Exact, Qualifier::Nearly]) => Qualifier::Nearly,
            (None, _) => Qualifier::About,
        }
    }
}

/// Returns the sum of two known numbers; None on overflow.
fn plus(one: Option<Decimal>, other: Option<Decimal>) -> Option<Decimal> {
    one?.checked_add(other?)
}

const fn bit(qualifier: Qualifier) -> u8 {
    1 << qualifier as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::QuantityParts;
    use proptest::prelude::*;

    fn made(qualifier: Qualifier, numbers: [Option<i64>; 3]) -> Quantity {
        let [value, lower, upper] = numbers.map(|number| number.map(Decimal::from));
        let unit = "person".to_owned();
        Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency: None }).unwrap()
    }

    fn one(qualifier: Qualifier, value: i64) -> Quantity {
        made(qualifier, [Some(value), None, None])
    }

    fn range(lower: i64, upper: i64) -> Quantity {
        made(Qualifier::Range, [None, Some(lower), Some(upper)])
    }

    fn dozens() -> Quantity {
        made(Qualifier::Unquantified, [None; 3])
    }

    /// `QUALIFIER value lower upper`, with `-` for none.
    fn sum_text(members: &[Quantity]) -> String {
        let sum = Quantity::sum(members);
        let [value, lower, upper] = [sum.value, sum.lower, sum.upper]
            .map(|number| number.map_or("-".to_owned(), |number| number.to_string()));
        format!("{} {value} {lower} {upper}", sum.qualifier)
    }

    #[test]
    fn four_conferences_of_400_to_800_had_1600_to_3200() {
        let conferences = [range(400, 800), range(400, 800), range(400, 800), range(400, 800)];
        assert_eq!(sum_text(&conferences), "RANGE - 1600 3200");
    }

    #[test]
    fn the_weakest_member_qualifies_the_sum() {
        use Qualifier::{About, AtLeast, Exact, MoreThan, Nearly};
        for (members, sum) in [
            (vec![one(Exact, 5), one(Exact, 8)], "EXACT 13 13 13"),
            (vec![one(Exact, 5), range(1, 3)], "RANGE - 6 8"),
            (vec![one(Exact, 5), one(AtLeast, 8)], "AT_LEAST 13 13 -"),
            (vec![range(1, 3), one(AtLeast, 8), one(MoreThan, 2)], "MORE_THAN 11 11 -"),
            (vec![one(Exact, 5), one(Nearly, 800)], "NEARLY 805 - 805"),
            (vec![range(1, 4), one(Nearly, 800)], "ABOUT 802.5 - 804"),
            (vec![one(Nearly, 800), one(MoreThan, 100)], "ABOUT 900 - -"),
            (vec![one(About, 50), one(Exact, 5)], "ABOUT 55 - -"),
            (vec![dozens(), one(Exact, 5)], "AT_LEAST 5 5 -"),
            (vec![dozens(), one(About, 500)], "ABOUT 500 - -"),
            (vec![dozens(), dozens()], "UNQUANTIFIED - - -"),
            (vec![], "EXACT 0 0 0"),
        ] {
            assert_eq!(sum_text(&members), sum);
        }
    }

    #[test]
    fn ranks_and_mixed_units_have_no_sum() {
        assert_eq!(sum_text(&[one(Qualifier::Top, 10), one(Qualifier::Exact, 5)]), "UNQUANTIFIED - - -");
        let mixed = [Quantity::exact(5, "person").unwrap(), Quantity::exact(5, "km").unwrap()];
        assert_eq!(sum_text(&mixed), "UNQUANTIFIED - - -");
        assert_eq!(Quantity::sum(&mixed).unit, "");
        let money = |code: &str| {
            let currency = Some(code.to_owned());
            Quantity { currency, ..Quantity::exact(5, "money").unwrap() }
        };
        assert_eq!(sum_text(&[money("USD"), money("VND")]), "UNQUANTIFIED - - -");
        assert_eq!(Quantity::sum([money("USD"), money("USD")]).currency.as_deref(), Some("USD"));
    }

    #[test]
    fn zero_without_unit_takes_the_unit_of_the_others() {
        let sum = Quantity::sum([Quantity::sum([] as [Quantity; 0]), one(Qualifier::Exact, 5)]);
        assert_eq!(sum, one(Qualifier::Exact, 5));
    }

    #[test]
    fn overflowing_sum_is_unquantified() {
        let most = Quantity { lower: Some(Decimal::MAX), ..one(Qualifier::AtLeast, 1) };
        let most = Quantity { value: Some(Decimal::MAX), ..most };
        assert_eq!(sum_text(&[most.clone(), most]), "UNQUANTIFIED - - -");
    }

    fn any_quantity() -> impl Strategy<Value = Quantity> {
        let number = 0i64..100_000;
        prop_oneof![
            number.clone().prop_map(|n| one(Qualifier::Exact, n)),
            number.clone().prop_map(|n| one(Qualifier::AtLeast, n)),
            number.clone().prop_map(|n| one(Qualifier::MoreThan, n)),
            number.clone().prop_map(|n| one(Qualifier::Nearly, n)),
            number.clone().prop_map(|n| one(Qualifier::About, n)),
            (number.clone(), number).prop_map(|(a, b)| range(a.min(b), a.max(b))),
            Just(dozens()),
        ]
    }

    proptest! {
        #[test]
        fn sums_are_quantities_in_any_order(mut members in prop::collection::vec(any_quantity(), 0..8)) {
            let sum = Quantity::sum(&members);
            members.reverse();
            prop_assert_eq!(&Quantity::sum(&members), &sum);
            let Quantity { value, lower, upper, qualifier, unit, currency } = sum.clone();
            let again = Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency });
            prop_assert_eq!(again, Ok(sum));
        }

        #[test]
        fn bounds_are_the_sums_of_bounds_that_all_have(members in prop::collection::vec(any_quantity(), 1..8)) {
            let counted = members.iter().all(|q| q.qualifier != Qualifier::Unquantified);
            let sum = Quantity::sum(&members);
            if counted {
                let lowers: Option<Decimal> = members.iter().map(|q| q.lower).sum();
                let uppers: Option<Decimal> = members.iter().map(|q| q.upper).sum();
                prop_assert_eq!((sum.lower, sum.upper), (lowers, uppers));
            }
            let all_exact = members.iter().all(|q| q.qualifier == Qualifier::Exact);
            prop_assert_eq!(sum.qualifier == Qualifier::Exact, all_exact);
        }

        #[test]
        fn multiplicity_equals_repeated_addition(members in prop::collection::vec((any_quantity(), 1..5_usize), 0..5)) {
            let all = members.iter().flat_map(|(member, times)| std::iter::repeat_n(member, *times));
            let many = members.iter().map(|(member, times)| (member, *times as u64));
            prop_assert_eq!(Quantity::sum_of_many(many), Quantity::sum(all));
        }

        #[test]
        fn one_member_is_its_own_sum(member in any_quantity()) {
            prop_assert_eq!(Quantity::sum([&member]), member);
        }
    }
}
