//! Checks of input texts.

use super::{InvalidReason, Reason};
use crate::text::{is_visible, normalise};

/// Parses a text into the form of [`normalise`], with at most `most` characters.
///
/// # Errors
/// `Required` where no character is visible, `Invalid` for control characters such as NUL,
/// `TooLong` above the limit.
pub fn parse_text(raw: &str, most: usize) -> Result<String, Reason> {
    let text = normalise(raw);
    if text.chars().any(char::is_control) {
        return Err(InvalidReason::ControlCharacters.into());
    }
    if !is_visible(&text) {
        return Err(Reason::Required);
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(InvalidReason::NoLetters.into());
    }
    match text.chars().count() {
        given if given > most => Err(Reason::TooLong { most, given }),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    #[test]
    fn invisible_texts_are_refused_as_absent() {
        for raw in [
            "",
            " ",
            "\n\t",
            "\u{200B}\u{FEFF}",
            "\u{202E}\u{2066}\u{2069}",
            "\u{E0041}\u{E007F}",
            "\u{E000}\u{F8FF}",
            "\u{301}",
            "\u{3164}",
        ] {
            assert_eq!(parse_text(raw, 10), Err(Reason::Required), "{raw:?}");
        }
    }

    #[test]
    fn control_characters_and_long_texts_are_refused() {
        assert!(matches!(parse_text("a\0b", 10), Err(Reason::Invalid(_))));
        assert!(matches!(parse_text("\0", 10), Err(Reason::Invalid(_))));
        assert_eq!(parse_text("Đà Nẵng", 6), Err(Reason::TooLong { most: 6, given: 7 }));
        assert_eq!(parse_text(&nfd("Đà Nẵng"), 7).as_deref(), Ok("Đà Nẵng"));
    }

    #[test]
    fn direction_characters_are_removed() {
        assert_eq!(parse_text("Nẵ\u{202E}ng\u{2069}", 10).as_deref(), Ok("Nẵng"));
        assert_eq!(parse_text("\u{FEFF}report\u{202E}fdp.exe", 20).as_deref(), Ok("reportfdp.exe"));
    }

    proptest! {
        #[test]
        fn parsing_a_parsed_text_returns_it(raw in "\\PC{0,40}|.{0,40}", most in 0usize..50) {
            if let Ok(text) = parse_text(&raw, most) {
                prop_assert!(text.chars().count() <= most);
                prop_assert_eq!(parse_text(&text, most), Ok(text));
            }
        }
    }
}
