//! The terms of a search text.

use crate::spelling::{canonical_words, place_kinds};
use crate::text;
use crate::validation::Reason;

/// The maximum length of a search query in characters.
pub const LONGEST_SEARCH: usize = 200;

/// A parsed search query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchTerms {
    /// Distinct words in canonical spelling, without those for the kind of a place. Each is a prefix
    /// that must match; an empty list matches nothing.
    pub folded: Vec<String>,
    /// The whole query with its marks, for ranking.
    pub marked: String,
}

impl SearchTerms {
    /// Parses a search query. Characters other than letters and digits separate words.
    ///
    /// # Errors
    /// `TooLong` above [`LONGEST_SEARCH`].
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        let given = raw.chars().count();
        if given > LONGEST_SEARCH {
            return Err(Reason::TooLong { most: LONGEST_SEARCH, given });
        }
        let words = canonical_words(raw);
        let kinds = place_kinds(&words);
        let mut folded: Vec<String> = Vec::new();
        for (word, is_kind) in words.into_iter().zip(kinds) {
            if !is_kind && !folded.contains(&word) {
                folded.push(word);
            }
        }
        Ok(Self { folded, marked: text::fold_marked(&text::normalise(raw)) })
    }
}
