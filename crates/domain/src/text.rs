//! Normalization of input texts and folding for search.

mod hidden;
mod look_alike;

use hidden::{is_hidden, remove_hidden};
use unicode_normalization::UnicodeNormalization;

/// The maximum length of a search word in characters; longer words are truncated.
const WORD_CHARS: usize = 40;
/// The maximum number of search words of one text.
const WORDS: usize = 64;

/// Returns the text in the stored form: NFC, trimmed, one space for every run of white space,
/// without characters that are invisible or turn the direction of writing. Joiners remain where a
/// script or an emoji needs them.
#[must_use]
pub fn normalise(raw: &str) -> String {
    let composed: String = remove_hidden(raw).nfc().collect();
    let mut text = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Returns whether a reader sees anything of a text: a letter, digit, punctuation mark or symbol.
/// Control characters, marks without a letter and characters of private use are nothing to see.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(hidden::is_visible)
}

/// Returns whether a character must not be in an identifier or in an excerpt that people read: a control
/// character, or one that is invisible or turns the direction of writing.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || is_hidden(c)
}

/// Returns whether a text has control characters, or hidden ones that its script does not need.
#[must_use]
pub fn has_unsafe(text: &str) -> bool {
    text.chars().any(char::is_control) || remove_hidden(text) != text
}

/// The maximum length of an actor name in characters.
pub const LONGEST_NAME_CHARS: usize = 200;

/// Returns whether a name can identify an actor in the log: at most [`LONGEST_NAME_CHARS`]
/// characters, not blank, and no characters that could make it look like another name: control
/// characters, line or paragraph separators, direction marks, invisible characters.
#[must_use]
pub fn is_actor_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME_CHARS && !name.contains(is_unsafe)
}

/// Returns the text in NFC, otherwise unchanged: equal for all encodings of the same characters.
#[must_use]
pub fn composed(raw: &str) -> String {
    raw.nfc().collect()
}

/// Returns the text in search form: lower case without marks, đ as d, so that NFC and NFD, "Hoà"
/// and "Hòa", "Đà Nẵng" and "da nang" are equal. Letters that look like Latin ones become those
/// within Latin words ([`look_alike`]). Scripts whose marks are vowels or consonants keep them.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut decomposed: Vec<char> = text.nfd().collect();
    look_alike::replace(&mut decomposed);
    let lower = decomposed.into_iter().flat_map(to_lower).nfd();
    // Eth (ð) is the small letter of the look-alike of Đ.
    lower.filter(|&c| !is_diacritic(c)).map(|c| if matches!(c, 'đ' | 'ð') { 'd' } else { c }).nfc().collect()
}

/// Returns the name in the form for comparison: folded, with its words separated by one space.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let folded = fold(&remove_hidden(name));
    let words: Vec<&str> = folded.split(|c| !is_word_char(c)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Returns the text in the form for comparison with marks: lower case and NFC, with one tone
/// placement for both spellings (hoà and hòa, khoẻ and khỏe, thuý and thúy).
#[must_use]
pub fn fold_marked(text: &str) -> String {
    let mut decomposed: Vec<char> = text.nfd().collect();
    // Before the case is lost: a capital and its small letter may look like different Latin ones.
    look_alike::replace(&mut decomposed);
    let mut chars: Vec<char> = lower(&decomposed.into_iter().collect::<String>()).nfd().collect();
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

/// Returns the folded words of a text, each once, in order: at most 64 of at most 40 characters.
/// Characters other than letters and digits separate words.
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

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(to_lower)
}

/// Returns lower case independent of context (final sigma), so that the order of folding and
/// normalization does not matter.
fn to_lower(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Returns the small letter of a character; `None` if it is several or the character itself.
fn lower_of(c: char) -> Option<char> {
    let mut lower = to_lower(c);
    lower.next().filter(|small| lower.next().is_none() && *small != c)
}

/// Returns whether a character is a mark above, below or through a letter of an alphabet; vowel
/// signs and dots of other scripts are not.
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

/// Letters and digits; excludes the lettered emoji (1F1xx) that Unicode calls alphabetic.
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
    fn folded_names_ignore_separators_between_words() {
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
    fn hidden_characters_are_removed_where_they_mean_nothing() {
        for hidden in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}').chain([
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200E}',
            '\u{200F}',
            '\u{FEFF}',
            '\u{AD}',
            '\u{2060}',
            '\u{61C}',
            '\u{34F}',
            '\u{180E}',
            '\u{3164}',
            '\u{FE0F}',
            '\u{E0041}',
            '\u{E007F}',
            '\u{2800}',
        ]) {
            for text in [
                format!("{hidden}Đà Nẵng"),
                format!("Đà{hidden} Nẵ{hidden}ng{hidden}"),
                format!("Đa{hidden}\u{300} Nẵng"),
            ] {
                assert_eq!(normalise(&text), "Đà Nẵng", "{text:?}");
            }
            assert!(!is_visible(&format!(" {hidden}{hidden}")), "{hidden:?}");
        }
        // A separator of lines is white space.
        assert_eq!(normalise("Đà\u{2028}Nẵng\u{2029}"), "Đà Nẵng");
    }

    #[test]
    fn joiners_of_scripts_and_emoji_are_kept() {
        for text in [
            "می\u{200C}خواهم",
            "ක්\u{200D}ෂ",
            "क्\u{200D}ष",
            "👩\u{200D}🔬",
            "❤\u{FE0F}\u{200D}🔥",
            "👩🏽\u{200D}🚀",
        ] {
            assert_eq!(normalise(text), text);
        }
    }

    #[test]
    fn marks_controls_and_private_characters_alone_are_not_visible() {
        for text in
            ["", " ", "\0", "\u{301}", "\u{E000}", "\u{F0000}\u{10FFFD}", "\u{FFFF}", "\u{E0041}\u{E007F}"]
        {
            assert!(!is_visible(text), "{text:?}");
        }
        for text in ["a", "5", "…", "№", "東", "🇻🇳", "\u{E000}b"] {
            assert!(is_visible(text), "{text:?}");
        }
    }

    #[test]
    fn look_alikes_fold_to_the_latin_letters_of_their_word() {
        for (text, folded) in [
            ("\u{D0}à Nẵng", "da nang"),
            ("\u{189}ồng Nai", "dong nai"),
            ("H\u{1EE3}p t\u{430}\u{301}c", "hop tac"),
            // All letters of the second word are Cyrillic.
            ("Hội nghị \u{421}\u{41E}\u{420}", "hoi nghi cop"),
            ("\u{392}usan", "busan"),
            ("\u{FF22}usan", "busan"),
            ("Busan \u{1D400}", "busan a"),
            ("Garðabær", "gardabær"),
            ("GARÐABÆR", "gardabær"),
            // Words of other scripts are no Latin ones.
            ("Сара", "сара"),
            ("Νίνα", "νινα"),
            ("ΝΙΝΑ", "νινα"),
            ("Москва (Moskva)", "москва (moskva)"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&nfd(text)), folded, "{text}");
        }
    }

    #[test]
    fn actor_names_have_no_hidden_or_direction_characters() {
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
    fn folding_removes_marks_tones_and_case() {
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
    fn both_tone_placements_are_equal_and_marks_are_kept() {
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

    /// Texts of letters that look alike, of several scripts, with marks and hidden characters.
    fn mixed_texts() -> impl Strategy<Value = String> {
        let letters = "aoDĐÐðıIlσςΣνΝВвСс\u{301}\u{323} -1９Ａ\u{200D}\u{200C}\u{202E}\u{FE0F}❤म्م".chars();
        let letters: Vec<char> = letters.collect();
        proptest::collection::vec(proptest::sample::select(letters), 0..12)
            .prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn mixed_texts_fold_and_normalise_once(text in mixed_texts()) {
            let normal = normalise(&text);
            prop_assert_eq!(normalise(&normal), normal.clone());
            prop_assert_eq!(normalise(&nfd(&text)), normal);
            let folded = fold(&text);
            prop_assert_eq!(fold(&nfd(&text)), folded.clone());
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn composed_and_decomposed_texts_fold_to_equal_ones(text in "\\PC{0,40}") {
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
        fn words_stay_within_their_limits(text in ".{0,400}") {
            let words = words(&text);
            prop_assert!(words.len() <= WORDS);
            prop_assert!(words.iter().all(|w| (1..=WORD_CHARS).contains(&w.chars().count())));
        }
    }
}
