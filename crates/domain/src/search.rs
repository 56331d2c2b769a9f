//! Search terms and the rank of a name for them.
//!
//! Every search word must be the prefix of a word of the text. Marks and tone placement are
//! ignored for matching, but a text with the marks of the query ranks higher.

use crate::text;
use crate::validation::Reason;
use std::cmp::Reverse;

/// The maximum length of a search query in characters.
pub const LONGEST_SEARCH: usize = 200;

/// A parsed search query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchTerms {
    /// Folded words, each a prefix that must match; an empty list matches nothing.
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
        let query = text::normalise(raw);
        Ok(Self { folded: text::words(&query), marked: text::fold_marked(&query) })
    }

    /// Returns whether the query is this code, ignoring case.
    #[must_use]
    pub fn is_code(&self, code: &str) -> bool {
        self.marked == text::fold_marked(code)
    }
}

/// A name in the normalized forms that searches compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    shown: String,
    marked: String,
    words: Vec<String>,
}

/// The rank of a name for a query; greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Every query word is a prefix of one of its words.
    Begins,
    /// Every query word is one of its words.
    Words,
    /// It begins with the query.
    Prefix,
    /// It equals the query, ignoring marks.
    Same,
    /// It equals the query, including marks.
    Exact,
    /// Its code equals the query ([`SearchTerms::is_code`]).
    Code,
}

impl Name {
    /// Returns the normalized forms of a name.
    #[must_use]
    pub fn new(shown: &str) -> Self {
        Self { shown: shown.to_owned(), marked: text::fold_marked(shown), words: text::words(shown) }
    }

    /// Returns the display name.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns its rank for a query; None where it does not match.
    #[must_use]
    pub fn rank(&self, search: &SearchTerms) -> Option<Rank> {
        if search.folded.is_empty() || !search.folded.iter().all(|word| self.has_word_prefix(word)) {
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

    /// Returns whether a folded word is a prefix of one of its words.
    fn has_word_prefix(&self, word: &str) -> bool {
        self.words.iter().any(|own| own.starts_with(word))
    }
}

/// Returns the best rank among the names of one entity, and the first name with it; None where no
/// name matches.
#[must_use]
pub fn best_match<'a>(names: &'a [Name], search: &SearchTerms) -> Option<(Rank, &'a str)> {
    let mut best: Option<(Rank, &str)> = None;
    for name in names {
        if let Some(rank) = name.rank(search).filter(|rank| best.is_none_or(|(top, _)| *rank > top)) {
            best = Some((rank, name.shown()));
        }
    }
    best
}

/// Returns names that together match the query words, chosen greedily by the number of words that
/// they add; words without a matching name are ignored.
#[must_use]
pub fn covering_names<'a>(names: &'a [Name], search: &SearchTerms) -> Vec<&'a str> {
    let mut open: Vec<&str> = search.folded.iter().map(String::as_str).collect();
    let mut chosen = Vec::new();
    loop {
        let added_words = |name: &&Name| open.iter().filter(|word| name.has_word_prefix(word)).count();
        let Some(name) =
            names.iter().min_by_key(|name| Reverse(added_words(name))).filter(|name| added_words(name) > 0)
        else {
            return chosen;
        };
        open.retain(|word| !name.has_word_prefix(word));
        chosen.push(name.shown());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> SearchTerms {
        SearchTerms::parse(raw).unwrap()
    }

    #[test]
    fn names_rank_by_their_match_with_the_query() {
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
    fn code_matches_whole_and_in_any_case() {
        for typed in ["EVT-0154", " evt-0154 "] {
            assert!(words(typed).is_code("EVT-0154"), "{typed:?}");
        }
        for typed in ["EVT-015", "EVT 0154", "EVT-0154 x", ""] {
            assert!(!words(typed).is_code("EVT-0154"), "{typed:?}");
        }
        assert!(Rank::Code > Rank::Exact);
    }

    #[test]
    fn covering_names_are_few() {
        let names = ["Nai", "Đồng Nai", "Dong Nai", "Gyeongnam", "Gyeongsangnam-do"].map(Name::new);
        assert_eq!(covering_names(&names, &words("gyeong dong nai")), ["Đồng Nai", "Gyeongnam"]);
        assert_eq!(covering_names(&names, &words("dong nai 2025")), ["Đồng Nai"]);
        assert_eq!(covering_names(&names, &words("hue")), [""; 0]);
    }
}
