//! What people type into a search, and how well a name answers it.
//!
//! Every word that is typed must begin a word of the text; marks and tone placement do not
//! matter for finding, but a text that bears the marks as typed ranks higher.

use crate::refusal::Refusal;
use crate::text;
use std::cmp::Reverse;

/// The most characters that a search may have.
pub const LONGEST_SEARCH: usize = 200;

/// A search, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words {
    /// Folded words, each a prefix that must be met; empty finds nothing.
    pub folded: Vec<String>,
    /// The whole text with its marks, for ranking.
    pub marked: String,
}

impl Words {
    /// Reads a search. Characters that no word can have only part the words.
    ///
    /// # Errors
    /// Longer than [`LONGEST_SEARCH`].
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        let given = raw.chars().count();
        if given > LONGEST_SEARCH {
            return Err(Refusal::TooLong { most: LONGEST_SEARCH, given });
        }
        Ok(Self { folded: text::words(raw), marked: text::fold_marked(&text::normalise(raw)) })
    }

    /// Whether nothing but this code was typed, in whatever case.
    #[must_use]
    pub fn is_code(&self, code: &str) -> bool {
        self.marked == text::fold_marked(code)
    }
}

/// A name in the shapes that searches compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    shown: String,
    marked: String,
    words: Vec<String>,
}

/// How well a name answers a search; more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Every word typed begins a word of it.
    Begins,
    /// Every word typed is a word of it.
    Words,
    /// It begins with what was typed.
    Prefix,
    /// It is what was typed, but for the marks.
    Same,
    /// It is what was typed, with the marks.
    Exact,
    /// Its code is what was typed ([`Words::is_code`]).
    Code,
}

impl Name {
    /// The shapes of this name.
    #[must_use]
    pub fn new(shown: &str) -> Self {
        Self { shown: shown.to_owned(), marked: text::fold_marked(shown), words: text::words(shown) }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// How well it answers, or not at all.
    #[must_use]
    pub fn rank(&self, search: &Words) -> Option<Rank> {
        if search.folded.is_empty() || !search.folded.iter().all(|word| self.has(word)) {
            return None;
        }
        Some(if self.marked == search.marked {
            Rank::Exact
        } else if self.words == search.folded {
            Rank::Same
        } else if self.words.starts_with(&search.folded) {
            Rank::Prefix
        } else if search.folded.iter().all(|word| self.words.contains(word)) {
            Rank::Words
        } else {
            Rank::Begins
        })
    }

    /// Whether a folded word begins a word of it.
    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own.starts_with(word))
    }
}

/// The best rank among several names of one thing, and the first name that has it.
#[must_use]
pub fn best<'a>(names: &'a [Name], search: &Words) -> Option<(Rank, &'a str)> {
    let mut best: Option<(Rank, &str)> = None;
    for name in names {
        if let Some(rank) = name.rank(search).filter(|rank| best.is_none_or(|(top, _)| *rank > top)) {
            best = Some((rank, name.shown()));
        }
    }
    best
}

/// The names that between them have what was typed, those that have most of it first; words that
/// none of them has are passed over.
#[must_use]
pub fn together<'a>(names: &'a [Name], search: &Words) -> Vec<&'a str> {
    let mut open: Vec<&str> = search.folded.iter().map(String::as_str).collect();
    let mut chosen = Vec::new();
    loop {
        let met = |name: &&Name| open.iter().filter(|word| name.has(word)).count();
        let Some(name) = names.iter().min_by_key(|name| Reverse(met(name))).filter(|name| met(name) > 0)
        else {
            return chosen;
        };
        open.retain(|word| !name.has(word));
        chosen.push(name.shown());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> Words {
        Words::parse(raw).unwrap()
    }

    #[test]
    fn a_name_ranks_by_how_much_of_it_was_typed() {
        let name = Name::new("Đà Nẵng");
        for (typed, rank) in [
            ("đà nẵng", Some(Rank::Exact)),
            ("Da Nang", Some(Rank::Same)),
            ("da", Some(Rank::Prefix)),
            ("nang", Some(Rank::Words)),
            ("nan", Some(Rank::Begins)),
            ("ang", None),
            ("…", None),
        ] {
            assert_eq!(name.rank(&words(typed)), rank, "{typed}");
        }
    }

    #[test]
    fn a_code_is_typed_whole_and_in_any_case() {
        for typed in ["EVT-0154", " evt-0154 "] {
            assert!(words(typed).is_code("EVT-0154"), "{typed:?}");
        }
        for typed in ["EVT-015", "EVT 0154", "EVT-0154 x", ""] {
            assert!(!words(typed).is_code("EVT-0154"), "{typed:?}");
        }
        assert!(Rank::Code > Rank::Exact);
    }

    #[test]
    fn few_names_stand_together_for_what_was_typed() {
        let names = ["Nai", "Đồng Nai", "Dong Nai", "Gyeongnam", "Gyeongsangnam-do"].map(Name::new);
        assert_eq!(together(&names, &words("gyeong dong nai")), ["Đồng Nai", "Gyeongnam"]);
        assert_eq!(together(&names, &words("dong nai 2025")), ["Đồng Nai"]);
        assert_eq!(together(&names, &words("hue")), [""; 0]);
    }
}
