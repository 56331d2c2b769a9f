//! Display names of the units of quantities.

use super::Quantity;
use crate::locale::Locale;
use rust_decimal::Decimal;

/// Unit code, Vietnamese name, English singular, English plural.
const NAMES: [(&str, &str, &str, &str); 32] = [
    ("agreement", "thỏa thuận", "agreement", "agreements"),
    ("association", "hội", "association", "associations"),
    ("city", "thành phố", "city", "cities"),
    ("committee", "ban vận động", "committee", "committees"),
    ("conference", "hội nghị", "conference", "conferences"),
    ("connection", "kết nối", "connection", "connections"),
    ("country", "quốc gia", "country", "countries"),
    (
        "country_or_territory",
        "quốc gia và vùng lãnh thổ",
        "country or territory",
        "countries and territories",
    ),
    ("delegation", "đoàn", "delegation", "delegations"),
    ("document", "văn kiện", "document", "documents"),
    ("dossier", "hồ sơ", "dossier", "dossiers"),
    ("event", "hoạt động", "event", "events"),
    ("gift", "suất quà", "gift", "gifts"),
    ("km", "km", "km", "km"),
    ("locality", "địa phương", "locality", "localities"),
    ("member unions", "liên hiệp thành viên", "member union", "member unions"),
    ("members", "hội viên", "member", "members"),
    ("organization", "tổ chức", "organization", "organizations"),
    ("pair", "cặp", "pair", "pairs"),
    ("percent", "%", "%", "%"),
    ("person", "người", "person", "persons"),
    ("project", "dự án", "project", "projects"),
    ("province", "tỉnh", "province", "provinces"),
    ("rank", "hạng", "rank", "ranks"),
    ("scholarship", "suất học bổng", "scholarship", "scholarships"),
    ("seat", "suất", "seat", "seats"),
    ("sequence", "lần", "edition", "editions"),
    ("space", "không gian", "space", "spaces"),
    ("title", "danh hiệu", "title", "titles"),
    ("union", "liên hiệp", "union", "unions"),
    ("unit", "đơn vị", "unit", "units"),
    ("USD", "USD", "USD", "USD"),
];

/// Units of measurement. All other known units count things, so their numbers are whole.
const MEASURED: [&str; 3] = ["km", "percent", "USD"];

/// Returns the Vietnamese name and the English singular and plural of a unit; None for an unknown
/// one.
pub(super) fn names_of(unit: &str) -> Option<[&'static str; 3]> {
    NAMES.iter().find(|(known, ..)| *known == unit).map(|(_, vi, one, several)| [*vi, *one, *several])
}

/// Returns whether a unit counts people or things.
#[must_use]
pub fn is_count(unit: &str) -> bool {
    names_of(unit).is_some() && !MEASURED.contains(&unit)
}

impl Quantity {
    /// Returns the display name of the unit for this number; the code itself for an unknown unit.
    #[must_use]
    pub fn unit_name(&self, locale: Locale) -> &str {
        let Some([vi, one, several]) = names_of(&self.unit) else { return &self.unit };
        match locale {
            Locale::Vi => vi,
            Locale::En if self.value == Some(Decimal::ONE) => one,
            Locale::En => several,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_in_the_language_and_number_of_the_quantity() {
        let members = Quantity::exact(8000, "person").unwrap();
        assert_eq!(members.text(Locale::Vi, members.unit_name(Locale::Vi)), "8.000 người");
        assert_eq!(members.text(Locale::En, members.unit_name(Locale::En)), "8,000 persons");
        assert_eq!(Quantity::exact(1, "committee").unwrap().unit_name(Locale::En), "committee");
        assert_eq!(Quantity::exact(2, "furlong").unwrap().unit_name(Locale::Vi), "furlong");
    }
}
