//! Suggestions: known words similar to an unknown one.

use crate::spelling::joined_forms;

/// The maximum number of suggestions in an error.
const MOST_CANDIDATES: usize = 5;
/// The maximum length in characters of a word that suggestions are searched for.
const LONGEST_WORD: usize = 60;
/// The minimum letters of a word to match as part of a candidate, or by one edit.
const FEWEST_LETTERS: usize = 4;
/// The minimum letters of a word to match a candidate by two edits.
const FEWEST_LETTERS_OF_TWO_EDITS: usize = 7;

/// A known word and its other names.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// The word that the register accepts.
    pub word: &'a str,
    /// Display names, codes of other lists.
    pub names: Vec<&'a str>,
}

impl<'a> Candidate<'a> {
    /// Returns a word without other names.
    #[must_use]
    pub fn new(word: &'a str) -> Self {
        Self { word, names: Vec::new() }
    }
}

/// The difference between a word and the given one, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// Case, marks or separators only.
    Spelling,
    /// The word begins with the given one.
    Beginning,
    /// One letter.
    OneEdit,
    /// The word contains the given one.
    Part,
    /// Two letters.
    TwoEdits,
}

/// Returns the words most similar to the given one, at most five; none where nothing is similar.
#[must_use]
pub fn most_similar<'a>(given: &str, known: impl Iterator<Item = Candidate<'a>>) -> Vec<String> {
    if given.chars().nth(LONGEST_WORD).is_some() {
        return Vec::new();
    }
    let letters = letters(given);
    if letters.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(Difference, &str)> = known
        .filter_map(|candidate| {
            let texts = candidate.names.iter().copied().chain([candidate.word]);
            let least = texts.filter_map(|text| difference(&letters, text)).min()?;
            Some((least, candidate.word))
        })
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(_, word)| *word);
    found.into_iter().take(MOST_CANDIDATES).map(|(_, word)| word.to_owned()).collect()
}

/// Returns the letters and digits of a text in canonical spelling, without the word for the kind of
/// a place.
fn letters(text: &str) -> String {
    joined_forms(text).pop().unwrap_or_default()
}

fn difference(given: &str, text: &str) -> Option<Difference> {
    let known = letters(text);
    if known == given {
        return Some(Difference::Spelling);
    }
    let count = given.chars().count();
    if count < FEWEST_LETTERS {
        return None;
    }
    if known.starts_with(given) {
        return Some(Difference::Beginning);
    }
    match edits(given, &known) {
        0 | 1 => Some(Difference::OneEdit),
        _ if known.contains(given) => Some(Difference::Part),
        2 if count >= FEWEST_LETTERS_OF_TWO_EDITS => Some(Difference::TwoEdits),
        _ => None,
    }
}

/// Returns the number of letters left out, added, replaced or exchanged; 3 means 3 or more.
fn edits(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other).min(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, &str); 6] = [
        ("DONG_NAI", "Đồng Nai"),
        ("DONG_THAP", "Đồng Tháp"),
        ("DA_NANG", "Đà Nẵng"),
        ("kr-busan", "Busan"),
        ("Agreement", ""),
        ("JP", "Nhật Bản"),
    ];

    fn similar(given: &str) -> Vec<String> {
        let known = KNOWN.iter().map(|(word, name)| Candidate { word, names: vec![name] });
        most_similar(given, known)
    }

    #[test]
    fn other_spellings_of_a_word_come_first() {
        assert_eq!(similar("agreement"), ["Agreement"]);
        for given in ["dong nai", "DONGNAI", "đồng nai", "Dong-Nai"] {
            assert_eq!(similar(given)[0], "DONG_NAI", "{given}");
        }
        assert_eq!(similar("DONG"), ["DONG_NAI", "DONG_THAP"]);
        assert_eq!(similar("Busan"), ["kr-busan"]);
        assert_eq!(similar("jp"), ["JP"]);
        assert_eq!(similar("DA_NAMG"), ["DA_NANG"]);
        assert_eq!(similar("Agrement s"), ["Agreement"]);
    }

    #[test]
    fn junk_has_no_candidates() {
        for junk in ["", "ZZ", "💥", "\0", "nowhere", &"DONG_NAI".repeat(1_000)] {
            assert_eq!(similar(junk), [""; 0], "{junk:?}");
        }
    }

    #[test]
    fn at_most_five_candidates_are_returned() {
        let words: Vec<String> = (0..10_000).map(|number| format!("WORD_{number:05}")).collect();
        let found = most_similar("WORD", words.iter().map(|word| Candidate::new(word)));
        assert_eq!(found, words[..5]);
    }

    #[test]
    fn edits_are_counted_up_to_three() {
        let count = |one: &str, other: &str| edits(&letters(one), &letters(other));
        for (one, other, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "bc", 1),
            ("abc", "cab", 2),
            ("abc", "acb", 1),
            ("abc", "xyz", 3),
            ("a", "abcdef", 3),
        ] {
            assert_eq!(count(one, other), expected, "{one} {other}");
            assert_eq!(count(other, one), expected, "{other} {one}");
        }
    }
}
