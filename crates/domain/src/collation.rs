//! Collation keys: bytes that sort names in the order of either language in any database.

use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;

use crate::locale::Locale;

/// Lower than any byte of a key, so that a shorter first part sorts before a longer one.
const SEPARATOR: u8 = 0;

/// The separator between the levels of a key by UTS #10: base letters, marks, case.
const LEVEL_SEPARATOR: u8 = 1;

static VIETNAMESE: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| build(locale!("vi").into()));
static ENGLISH: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| build(locale!("en").into()));

/// Returns the sort key of a text: keys compare bytewise as the texts do by the collation of the
/// language (CLDR): base letters first, then marks, then case.
///
/// The bytes depend on the release of `icu_collator` only: stored keys are recomputed when it
/// changes.
#[must_use]
pub fn key(text: &str, locale: Locale) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() * 2);
    append(&mut key, text, locale);
    key
}

/// Returns the base-letter level of [`key`], without marks and case. It is a prefix of the keys of
/// all texts that begin with this text.
#[must_use]
pub fn base(text: &str, locale: Locale) -> Vec<u8> {
    let mut key = key(text, locale);
    if let Some(end) = key.iter().position(|byte| *byte == LEVEL_SEPARATOR) {
        key.truncate(end);
    }
    key
}

/// Returns one key for several texts, compared in order.
#[must_use]
pub fn joined(parts: &[&str], locale: Locale) -> Vec<u8> {
    let mut key = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            key.push(SEPARATOR);
        }
        append(&mut key, part, locale);
    }
    key
}

fn append(key: &mut Vec<u8>, text: &str, locale: Locale) {
    let collator = match locale {
        Locale::Vi => &VIETNAMESE,
        Locale::En => &ENGLISH,
    };
    let Ok(()) = collator.write_sort_key_to(text, key);
}

#[expect(clippy::expect_used, reason = "the data is compiled in; the tests build both collators")]
fn build(language: CollatorPreferences) -> CollatorBorrowed<'static> {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Tertiary);
    Collator::try_new(language, options).expect("compiled collation data")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    fn sorted<'a>(names: &[&'a str], locale: Locale) -> Vec<&'a str> {
        let mut names = names.to_vec();
        names.sort_by_key(|name| key(name, locale));
        names
    }

    #[test]
    fn the_keys_of_longer_texts_begin_with_the_base_of_a_shorter_one() {
        for locale in Locale::ALL {
            let begins = base("thoả thuận", locale);
            for text in ["Thỏa thuận hợp tác", "THOẢ THUẬN", "thoả thuận-khung", "thoả thuận 2025"]
            {
                assert!(key(text, locale).starts_with(&begins), "{text}");
            }
            for text in ["thoả", "bản thoả thuận"] {
                assert!(!key(text, locale).starts_with(&begins), "{text}");
            }
        }
        assert!(base("", Locale::Vi).is_empty());
    }

    #[test]
    fn letters_follow_the_vietnamese_alphabet() {
        let alphabet = [
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o", "ô", "ơ",
            "p", "q", "r", "s", "t", "u", "ư", "v", "x", "y",
        ];
        let mut backwards = alphabet;
        backwards.reverse();
        assert_eq!(sorted(&backwards, Locale::Vi), alphabet);
    }

    #[test]
    fn tones_go_level_grave_hook_tilde_acute_dot() {
        let order = ["ba", "Ba", "bà", "bả", "bã", "bá", "bạ", "ban"];
        let mut backwards = order;
        backwards.reverse();
        assert_eq!(sorted(&backwards, Locale::Vi), order);
    }

    #[test]
    fn provinces_sort_in_vietnamese_order() {
        let order = ["An Giang", "Bắc Ninh", "Cà Mau", "Cần Thơ", "Dương", "Đà Nẵng", "Đồng Nai", "Ê Đê"];
        let mut backwards = order;
        backwards.reverse();
        assert_eq!(sorted(&backwards, Locale::Vi), order);
    }

    #[test]
    fn english_sorts_d_with_stroke_as_a_variant_of_d() {
        assert_eq!(sorted(&["Dương", "Đà Nẵng"], Locale::En), ["Đà Nẵng", "Dương"]);
        assert_eq!(sorted(&["zoo", "Ångström", "apple"], Locale::En), ["Ångström", "apple", "zoo"]);
    }

    #[test]
    fn key_bytes_are_stable() {
        let bytes = [50, 2, 43, 4, 69, 44, 2, 69, 55, 1, 68, 138, 67, 139, 3, 6, 1, 198, 195, 220, 8];
        assert_eq!(key("Đà Nẵng", Locale::Vi), bytes);
    }

    #[test]
    fn the_first_part_decides_before_the_second() {
        let mut keys = [
            joined(&["Bắc Ninh", "A"], Locale::Vi),
            joined(&["Bắc", "Z"], Locale::Vi),
            joined(&["Bắc", "A"], Locale::Vi),
            joined(&["", "Z"], Locale::Vi),
        ];
        keys.sort();
        assert_eq!(keys[0], joined(&["", "Z"], Locale::Vi));
        assert_eq!(keys[1], joined(&["Bắc", "A"], Locale::Vi));
        assert_eq!(keys[2], joined(&["Bắc", "Z"], Locale::Vi));
        assert_eq!(joined(&["Bắc"], Locale::Vi), key("Bắc", Locale::Vi));
        assert!(joined(&[], Locale::En).is_empty());
    }

    proptest! {
        #[test]
        fn keys_never_contain_the_separator(text in "\\PC{0,40}|.{0,40}") {
            for locale in Locale::ALL {
                prop_assert!(!key(&text, locale).contains(&SEPARATOR));
            }
        }

        #[test]
        fn composed_and_decomposed_texts_have_one_key(text in "\\PC{0,40}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            for locale in Locale::ALL {
                prop_assert_eq!(key(&composed, locale), key(&decomposed, locale));
            }
        }

        #[test]
        fn joined_keys_order_by_part(a in "\\PC{0,9}", b in "\\PC{0,9}", c in "\\PC{0,9}", d in "\\PC{0,9}") {
            let whole = joined(&[&a, &b], Locale::Vi).cmp(&joined(&[&c, &d], Locale::Vi));
            let by_part = key(&a, Locale::Vi)
                .cmp(&key(&c, Locale::Vi))
                .then_with(|| key(&b, Locale::Vi).cmp(&key(&d, Locale::Vi)));
            prop_assert_eq!(whole, by_part);
        }
    }
}
