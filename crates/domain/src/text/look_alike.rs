//! Letters that look like Latin ones: `Ð` (eth) and `Đ`, Cyrillic `о` and Latin `o`.
//!
//! The pairs are those of Unicode Technical Standard 39. A letter is replaced only within a word
//! that has Latin letters, or that consists of such letters only, in a text with Latin letters: a
//! name in Cyrillic or Greek remains one.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use unicode_security::skeleton;

/// The blocks with letters that look like Latin ones: Latin, Greek, Cyrillic, Armenian, Cherokee,
/// phonetic letters, symbols that are letters, full-width and mathematical letters.
const BLOCKS: [RangeInclusive<u32>; 10] = [
    0xC0..=0x58F,
    0x13A0..=0x13FF,
    0x1D00..=0x1DBF,
    0x1E00..=0x1FFF,
    0x2100..=0x214F,
    0x2C60..=0x2C7F,
    0xA640..=0xA7FF,
    0xAB30..=0xABBF,
    0xFF21..=0xFF5A,
    0x1_D400..=0x1_D7FF,
];

/// The letters of Vietnamese without marks. Of those with the same skeleton (`I` and `l`) a capital
/// is replaced by a capital.
const LATIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐabcdefghijklmnopqrstuvwxyzđ";

static LATIN_OF: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut latin: HashMap<(String, bool), char> = HashMap::new();
    for letter in LATIN.chars() {
        latin.insert((skeleton_of(letter), letter.is_uppercase()), letter);
    }
    let similar = |c: char| latin.get(&(skeleton_of(c), c.is_uppercase())).copied();
    let others = BLOCKS.into_iter().flatten().filter_map(char::from_u32);
    let others = others.filter(|c| c.is_alphabetic() && !LATIN.contains(*c));
    // A capital without a Latin twin follows its small letter, so that folding twice is folding once.
    others.filter_map(|c| Some((c, similar(c).or_else(|| similar(super::lower_of(c)?))?))).collect()
});

fn skeleton_of(letter: char) -> String {
    skeleton(letter.encode_utf8(&mut [0; 4])).collect()
}

/// Replaces look-alikes in a decomposed text by the Latin letters that readers see.
pub(super) fn replace(decomposed: &mut [char]) {
    if !decomposed.iter().any(|c| latin_of(*c).is_some()) {
        return;
    }
    let is_latin_text = decomposed.iter().any(|c| is_latin(*c));
    for word in decomposed.split_mut(|c| !c.is_alphanumeric() && !super::is_diacritic(*c)) {
        let looks_latin = |c: &char| latin_of(*c).is_some() || super::is_diacritic(*c);
        if word.iter().any(|c| is_latin(*c)) || is_latin_text && word.iter().all(looks_latin) {
            for c in word {
                *c = latin_of(*c).unwrap_or(*c);
            }
        }
    }
}

/// Returns the Latin letter that a letter looks like; `None` for a Latin one without a twin.
fn latin_of(c: char) -> Option<char> {
    if c.is_ascii() || super::is_diacritic(c) { None } else { LATIN_OF.get(&c).copied() }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || CodePointMapData::<Script>::new().get(c) == Script::Latin
}
