//! Quantities as sources state them: exact, bounded, approximate or unquantified.

mod measure;
mod sum;
mod unit_name;
mod wording;

pub use measure::Measure;
pub use sum::{QuantitySums, SumPart, UnitSum};
pub use unit_name::is_count;

use iso_currency::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::validation::{Format, InvalidReason, Reason, parse_text};

/// The maximum length of a unit name, in characters.
const UNIT_CHARS: usize = 60;
/// The limit for numbers; millions of smaller ones can be summed without overflow.
const TOO_LARGE: i64 = 10_000_000_000_000_000;
/// The maximum number of digits before the decimal point.
const MOST_DIGITS: u32 = 16;
/// The maximum number of digits after the decimal point.
const MOST_PLACES: u32 = 6;

/// The precision of a number as stated in its source.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantArray,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Qualifier {
    /// Exactly the number.
    #[default]
    Exact,
    /// The number or more.
    AtLeast,
    /// More than the number (hơn).
    MoreThan,
    /// Nearly the number (gần).
    Nearly,
    /// About the number (khoảng).
    About,
    /// Between two bounds, both inclusive.
    Range,
    /// A rank: among the first of that number.
    Top,
    /// An amount without a number, for example "dozens".
    Unquantified,
}

/// The unchecked parts of a quantity, the input of [`Quantity::new`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct QuantityParts {
    /// The number; None for `RANGE` and `UNQUANTIFIED`.
    pub value: Option<Decimal>,
    /// The lower bound; may be omitted where it follows from the qualifier.
    pub lower: Option<Decimal>,
    /// The upper bound; may be omitted where it follows from the qualifier.
    pub upper: Option<Decimal>,
    /// The qualifier; `EXACT` by default.
    pub qualifier: Qualifier,
    /// The unit of the count, as a code: "person", "USD".
    pub unit: String,
    /// The ISO 4217 code, for money.
    pub currency: Option<String>,
}

/// A number with unit, qualifier and the bounds that follow from the qualifier.
///
/// Created by [`Quantity::new`] and [`QuantitySums::of`] only, so the bounds always fit the qualifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "QuantityParts")]
#[non_exhaustive]
pub struct Quantity {
    /// The number as stated; None for `RANGE` and `UNQUANTIFIED`.
    pub value: Option<Decimal>,
    /// The lower bound, inclusive; None where it is open.
    pub lower: Option<Decimal>,
    /// The upper bound, inclusive; None where it is open.
    pub upper: Option<Decimal>,
    /// How the source qualifies the number.
    pub qualifier: Qualifier,
    /// The unit of the count, as a code; empty only without a number or with zero.
    pub unit: String,
    /// The ISO 4217 code, for money.
    pub currency: Option<String>,
}

impl Quantity {
    /// Validates the parts and derives the bounds:
    ///
    /// | qualifier | value | lower | upper |
    /// |---|---|---|---|
    /// | `EXACT` | required | value | value |
    /// | `AT_LEAST`, `MORE_THAN` | required | value | none |
    /// | `NEARLY` | required | none | value |
    /// | `ABOUT`, `TOP` | required | as given, else none | as given, else none |
    /// | `RANGE` | none | required | required |
    /// | `UNQUANTIFIED` | none | none | none |
    ///
    /// # Errors
    /// `Required` for an absent value, bound or unit; `Invalid` for one that contradicts the
    /// qualifier or is out of range, and for an unknown form of currency.
    pub fn new(parts: QuantityParts) -> Result<Self, Reason> {
        let QuantityParts { value, lower, upper, qualifier, unit, currency } = parts;
        let [value, lower, upper] = [check_limits(value)?, check_limits(lower)?, check_limits(upper)?];
        let [from, to] = match qualifier {
            Qualifier::Exact => [required(value)?; 2],
            Qualifier::AtLeast | Qualifier::MoreThan => [required(value)?, None],
            Qualifier::Nearly => [None, required(value)?],
            Qualifier::About => required(value).map(|_| [lower, upper])?,
            Qualifier::Top => required(value).map(|_| [None, None])?,
            Qualifier::Range => [required(lower)?, required(upper)?],
            Qualifier::Unquantified => [None, None],
        };
        if let Some(value) = value.filter(|_| !qualifier.has_value()) {
            return Err(InvalidReason::ValueNotAllowed { qualifier: qualifier.into(), value }.into());
        }
        if (lower.is_some() && lower != from) || (upper.is_some() && upper != to) {
            return Err(InvalidReason::BoundsUnfit { qualifier: qualifier.into(), lower, upper }.into());
        }
        check_order(value, from, to)?;
        let is_number = value.into_iter().chain(to).any(|number| !number.is_zero());
        let unit = match parse_text(&unit, UNIT_CHARS) {
            Err(Reason::Required) if !is_number => String::new(),
            outcome => outcome?,
        };
        let currency = currency.map(|code| currency_code(&code)).transpose()?;
        Ok(Self { value, lower: from, upper: to, qualifier, unit, currency })
    }

    /// Returns an exact number of a unit.
    ///
    /// # Errors
    /// As [`Quantity::new`].
    pub fn exact(value: impl Into<Decimal>, unit: &str) -> Result<Self, Reason> {
        let value = Some(value.into());
        Self::new(QuantityParts { value, unit: unit.to_owned(), ..QuantityParts::default() })
    }
}

impl Qualifier {
    fn has_value(self) -> bool {
        match self {
            Self::Range | Self::Unquantified => false,
            Self::Exact | Self::AtLeast | Self::MoreThan | Self::Nearly | Self::About | Self::Top => true,
        }
    }
}

impl TryFrom<QuantityParts> for Quantity {
    type Error = Reason;

    fn try_from(parts: QuantityParts) -> Result<Self, Reason> {
        Self::new(parts)
    }
}

fn required(number: Option<Decimal>) -> Result<Option<Decimal>, Reason> {
    if number.is_some() { Ok(number) } else { Err(Reason::Required) }
}

/// Returns the number without trailing zeros, if its size and precision are within the limits.
fn check_limits(number: Option<Decimal>) -> Result<Option<Decimal>, Reason> {
    let number = number.map(|number| number.normalize());
    match number {
        Some(number) if number.abs() >= TOO_LARGE.into() || number.scale() > MOST_PLACES => {
            Err(InvalidReason::TooManyDigits { whole: MOST_DIGITS, places: MOST_PLACES }.into())
        }
        _ => Ok(number),
    }
}

/// Checks that lower bound, value and upper bound are in order, as far as they are given.
fn check_order(
    value: Option<Decimal>,
    lower: Option<Decimal>,
    upper: Option<Decimal>,
) -> Result<(), InvalidReason> {
    match (value, lower, upper) {
        (_, Some(lower), Some(upper)) if lower > upper => Err(InvalidReason::BoundsReversed { lower, upper }),
        (Some(value), Some(lower), _) if value < lower => {
            Err(InvalidReason::ValueBelowBound { value, lower })
        }
        (Some(value), _, Some(upper)) if value > upper => {
            Err(InvalidReason::ValueAboveBound { value, upper })
        }
        _ => Ok(()),
    }
}

/// Returns the currency of ISO 4217 with this code, in capital letters.
///
/// # Errors
/// `Malformed` for any other text, and for the special codes of metals, tests and no currency.
pub(crate) fn currency_code(raw: &str) -> Result<String, Reason> {
    let code = raw.trim().to_ascii_uppercase();
    match Currency::from_code(&code).filter(|currency| !currency.is_special()) {
        Some(currency) => Ok(currency.code().to_owned()),
        None => Err(Reason::malformed(Format::Currency, raw)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// `value lower upper` in persons, `-` for none.
    fn parts(qualifier: Qualifier, numbers: &str) -> QuantityParts {
        let mut numbers = numbers.split(' ').map(|text| text.parse().ok());
        let [value, lower, upper] = [(); 3].map(|()| numbers.next().flatten());
        QuantityParts { value, lower, upper, qualifier, unit: "person".to_owned(), currency: None }
    }

    #[test]
    fn bounds_follow_from_the_qualifier() {
        for (qualifier, given, lower, upper) in [
            (Qualifier::Exact, "88", Some("88"), Some("88")),
            (Qualifier::AtLeast, "88", Some("88"), None),
            (Qualifier::MoreThan, "88", Some("88"), None),
            (Qualifier::Nearly, "88", None, Some("88")),
            (Qualifier::About, "88", None, None),
            (Qualifier::About, "88 80 -", Some("80"), None),
            (Qualifier::Top, "10", None, None),
            (Qualifier::Range, "- 400 800", Some("400"), Some("800")),
            (Qualifier::Unquantified, "-", None, None),
        ] {
            let quantity = Quantity::new(parts(qualifier, given)).unwrap();
            assert_eq!(quantity.lower, lower.map(decimal), "{qualifier} {given}");
            assert_eq!(quantity.upper, upper.map(decimal), "{qualifier} {given}");
        }
    }

    #[test]
    fn numbers_that_contradict_the_qualifier_are_refused() {
        for (qualifier, given, why) in [
            (Qualifier::Exact, "-", "Required"),
            (Qualifier::Range, "- 400 -", "Required"),
            (Qualifier::Range, "- 800 400", "Invalid(BoundsReversed { lower: 800, upper: 400 })"),
            (Qualifier::About, "90 100 -", "Invalid(ValueBelowBound { value: 90, lower: 100 })"),
            (Qualifier::About, "90 - 80", "Invalid(ValueAboveBound { value: 90, upper: 80 })"),
            (
                Qualifier::Range,
                "600 400 800",
                "Invalid(ValueNotAllowed { qualifier: \"RANGE\", value: 600 })",
            ),
            (
                Qualifier::Unquantified,
                "12",
                "Invalid(ValueNotAllowed { qualifier: \"UNQUANTIFIED\", value: 12 })",
            ),
            (
                Qualifier::Unquantified,
                "- 1 -",
                "Invalid(BoundsUnfit { qualifier: \"UNQUANTIFIED\", lower: Some(1), upper: None })",
            ),
            (
                Qualifier::Exact,
                "5 4 5",
                "Invalid(BoundsUnfit { qualifier: \"EXACT\", lower: Some(4), upper: Some(5) })",
            ),
            (
                Qualifier::AtLeast,
                "5 5 9",
                "Invalid(BoundsUnfit { qualifier: \"AT_LEAST\", lower: Some(5), upper: Some(9) })",
            ),
        ] {
            let reason = Quantity::new(parts(qualifier, given)).unwrap_err();
            assert_eq!(reason.to_string(), why, "{qualifier} {given}");
        }
        for number in ["10000000000000000", "-1e20", "0.0000001"] {
            let parts = QuantityParts {
                value: Decimal::from_scientific(number).ok().or(number.parse().ok()),
                ..parts(Qualifier::Exact, "-")
            };
            let reason = InvalidReason::TooManyDigits { whole: 16, places: 6 }.into();
            assert_eq!(Quantity::new(parts), Err(reason), "{number}");
        }
    }

    #[test]
    fn only_zero_or_unquantified_needs_no_unit() {
        let blank = |qualifier, numbers| QuantityParts { unit: " ".to_owned(), ..parts(qualifier, numbers) };
        assert_eq!(Quantity::new(blank(Qualifier::Exact, "8")), Err(Reason::Required));
        assert_eq!(Quantity::new(blank(Qualifier::Range, "- 0 8")), Err(Reason::Required));
        assert_eq!(Quantity::new(blank(Qualifier::Exact, "0")).unwrap().unit, "");
        assert_eq!(Quantity::new(blank(Qualifier::Unquantified, "-")).unwrap().unit, "");
    }

    #[test]
    fn currencies_have_three_capitals() {
        let money = |code: &str| {
            let currency = Some(code.to_owned());
            Quantity::new(QuantityParts { currency, ..parts(Qualifier::Exact, "5") })
        };
        assert_eq!(money(" usd ").unwrap().currency.as_deref(), Some("USD"));
        for code in ["", "US", "US1", "đồn"] {
            assert!(money(code).is_err(), "{code}");
        }
    }

    #[test]
    fn qualifiers_are_written_in_capitals_everywhere() {
        assert_eq!(Qualifier::AtLeast.to_string(), "AT_LEAST");
        assert_eq!("MORE_THAN".parse(), Ok(Qualifier::MoreThan));
        assert_eq!(<&str>::from(Qualifier::Unquantified), "UNQUANTIFIED");
        assert_eq!(serde_json::to_string(&Qualifier::AtLeast).unwrap(), "\"AT_LEAST\"");
    }

    #[test]
    fn json_holds_decimals_as_normalised_text() {
        let parts = QuantityParts { value: Some(decimal("231.700")), ..parts(Qualifier::Nearly, "-") };
        let quantity = Quantity::new(parts).unwrap();
        let json = serde_json::to_string(&quantity).unwrap();
        assert_eq!(
            json,
            r#"{"value":"231.7","lower":null,"upper":"231.7","qualifier":"NEARLY","unit":"person","currency":null}"#
        );
        assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
        assert!(serde_json::from_str::<Quantity>(r#"{"qualifier":"RANGE","unit":"person"}"#).is_err());
    }

    proptest! {
        #[test]
        fn quantity_equals_its_json_round_trip(kind in 0usize..8, a in any::<i64>(), b in any::<i64>(), scale in 0u32..=6) {
            let [low, high] = [a.min(b), a.max(b)].map(|n| Decimal::new(n >> 16, scale));
            let qualifier = [
                Qualifier::Exact, Qualifier::AtLeast, Qualifier::MoreThan, Qualifier::Nearly,
                Qualifier::About, Qualifier::Range, Qualifier::Top, Qualifier::Unquantified,
            ][kind];
            let value = qualifier.has_value().then_some(low);
            let is_range = qualifier == Qualifier::Range;
            let [lower, upper] = [low, high].map(|n| is_range.then_some(n));
            let unit = "km".to_owned();
            let parts = QuantityParts { value, lower, upper, qualifier, unit, currency: None };
            let quantity = Quantity::new(parts).unwrap();
            let json = serde_json::to_string(&quantity).unwrap();
            prop_assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
        }
    }
}
