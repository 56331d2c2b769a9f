//! The display text of a quantity in either language.

use rust_decimal::Decimal;

use super::{Qualifier, Quantity};
use crate::locale::Locale;

impl Quantity {
    /// Returns the display text with this unit name: "gần 8.000 người", "nearly 8,000 persons". A
    /// rank has no unit: "top 10".
    #[must_use]
    pub fn text(&self, locale: Locale, unit_name: &str) -> String {
        let unit_name = unit_name.trim();
        let number = |number: Option<Decimal>| number.map(|n| grouped(n, locale)).unwrap_or_default();
        let value = number(self.value);
        let [vi, en] = match self.qualifier {
            Qualifier::Exact => ["", ""],
            Qualifier::AtLeast => ["ít nhất ", "at least "],
            Qualifier::MoreThan => ["hơn ", "more than "],
            Qualifier::Nearly => ["gần ", "nearly "],
            Qualifier::About => ["khoảng ", "about "],
            Qualifier::Top => return format!("{}{value}", pick(locale, ["tốp ", "top "])),
            Qualifier::Range => {
                let [lower, upper] = [number(self.lower), number(self.upper)];
                let range = match locale {
                    Locale::Vi => format!("từ {lower} đến {upper}"),
                    Locale::En => format!("{lower} to {upper}"),
                };
                return with_unit(range, unit_name);
            }
            Qualifier::Unquantified => return unquantified(locale, unit_name),
        };
        with_unit(format!("{}{value}", pick(locale, [vi, en])), unit_name)
    }
}

fn unquantified(locale: Locale, unit_name: &str) -> String {
    match (locale, unit_name) {
        (Locale::Vi, "") => "chưa rõ số lượng".to_owned(),
        (Locale::En, "") => "an unstated number".to_owned(),
        (Locale::Vi, unit) => format!("chưa rõ bao nhiêu {unit}"),
        (Locale::En, unit) => format!("an unstated number of {unit}"),
    }
}

fn with_unit(number: String, unit_name: &str) -> String {
    if unit_name.is_empty() { number } else { format!("{number} {unit_name}") }
}

fn pick(locale: Locale, [vi, en]: [&'static str; 2]) -> &'static str {
    match locale {
        Locale::Vi => vi,
        Locale::En => en,
    }
}

/// `1234567.5` as `1.234.567,5` in Vietnamese and `1,234,567.5` in English.
fn grouped(number: Decimal, locale: Locale) -> String {
    let plain = number.normalize().abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::from(if number.is_sign_negative() && !number.is_zero() { "-" } else { "" });
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push_str(pick(locale, [".", ","]));
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push_str(pick(locale, [",", "."]));
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::QuantityParts;

    fn texts(qualifier: Qualifier, numbers: [&str; 3], names: [&str; 2]) -> [String; 2] {
        let [value, lower, upper] = numbers.map(|text| text.parse().ok());
        let unit = "person".to_owned();
        let quantity =
            Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency: None }).unwrap();
        [quantity.text(Locale::Vi, names[0]), quantity.text(Locale::En, names[1])]
    }

    #[test]
    fn quantities_read_well_in_both_languages() {
        for (qualifier, numbers, vi, en) in [
            (Qualifier::Exact, ["88", "", ""], "88 người", "88 persons"),
            (Qualifier::AtLeast, ["1000", "", ""], "ít nhất 1.000 người", "at least 1,000 persons"),
            (Qualifier::MoreThan, ["100000", "", ""], "hơn 100.000 người", "more than 100,000 persons"),
            (Qualifier::Nearly, ["8000", "", ""], "gần 8.000 người", "nearly 8,000 persons"),
            (
                Qualifier::About,
                ["1234567.50", "", ""],
                "khoảng 1.234.567,5 người",
                "about 1,234,567.5 persons",
            ),
            (Qualifier::Range, ["", "1600", "3200"], "từ 1.600 đến 3.200 người", "1,600 to 3,200 persons"),
            (Qualifier::Top, ["10", "", ""], "tốp 10", "top 10"),
            (
                Qualifier::Unquantified,
                ["", "", ""],
                "chưa rõ bao nhiêu người",
                "an unstated number of persons",
            ),
        ] {
            assert_eq!(texts(qualifier, numbers, ["người", "persons"]), [vi, en]);
        }
    }

    #[test]
    fn a_unit_without_name_is_left_out() {
        assert_eq!(texts(Qualifier::Exact, ["-231.7", "", ""], ["", " "]), ["-231,7", "-231.7"]);
        assert_eq!(
            texts(Qualifier::Unquantified, ["", "", ""], ["", ""]),
            ["chưa rõ số lượng", "an unstated number"]
        );
    }
}
