//! Other names of countries than the displayed one, for look-ups and search.

/// Names by ISO 3166-1 code: those of Unicode CLDR that a label of the ministry replaces, and usual
/// short names in Vietnamese and English. A name that is also that of another country is not here, nor
/// are long forms, whose words ("People's", "Hòa") would match searches for other things.
/// Names written with hyphens are joined here: "Xin-ga-po" is found as "Xingapo".
const OTHER_NAMES: [(&str, &[&str]); 19] = [
    ("AE", &["UAE"]),
    ("AU", &["Ôxtrâylia"]),
    ("CN", &["PRC"]),
    ("CZ", &["Séc", "Czech Republic"]),
    ("GB", &["Anh", "UK", "Great Britain"]),
    ("HK", &["Hồng Kông", "Hong Kong"]),
    ("ID", &["Inđônêxia"]),
    ("KP", &["Bắc Triều Tiên", "DPRK"]),
    ("KR", &["South Korea", "Nam Hàn", "ROK"]),
    ("LA", &["Laos"]),
    ("MM", &["Miến Điện", "Burma", "Mianma"]),
    ("MO", &["Ma Cao", "Macau"]),
    ("MY", &["Malaixia"]),
    ("NL", &["Holland"]),
    ("PH", &["Philíppin"]),
    ("RU", &["Nga", "Russia"]),
    ("SG", &["Xingapo"]),
    ("TW", &["Đài Loan", "Taiwan"]),
    ("US", &["Mỹ", "America", "United States of America"]),
];

/// Returns the other names of a country than the displayed one.
pub(crate) fn other_country_names(iso2: &str) -> &'static [&'static str] {
    OTHER_NAMES.iter().find(|(code, _)| *code == iso2).map_or(&[], |(_, names)| names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_occurs_once_in_order() {
        assert!(OTHER_NAMES.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
