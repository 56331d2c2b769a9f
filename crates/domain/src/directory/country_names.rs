//! Names of countries in use beside the label that the register displays.

/// Names by ISO 3166-1 code: those of Unicode CLDR that a label of the ministry replaces, and usual
/// short names in Vietnamese and English. A name that is also that of another country is not here.
const OTHER_NAMES: [(&str, &[&str]); 22] = [
    ("AE", &["UAE"]),
    ("AU", &["Ô-xtrây-li-a"]),
    ("CN", &["CHND Trung Hoa", "PRC"]),
    ("CU", &["Cu-ba"]),
    ("CZ", &["Séc", "Czech Republic"]),
    ("DE", &["CHLB Đức"]),
    ("GB", &["Anh", "UK", "Great Britain"]),
    ("HK", &["Hồng Kông", "Hong Kong"]),
    ("ID", &["In-đô-nê-xi-a"]),
    ("KH", &["Cam-pu-chia"]),
    ("KP", &["Bắc Triều Tiên", "CHDCND Triều Tiên", "DPRK"]),
    ("KR", &["South Korea", "Nam Hàn", "Đại Hàn Dân Quốc", "ROK"]),
    ("LA", &["Laos", "CHDCND Lào", "Lao People's Democratic Republic"]),
    ("MM", &["Miến Điện", "Burma", "Mi-an-ma"]),
    ("MO", &["Ma Cao", "Macau"]),
    ("MY", &["Ma-lai-xi-a"]),
    ("NL", &["Holland"]),
    ("PH", &["Phi-líp-pin"]),
    ("RU", &["Nga", "Russia"]),
    ("SG", &["Xin-ga-po"]),
    ("TW", &["Đài Loan", "Taiwan"]),
    ("US", &["Mỹ", "America", "United States of America"]),
];

/// Returns the names of a country beside its label.
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
