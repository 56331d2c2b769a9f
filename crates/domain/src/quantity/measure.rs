//! Measures: what a quantity of an entry counts, and the units that it may have.

use super::Quantity;
use super::unit_name::names_of;
use crate::text::fold;
use rust_decimal::Decimal;

/// What a quantity counts. Each field of an entry with a quantity has one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The delegates at an event.
    Delegates,
    /// The direct business connections made at an event.
    Connections,
    /// The members of an organization.
    Members,
    /// The places of a scholarship programme in a year.
    Seats,
    /// The results of a programme: projects, titles, dossiers.
    Results,
    /// An amount of money. Its unit is its currency.
    Money,
}

/// Words of people for a unit, in addition to its names.
const SYNONYMS: [(&str, &[&str]); 5] = [
    ("person", &["people", "đại biểu", "delegate", "delegates"]),
    ("connection", &["lượt kết nối"]),
    ("members", &["thành viên"]),
    ("scholarship", &["học bổng"]),
    ("seat", &["suất", "place", "places"]),
];

/// Names of currencies that mean one currency only.
const CURRENCY_NAMES: [(&str, &[&str]); 3] = [
    ("VND", &["đồng", "vnđ", "đồng Việt Nam"]),
    ("USD", &["đô la Mỹ", "US dollar", "US dollars"]),
    ("EUR", &["euro", "euros"]),
];

impl Measure {
    /// Returns the units, as codes; none for money, whose unit is its currency.
    #[must_use]
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Self::Delegates => &["person"],
            Self::Connections => &["connection"],
            Self::Members => &["members", "person", "member unions"],
            Self::Seats => &["scholarship", "seat", "person"],
            Self::Results => &[
                "project",
                "title",
                "dossier",
                "gift",
                "space",
                "scholarship",
                "person",
                "event",
                "conference",
                "delegation",
                "document",
                "organization",
            ],
            Self::Money => &[],
        }
    }

    /// Returns the unit that a word certainly means: a code, a Vietnamese or English name, or
    /// another usual word. Case and diacritics are ignored. Any other word is returned as it is.
    #[must_use]
    pub fn resolve_unit(self, word: &str, currency: &str) -> String {
        let known = match self {
            Self::Money => return resolve_money(word, currency),
            Self::Delegates | Self::Connections | Self::Members | Self::Seats | Self::Results => self.units(),
        };
        let unit = known.iter().find(|unit| is_word_of(unit, word));
        unit.map_or_else(|| word.trim().to_owned(), |unit| (*unit).to_owned())
    }

    /// Returns whether a quantity has a unit of the measure. A quantity without a number needs
    /// none.
    #[must_use]
    pub fn has_unit(self, quantity: &Quantity) -> bool {
        let unit = quantity.unit.as_str();
        match self {
            Self::Money => quantity.currency.as_deref().is_none_or(|currency| currency == unit),
            Self::Delegates | Self::Connections | Self::Members | Self::Seats | Self::Results => {
                unit.is_empty() || self.units().contains(&unit)
            }
        }
    }
}

impl Quantity {
    /// Returns the first of its numbers that no count can have: a fraction or a number below zero.
    #[must_use]
    pub fn uncountable(&self) -> Option<Decimal> {
        let numbers = [self.value, self.lower, self.upper];
        numbers.into_iter().flatten().find(|number| !number.is_integer() || *number < Decimal::ZERO)
    }

    /// Returns the first of its numbers that is below zero.
    #[must_use]
    pub fn negative(&self) -> Option<Decimal> {
        [self.value, self.lower, self.upper].into_iter().flatten().find(|number| *number < Decimal::ZERO)
    }
}

/// Returns the unit of an amount: its currency where the word is blank, the code or a name of it.
fn resolve_money(word: &str, currency: &str) -> String {
    let currency = currency.trim().to_uppercase();
    let word = word.trim();
    let names = CURRENCY_NAMES.iter().find(|(code, _)| *code == currency).map_or(&[][..], |(_, names)| names);
    let is_name = |name: &str| fold(name) == fold(word);
    let is_currency = word.is_empty() || is_name(&currency) || names.iter().any(|name| is_name(name));
    if is_currency { currency } else { word.to_owned() }
}

fn is_word_of(unit: &str, word: &str) -> bool {
    let synonyms = SYNONYMS.iter().find(|(known, _)| *known == unit).map_or(&[][..], |(_, words)| words);
    let mut names = names_of(unit).into_iter().flatten().chain([unit]).chain(synonyms.iter().copied());
    let word = fold(word.trim());
    names.any(|name| fold(name) == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Qualifier, QuantityParts};

    #[test]
    fn usual_words_of_people_mean_the_unit() {
        for word in ["person", "người", "NGUOI ", "people", "persons", "đại biểu", "Delegates"] {
            assert_eq!(Measure::Delegates.resolve_unit(word, ""), "person", "{word}");
        }
        for (measure, word, unit) in [
            (Measure::Connections, "kết nối", "connection"),
            (Measure::Members, "hội viên", "members"),
            (Measure::Members, "người", "person"),
            (Measure::Seats, "suất học bổng", "scholarship"),
            (Measure::Results, "Dự án", "project"),
        ] {
            assert_eq!(measure.resolve_unit(word, ""), unit, "{word}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are_and_have_no_unit_of_the_measure() {
        for word in ["elephant", "lượt người", "nghìn người", "connection"] {
            let unit = Measure::Delegates.resolve_unit(word, "");
            assert_eq!(unit, word);
            assert!(!Measure::Delegates.has_unit(&Quantity::exact(5, &unit).unwrap()), "{word}");
        }
    }

    #[test]
    fn unit_of_money_is_its_currency() {
        for (word, currency, unit) in [
            ("", "usd", "USD"),
            ("USD", "USD", "USD"),
            ("đồng", "VND", "VND"),
            ("đô la Mỹ", "USD", "USD"),
            ("triệu đồng", "VND", "triệu đồng"),
            ("USD", "VND", "USD"),
        ] {
            assert_eq!(Measure::Money.resolve_unit(word, currency), unit, "{word} {currency}");
        }
    }

    #[test]
    fn counts_are_whole_and_not_below_zero() {
        let exact = |text: &str| {
            let value = text.parse().ok();
            Quantity::new(QuantityParts { value, unit: "person".to_owned(), ..QuantityParts::default() })
        };
        assert_eq!(exact("0").unwrap().uncountable(), None);
        assert_eq!(exact("12.5").unwrap().uncountable(), "12.5".parse().ok());
        assert_eq!(exact("-3").unwrap().uncountable(), "-3".parse().ok());
        let range = QuantityParts {
            lower: "-1".parse().ok(),
            upper: "4".parse().ok(),
            qualifier: Qualifier::Range,
            unit: "person".to_owned(),
            ..QuantityParts::default()
        };
        assert_eq!(Quantity::new(range).unwrap().uncountable(), "-1".parse().ok());
    }

    #[test]
    fn every_unit_of_a_measure_has_names() {
        for measure in
            [Measure::Delegates, Measure::Connections, Measure::Members, Measure::Seats, Measure::Results]
        {
            for unit in measure.units() {
                assert!(names_of(unit).is_some(), "{unit}");
                assert_eq!(measure.resolve_unit(unit, ""), **unit);
            }
        }
    }
}
