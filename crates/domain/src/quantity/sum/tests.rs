//! Sums have the bounds of their members, whatever their qualifiers, units and order.

use super::*;
use crate::quantity::QuantityParts;
use Qualifier::{About, AtLeast, Exact, MoreThan, Nearly, Range, Top, Unquantified};
use proptest::prelude::*;

fn made(qualifier: Qualifier, numbers: [Option<i64>; 3], unit: &str) -> Quantity {
    let [value, lower, upper] = numbers.map(|number| number.map(Decimal::from));
    let unit = unit.to_owned();
    Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency: None }).unwrap()
}

fn one(qualifier: Qualifier, value: i64) -> Quantity {
    made(qualifier, [Some(value), None, None], "person")
}

fn range(lower: i64, upper: i64) -> Quantity {
    made(Range, [None, Some(lower), Some(upper)], "person")
}

fn dozens() -> Quantity {
    made(Unquantified, [None; 3], "person")
}

fn money(code: &str) -> Quantity {
    Quantity { currency: Some(code.to_owned()), ..Quantity::exact(5, "money").unwrap() }
}

fn sums(members: &[Quantity]) -> QuantitySums {
    QuantitySums::of(members.iter().map(|member| (member, 1)))
}

/// `lower to upper` with `-` for none.
fn bounds(sum: &UnitSum) -> String {
    let [lower, upper] =
        [sum.lower, sum.upper].map(|number| number.map_or("-".to_owned(), |number| number.to_string()));
    format!("{lower} to {upper}")
}

/// Bounds, `QUALIFIER value lower upper` of the one quantity, with `-` for none.
fn text(members: &[Quantity]) -> String {
    let sums = sums(members);
    let quantity = sums.to_quantity().unwrap();
    let [value, lower, upper] = [quantity.value, quantity.lower, quantity.upper]
        .map(|number| number.map_or("-".to_owned(), |number| number.to_string()));
    format!("{}: {} {value} {lower} {upper}", bounds(&sums.units[0]), quantity.qualifier)
}

#[test]
fn four_conferences_of_400_to_800_had_1600_to_3200() {
    assert_eq!(text(&[range(400, 800).times(4).unwrap()]), "1600 to 3200: RANGE - 1600 3200");
}

#[test]
fn a_sum_states_no_number_that_no_member_states() {
    let conferences = range(400, 800).times(4).unwrap();
    let all = [one(Exact, 12), conferences, one(Nearly, 800), one(Nearly, 800), one(About, 500)];
    let sums = sums(&all);
    let [sum] = sums.units.as_slice() else { panic!("one unit") };
    assert_eq!(bounds(sum), "1612 to -");
    assert_eq!(sum.value(), None);
    let parts: Vec<String> = sum
        .parts
        .iter()
        .map(|part| format!("{} {}", part.stated, part.quantity.text(crate::locale::Locale::En, "persons")))
        .collect();
    assert_eq!(
        parts,
        ["1 12 persons", "2 nearly 1,600 persons", "1 about 500 persons", "1 1,600 to 3,200 persons"]
    );
    assert_eq!(sums.to_quantity(), Some(one(AtLeast, 1_612)));
}

#[test]
fn members_of_several_qualifiers_have_the_bounds_of_all() {
    for (members, sum) in [
        (vec![one(Exact, 5), one(Exact, 8)], "13 to 13: EXACT 13 13 13"),
        (vec![one(Exact, 5), range(1, 3)], "6 to 8: RANGE - 6 8"),
        (vec![one(Exact, 5), one(AtLeast, 8)], "13 to -: AT_LEAST 13 13 -"),
        (vec![range(1, 3), one(AtLeast, 8), one(MoreThan, 2)], "11 to -: MORE_THAN 11 11 -"),
        (vec![one(Exact, 5), one(Nearly, 800)], "5 to 805: RANGE - 5 805"),
        (vec![one(Nearly, 5), one(Nearly, 800)], "- to 805: NEARLY 805 - 805"),
        (vec![range(1, 4), one(Nearly, 800)], "1 to 804: RANGE - 1 804"),
        (vec![one(Nearly, 800), one(MoreThan, 100)], "100 to -: MORE_THAN 100 100 -"),
        (vec![one(About, 50), one(About, 5)], "- to -: ABOUT 55 - -"),
        (vec![one(About, 50), one(Exact, 5)], "5 to -: AT_LEAST 5 5 -"),
        (vec![one(About, 50), one(Nearly, 5)], "- to -: UNQUANTIFIED - - -"),
        (vec![dozens(), one(Exact, 5)], "5 to -: AT_LEAST 5 5 -"),
        (vec![dozens(), dozens()], "- to -: UNQUANTIFIED - - -"),
        (vec![one(Top, 10), one(Exact, 5)], "5 to -: AT_LEAST 5 5 -"),
    ] {
        assert_eq!(text(&members), sum);
    }
}

#[test]
fn each_unit_and_currency_has_a_sum() {
    let kilometres = Quantity::exact(7, "km").unwrap();
    let mixed = [one(Exact, 5), kilometres, one(Exact, 1), money("VND"), money("USD"), money("USD")];
    let sums = sums(&mixed);
    let units: Vec<String> = sums
        .units
        .iter()
        .map(|sum| format!("{} {} {}", sum.unit, sum.currency.as_deref().unwrap_or("-"), bounds(sum)))
        .collect();
    assert_eq!(units, ["km - 7 to 7", "money USD 10 to 10", "money VND 5 to 5", "person - 6 to 6"]);
    assert_eq!((sums.stated(), sums.to_quantity()), (6, None));
    assert_eq!(QuantitySums::of([]).to_quantity(), None);
}

#[test]
fn quantity_without_unit_joins_the_only_unit() {
    let (zero, unknown) = (made(Exact, [Some(0), None, None], ""), made(Unquantified, [None; 3], ""));
    assert_eq!(text(&[zero.clone(), one(Exact, 5)]), "5 to 5: EXACT 5 5 5");
    assert_eq!(text(&[one(Exact, 5), unknown]), "5 to -: AT_LEAST 5 5 -");
    assert_eq!(sums(&[zero, money("USD"), money("VND")]).units.len(), 3);
}

#[test]
fn overflowing_sum_has_no_upper_bound() {
    let most = Quantity { lower: Some(Decimal::MAX), ..one(AtLeast, 1) };
    let most = Quantity { value: Some(Decimal::MAX), ..most };
    let sums = sums(&[most.clone(), most]);
    assert_eq!((sums.units[0].lower, sums.units[0].upper), (Some(Decimal::MAX), None));
    assert_eq!(sums.units[0].parts[0].quantity.qualifier, Unquantified);
}

fn any_quantity() -> impl Strategy<Value = Quantity> {
    let unit = prop_oneof![4 => Just("person"), 1 => Just("km")];
    let number = 0i64..100_000;
    (0..7usize, number.clone(), number, unit).prop_map(|(kind, a, b, unit)| {
        let single = |qualifier| made(qualifier, [Some(a), None, None], unit);
        match kind {
            0 => single(Exact),
            1 => single(AtLeast),
            2 => single(MoreThan),
            3 => single(Nearly),
            4 => single(About),
            5 => made(Range, [None, Some(a.min(b)), Some(a.max(b))], unit),
            _ => made(Unquantified, [None; 3], unit),
        }
    })
}

proptest! {
    #[test]
    fn sums_do_not_depend_on_order(mut members in prop::collection::vec(any_quantity(), 0..8)) {
        let before = sums(&members);
        members.reverse();
        prop_assert_eq!(&sums(&members), &before);
        prop_assert_eq!(before.stated(), members.len() as u64);
        for sum in &before.units {
            for quantity in sum.parts.iter().map(|part| part.quantity.clone()).chain([sum.to_quantity()]) {
                let Quantity { value, lower, upper, qualifier, unit, currency } = quantity.clone();
                let again = Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency });
                prop_assert_eq!(again, Ok(quantity));
            }
        }
    }

    #[test]
    fn bounds_are_the_sums_of_bounds_per_unit(members in prop::collection::vec(any_quantity(), 1..8)) {
        for sum in &sums(&members).units {
            let of_unit: Vec<&Quantity> = members.iter().filter(|member| member.unit == sum.unit).collect();
            let lowers: Vec<Decimal> = of_unit.iter().filter_map(|member| member.lower).collect();
            let lower = (!lowers.is_empty()).then(|| lowers.iter().sum());
            prop_assert_eq!(sum.lower, lower);
            prop_assert_eq!(sum.upper, of_unit.iter().map(|member| member.upper).sum());
            prop_assert_eq!(sum.stated(), of_unit.len() as u64);
            let all_exact = of_unit.iter().all(|member| member.qualifier == Exact);
            prop_assert_eq!(sum.value(), lower.filter(|_| all_exact));
        }
    }

    #[test]
    fn multiplicity_equals_repeated_addition(members in prop::collection::vec((any_quantity(), 1..5_usize), 0..5)) {
        let all: Vec<Quantity> =
            members.iter().flat_map(|(member, times)| std::iter::repeat_n(member.clone(), *times)).collect();
        let many = members.iter().map(|(member, times)| (member, *times as u64));
        prop_assert_eq!(QuantitySums::of(many), sums(&all));
    }

    #[test]
    fn one_member_is_its_own_sum(member in any_quantity(), times in 1..9u64) {
        prop_assert_eq!(member.times(1), Ok(member.clone()));
        let repeated = vec![member.clone(); usize::try_from(times).unwrap()];
        prop_assert_eq!(member.times(times).ok(), sums(&repeated).to_quantity());
    }
}
