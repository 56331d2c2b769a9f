//! The language of the command line, from the environment.

use caunoi_domain::locale::Locale;

/// Returns the language of an operator: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set
/// decides; Vietnamese where it says `vi`, else English.
#[must_use]
pub fn operator_locale(variable: impl Fn(&str) -> Option<String>) -> Locale {
    let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
    let language = value.split(['_', '-', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("vi") { Locale::Vi } else { Locale::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_variable_decides_the_language() {
        let locale = |pairs: &[(&str, &str)]| {
            operator_locale(|name| {
                let mut pairs = pairs.iter();
                pairs.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        for value in ["vi", "vi_VN", "vi_VN.UTF-8", "VI", "vi-VN"] {
            assert_eq!(locale(&[("LANG", value)]), Locale::Vi, "{value}");
        }
        for value in ["", "C", "C.UTF-8", "en_US.UTF-8", "vie"] {
            assert_eq!(locale(&[("LANG", value)]), Locale::En, "{value}");
        }
        assert_eq!(locale(&[]), Locale::En);
        assert_eq!(locale(&[("LANG", "vi_VN"), ("LC_ALL", "C")]), Locale::En);
        assert_eq!(locale(&[("LANG", "en_US"), ("LC_ALL", ""), ("LC_MESSAGES", "vi_VN")]), Locale::Vi);
    }
}
