//! The canonical spelling of words, which searches and look-ups of names compare.
//!
//! It unites the spellings that writers of Vietnamese and of romanized names use for one word, and
//! letters that look alike. It is never displayed.

use crate::text;
use std::collections::HashSet;

/// Suffixes of romanized names for the kind of a place, which people join to the name or write
/// apart: "Gyeonggido", "Aichi-ken".
const ROMANIZED_KINDS: [&str; 9] = ["do", "si", "gun", "gu", "ken", "fu", "shi", "sheng", "oblast"];
/// The fewest letters before a joined suffix.
const FEWEST_LETTERS_BEFORE_SUFFIX: usize = 4;
/// Words for the kind of a place before its name, in canonical spelling.
const KINDS_BEFORE: [&[&str]; 8] = [
    &["tinh"],
    &["thanh", "pho"],
    &["tp"],
    &["thu", "do"],
    &["province", "of"],
    &["kiti", "of"],
    &["prefekture", "of"],
    &["republik", "of"],
];
/// Words for the kind of a place after its name, in canonical spelling.
const KINDS_AFTER: [&[&str]; 15] = [
    &["province"],
    &["kiti"],
    &["metropolitan", "kiti"],
    &["spekial", "kiti"],
    &["prefekture"],
    &["kounti"],
    &["distrikt"],
    &["region"],
    &["oblast"],
    &["okrug"],
    &["governorate"],
    &["autonomous", "region"],
    &["autonomous", "prefekture"],
    &["munikipaliti"],
    &["spekial", "self", "governing", "province"],
];

/// Returns the canonical spelling of a folded word: letters that look alike are one, y is i, and c
/// is k except before h ("Mỹ" and "Mĩ", "Đắc Lắc" and "Đắk Lắk").
#[must_use]
pub(crate) fn canonical_word(folded: &str) -> String {
    let latin = folded.chars().any(|c| c.is_ascii_alphabetic());
    let mut letters = folded.chars().map(|c| latin_look_alike(c, latin)).peekable();
    let mut word = String::with_capacity(folded.len());
    while let Some(letter) = letters.next() {
        match letter {
            'y' => word.push('i'),
            'c' if letters.peek() != Some(&'h') => word.push('k'),
            other => word.push(other),
        }
    }
    word
}

/// Returns the Latin letter that a character looks like. Cyrillic and Greek letters count only
/// within a Latin word: there they are a slip of the keyboard, elsewhere another script.
fn latin_look_alike(c: char, is_within_latin: bool) -> char {
    match c {
        'ð' | 'ɖ' => 'd',
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        '\u{FF10}'..='\u{FF19}' | '\u{FF41}'..='\u{FF5A}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        _ if !is_within_latin => c,
        'а' | 'α' => 'a',
        'е' | 'ε' => 'e',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'с' => 'c',
        'х' | 'χ' => 'x',
        'у' | 'υ' => 'y',
        'і' | 'ι' => 'i',
        'ѕ' => 's',
        'к' | 'κ' => 'k',
        'т' | 'τ' => 't',
        'м' => 'm',
        'н' | 'һ' => 'h',
        'в' => 'b',
        'ν' => 'v',
        other => other,
    }
}

/// The most words of a text that are compared, and the most letters of a word.
const MOST_WORDS: usize = 64;
const MOST_LETTERS: usize = 40;

/// Returns the canonical words of a text in order, at most 64 of at most 40 letters.
#[must_use]
pub fn canonical_words(text: &str) -> Vec<String> {
    folded_words(text).iter().map(|word| canonical_word(word)).collect()
}

/// Returns the folded words of a text in order, as many as [`canonical_words`].
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    let folded = text::fold_name(text);
    let words = folded.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS);
    words.map(|word| word.chars().take(MOST_LETTERS).collect()).collect()
}

/// Returns for each word whether it states the kind of a place before or after a name, so that the
/// name is the same without it: "tỉnh Đồng Nai", "Gyeonggi-do".
#[must_use]
pub(crate) fn place_kinds(words: &[String]) -> Vec<bool> {
    let mut is_kind = vec![false; words.len()];
    let begins_with = |at: usize, kind: &[&str]| {
        words.get(at..at + kind.len()).is_some_and(|part| part.iter().zip(kind).all(|(word, of)| word == of))
    };
    for at in 0..words.len() {
        let before = KINDS_BEFORE.iter().filter(|kind| at + kind.len() < words.len());
        let after = KINDS_AFTER.iter().filter(|_| at > 0);
        for kind in before.chain(after).filter(|kind| begins_with(at, kind)) {
            is_kind[at..at + kind.len()].fill(true);
        }
        let follows_name = at > 0 && words[at - 1].chars().count() >= FEWEST_LETTERS_BEFORE_SUFFIX;
        is_kind[at] |= follows_name && ROMANIZED_KINDS.contains(&words[at].as_str());
    }
    // A text of such words alone names the kind itself.
    if is_kind.iter().all(|is| *is) { vec![false; words.len()] } else { is_kind }
}

/// Returns the word without a joined suffix for the kind of a place: "gyeonggi" for "gyeonggido".
#[must_use]
pub(crate) fn without_joined_kind(word: &str) -> Option<&str> {
    ROMANIZED_KINDS.iter().find_map(|kind| {
        let name = word.strip_suffix(kind)?;
        (name.chars().count() >= FEWEST_LETTERS_BEFORE_SUFFIX).then_some(name)
    })
}

/// Returns the forms under which a name is certain: its words joined, and joined without words for
/// the kind of place. "Gyeonggi-do", "gyeonggido" and "tỉnh Gyeonggi" share a form.
#[must_use]
pub(crate) fn joined_forms(text: &str) -> Vec<String> {
    let words = folded_words(text);
    let canonical: Vec<String> = words.iter().map(|word| canonical_word(word)).collect();
    let names = words.iter().zip(place_kinds(&canonical)).filter(|(_, is_kind)| !is_kind);
    let bare: String = names.map(|(word, _)| word.as_str()).collect();
    // Joined first, because "ch" may arise where two words meet.
    let (whole, bare) = (canonical_word(&words.concat()), canonical_word(&bare));
    let bare = without_joined_kind(&bare).map(str::to_owned).unwrap_or(bare);
    let mut forms = vec![whole, bare];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms
}

/// The most words of a name that is also written joined.
const MOST_JOINED_WORDS: usize = 4;

/// Returns the distinct words that a text is found by: its canonical words and, of a short name, its
/// joined forms.
#[must_use]
pub fn name_words(text: &str) -> HashSet<String> {
    let words = canonical_words(text);
    let joined = if words.len() <= MOST_JOINED_WORDS { joined_forms(text) } else { Vec::new() };
    words.into_iter().chain(joined).collect()
}

/// The fewest letters of a word in which a slip is tolerated.
const FEWEST_LETTERS_OF_SLIP: usize = 5;

/// Returns whether a slip of one letter is tolerated in a word: letters of the Latin alphabet, at
/// least five. A slip in a number makes another number.
#[must_use]
pub(crate) fn tolerates_slip(word: &str) -> bool {
    word.len() >= FEWEST_LETTERS_OF_SLIP && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Returns the canonical spellings of the words that differ from a folded word in one slip: a letter
/// left out, added or replaced, or two neighbours exchanged. At most about 54 for each letter.
#[must_use]
pub(crate) fn slips(folded: &str) -> Vec<String> {
    if !tolerates_slip(folded) {
        return Vec::new();
    }
    let letters = || (b'a'..=b'z').map(char::from);
    let mut found = Vec::with_capacity(folded.len() * 54);
    for at in 0..=folded.len() {
        let (start, end) = folded.split_at(at);
        found.extend(letters().map(|letter| format!("{start}{letter}{end}")));
        let mut rest = end.chars();
        let Some(first) = rest.next() else { continue };
        let rest_of = rest.as_str();
        found.push(format!("{start}{rest_of}"));
        let others = letters().filter(|letter| *letter != first);
        found.extend(others.map(|letter| format!("{start}{letter}{rest_of}")));
        if let Some(second) = rest.next().filter(|second| *second != first) {
            found.push(format!("{start}{second}{first}{}", rest.as_str()));
        }
    }
    found.iter().map(|word| canonical_word(word)).collect()
}

/// Returns whether two words differ in one slip.
#[must_use]
pub(crate) fn is_slip(one: &str, other: &str) -> bool {
    tolerates_slip(one) && strsim::osa_distance(one, other) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        joined_forms(one).iter().any(|form| joined_forms(other).contains(form))
    }

    #[test]
    fn spellings_of_one_name_share_a_form() {
        for (one, other) in [
            ("Mỹ Tho", "Mĩ Tho"),
            ("Đắk Lắk", "Đắc Lắc"),
            ("Bắc Kạn", "bac can"),
            ("Đà Nẵng", "Danang"),
            ("TP. Đà Nẵng", "thành phố Đà Nẵng"),
            ("Ðồng Nai", "Đồng Nai"),
            ("Đồng Nаi", "dong nai"),
            ("Gyeonggi-do", "Gyeonggido"),
            ("Gyeonggi", "gyeonggi do"),
            ("Aichi Prefecture", "tỉnh Aichi"),
            ("Gwangju Metropolitan City", "Gwangju"),
            ("Hồ Chí Minh", "HoChiMinh City"),
            ("ＤＯＮＧ Nai", "Đồng Nai"),
        ] {
            assert!(same(one, other), "{one} {other}: {:?} {:?}", joined_forms(one), joined_forms(other));
        }
        for (one, other) in
            [("Hà Tĩnh", "Hà"), ("Hà Nam", "Hà Nội"), ("tỉnh", "thành phố"), ("Nam Định", "Nam")]
        {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn words_for_the_kind_of_a_place_are_recognized_beside_a_name() {
        let kinds = |text: &str| place_kinds(&canonical_words(text));
        assert_eq!(kinds("tỉnh Hà Tĩnh"), [true, false, false]);
        assert_eq!(kinds("Hà Tĩnh"), [false, false]);
        assert_eq!(kinds("thành phố Huế"), [true, true, false]);
        assert_eq!(kinds("Thanh Hóa"), [false, false]);
        assert_eq!(kinds("Kanagawa prefecture"), [false, true]);
        assert_eq!(kinds("Thụy Sĩ"), [false, true]);
        assert_eq!(kinds("thành phố"), [false, false]);
    }

    #[test]
    fn slips_are_one_edit() {
        let found = slips("busan");
        for other in ["busn", "bussan", "butan", "ubsan", "busna"] {
            assert!(found.iter().any(|slip| slip == other) && is_slip("busan", other), "{other}");
        }
        assert!(slips("aihci").contains(&"aichi".to_owned()), "exchanged letters are spelt anew");
        assert!(slips("hue").is_empty() && slips("20255").is_empty() && slips("부산광역시").is_empty());
        assert!(!is_slip("busan", "busan") && !is_slip("busan", "pusam"));
    }
}
