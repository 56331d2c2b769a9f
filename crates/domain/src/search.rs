//! What people type into a search, and how well a name answers it.
//!
//! Every word that is typed must begin a word of the text; marks and tone placement do not
//! matter for finding, but a text that bears the marks as typed ranks higher.

use crate::refusal::Refusal;
use crate::text;

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
        let begins = |word: &String| self.words.iter().any(|own| own.starts_with(word.as_str()));
        if search.folded.is_empty() || !search.folded.iter().all(begins) {
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
}

/// The best rank among several names of one thing, and the name that has it.
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
