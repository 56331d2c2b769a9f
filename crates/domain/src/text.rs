//! Texts that people type: made uniform on the way in, folded for search.

use unicode_normalization::UnicodeNormalization;

use crate::refusal::Refusal;

/// Longest word that search keeps, in characters; the rest of the word is cut off.
const WORD_CHARS: usize = 40;
/// Most words that search keeps of one text.
const WORDS: usize = 64;

/// The form in which texts are kept: NFC, trimmed, one space for every run of white space.
#[must_use]
pub fn normalise(raw: &str) -> String {
    let composed: String = raw.nfc().collect();
    let mut text = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// A text fit to be kept, in the form of [`normalise`], with at most `most` characters.
///
/// # Errors
/// `Required` where nothing can be seen, `Invalid` for control characters such as NUL,
/// `TooLong` above the bound.
pub fn parse(raw: &str, most: usize) -> Result<String, Refusal> {
    let text = normalise(raw);
    if text.chars().all(is_invisible) {
        return Err(Refusal::Required);
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::Invalid("control characters are not allowed".to_owned()));
    }
    match text.chars().count() {
        given if given > most => Err(Refusal::TooLong { most, given }),
        _ => Ok(text),
    }
}

/// Most characters of the name of an actor.
pub const LONGEST_NAME_CHARS: usize = 200;

/// Returns whether a name can stand for an actor in the log of changes: at most
/// [`LONGEST_NAME_CHARS`] characters, something to see, and nothing that lets it look like another
/// name: no control characters, line or paragraph separators, direction marks or invisible ones.
#[must_use]
pub fn is_actor_name(name: &str) -> bool {
    let is_unsafe = |c: char| c.is_control() || is_hidden(c);
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME_CHARS && !name.contains(is_unsafe)
}

/// The form in which texts are searched: lower case without marks, đ as d, so that NFC and NFD,
/// "Hoà" and "Hòa", "Đà Nẵng" and "da nang" are the same. Scripts whose marks are vowels or
/// consonants keep them.
#[must_use]
pub fn fold(text: &str) -> String {
    lower(text).nfd().filter(|&c| !is_diacritic(c)).map(|c| if c == 'đ' { 'd' } else { c }).nfc().collect()
}

/// The form in which names are told apart: folded, whatever stands between their words.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(|c| !is_word_char(c)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The form in which exact marks are compared: lower case and NFC with the marks kept, but one
/// place of the tone for both spellings (hoà and hòa, khoẻ and khỏe, thuý and thúy).
#[must_use]
pub fn fold_marked(text: &str) -> String {
    let mut chars: Vec<char> = lower(text).nfd().collect();
    for at in 0..chars.len().saturating_sub(2) {
        let is_pair = match (chars[at], chars[at + 2]) {
            ('o', 'a' | 'e') | ('u', 'y') => is_tone(chars[at + 1]),
            _ => false,
        };
        let is_bare = chars.get(at + 3).is_none_or(|&c| !is_diacritic(c));
        if is_pair && is_bare {
            chars.swap(at + 1, at + 2);
        }
    }
    chars.into_iter().nfc().collect()
}

/// The folded words of a text, each once, in order: at most 64 of at most 40 characters.
/// What is neither letter nor digit separates words; junk alone yields none.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    for run in folded.split(|c| !is_word_char(c)).filter(|run| !run.is_empty()) {
        let word: String = run.chars().take(WORD_CHARS).collect();
        if !words.contains(&word) {
            words.push(word);
        }
        if words.len() == WORDS {
            break;
        }
    }
    words
}

/// Lower case without regard to the context (final sigma), so that the order of folding and
/// normalising does not matter.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Marks above, below and through the letters of alphabets; vowel signs and dots of other
/// scripts are not among them.
fn is_diacritic(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// The five tones of Vietnamese: huyền, sắc, hỏi, ngã, nặng.
fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{309}' | '\u{303}' | '\u{323}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Characters that change how their neighbours look, or that show nothing: format characters
/// (Unicode category Cf: direction marks, embeddings, overrides and isolates, zero-width ones,
/// tags), separators of lines and paragraphs, variation selectors and blank fillers.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{34F}'
        | '\u{600}'..='\u{605}'
        | '\u{61C}'
        | '\u{6DD}'
        | '\u{70F}'
        | '\u{890}'..='\u{891}'
        | '\u{8E2}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{110BD}'
        | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Letters and digits; Unicode also calls the lettered emoji of planes 1F1xx alphabetic.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    #[test]
    fn names_are_the_same_whatever_stands_between_their_words() {
        let name = "Ví Giặm – Friendship  Week";
        assert_eq!(fold_name(name), "vi giam friendship week");
        assert_eq!(fold_name("Vi Giam - friendship week"), fold_name(name));
        assert_eq!(fold_name(&name.nfd().collect::<String>()), fold_name(name));
        assert_ne!(fold_name("Week Friendship"), fold_name("Friendship Week"));
    }

    #[test]
    fn white_space_becomes_single_spaces_and_marks_are_composed() {
        assert_eq!(normalise("  Đa\u{300}\t\n Nẵng\u{a0} "), "Đà Nẵng");
    }

    #[test]
    fn nothing_to_see_is_refused_as_absent() {
        for raw in ["", " ", "\n\t", "\u{200B}\u{FEFF}"] {
            assert_eq!(parse(raw, 10), Err(Refusal::Required), "{raw:?}");
        }
    }

    #[test]
    fn control_characters_and_long_texts_are_refused() {
        assert!(matches!(parse("a\0b", 10), Err(Refusal::Invalid(_))));
        assert!(matches!(parse("\0", 10), Err(Refusal::Invalid(_))));
        assert_eq!(parse("Đà Nẵng", 6), Err(Refusal::TooLong { most: 6, given: 7 }));
        assert_eq!(parse(&nfd("Đà Nẵng"), 7).as_deref(), Ok("Đà Nẵng"));
    }

    #[test]
    fn names_of_actors_hide_and_turn_nothing() {
        for name in ["lan", "Nguyễn Thị Lan", "clerk-of-dong_nai", "김민준", "مريم", "auth0|5f7c", "a@b.vn"]
        {
            assert!(is_actor_name(name), "{name}");
            assert!(is_actor_name(&nfd(name)), "{name}");
        }
        for hidden in [
            "\u{202E}",
            "\u{202A}",
            "\u{2066}",
            "\u{2069}",
            "\u{200E}",
            "\u{200F}",
            "\u{61C}",
            "\u{200B}",
            "\u{200D}",
            "\u{2060}",
            "\u{FEFF}",
            "\u{AD}",
            "\u{2028}",
            "\u{2029}",
            "\u{85}",
            "\u{0}",
            "\n",
            "\u{1B}",
            "\u{7F}",
            "\u{3164}",
            "\u{E0041}",
            "\u{FE0F}",
            "\u{180E}",
        ] {
            for name in [format!("lan{hidden}nal"), format!("{hidden}lan"), format!("lan{hidden}")] {
                assert!(!is_actor_name(&name), "{name:?}");
            }
        }
        for blank in ["", " ", "\u{A0}", "\u{3000}"] {
            assert!(!is_actor_name(blank), "{blank:?}");
        }
        assert!(is_actor_name(&"ữ".repeat(200)) && !is_actor_name(&"ữ".repeat(201)));
    }

    #[test]
    fn folding_forgets_marks_tones_and_case() {
        for (text, folded) in [
            ("Đà Nẵng", "da nang"),
            ("Hoà", "hoa"),
            ("Hòa", "hoa"),
            ("ƯƠNG", "uong"),
            ("Île-de-France", "ile-de-france"),
            ("Йошкар", "иошкар"),
            ("부산", "부산"),
            ("がぎ", "がぎ"),
            ("ภูเก็ต", "ภูเก็ต"),
            ("ΛΌΓΟΣ", "λογοσ"),
            ("İzmir", "izmir"),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(&nfd(text)), folded);
        }
    }

    #[test]
    fn both_places_of_the_tone_are_one_and_marks_stay() {
        for (old, new) in
            [("Hòa Bình", "hoà bình"), ("Khỏe", "khoẻ"), ("THÚY", "thuý"), ("lọa", "loạ"), ("ngõe", "ngoẽ")]
        {
            assert_eq!(fold_marked(old), new);
            assert_eq!(fold_marked(new), new);
        }
        assert_ne!(fold_marked("Hoa"), fold_marked("Hoà"));
        assert_eq!(fold_marked("Quờa mùa của"), "quờa mùa của");
        assert_eq!(fold_marked("Đà Nẵng"), "đà nẵng");
    }

    #[test]
    fn words_are_folded_and_occur_once() {
        assert_eq!(words("Đà Nẵng – DA NANG, 2025!"), ["da", "nang", "2025"]);
        assert_eq!(words("Busan 부산"), ["busan", "부산"]);
    }

    #[test]
    fn junk_has_no_words() {
        for junk in ["", "🎉🅰️🇻🇳 ⓐ", "\0\u{1}", "…!?\u{301}", "\u{FFFD}\u{E000}"] {
            assert_eq!(words(junk), [""; 0], "{junk:?}");
        }
    }

    #[test]
    fn words_are_bounded_in_length_and_number() {
        assert_eq!(words(&"a".repeat(500)), ["a".repeat(40)]);
        let many: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        assert_eq!(words(&many.join(" ")).len(), 64);
    }

    proptest! {
        #[test]
        fn parse_keeps_what_it_returned(raw in "\\PC{0,40}|.{0,40}", most in 0usize..50) {
            if let Ok(text) = parse(&raw, most) {
                prop_assert!(text.chars().count() <= most);
                prop_assert_eq!(parse(&text, most), Ok(text));
            }
        }

        #[test]
        fn composed_and_decomposed_texts_fold_alike(text in "\\PC{0,40}") {
            let composed: String = text.nfc().collect();
            prop_assert_eq!(fold(&composed), fold(&nfd(&text)));
            prop_assert_eq!(fold_marked(&composed), fold_marked(&nfd(&text)));
            prop_assert_eq!(words(&composed), words(&nfd(&text)));
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(fold(&fold_marked(&text)), folded);
            let marked = fold_marked(&text);
            prop_assert_eq!(fold_marked(&marked), marked);
        }

        #[test]
        fn words_hold_their_bounds(text in ".{0,400}") {
            let words = words(&text);
            prop_assert!(words.len() <= WORDS);
            prop_assert!(words.iter().all(|w| (1..=WORD_CHARS).contains(&w.chars().count())));
        }
    }
}
