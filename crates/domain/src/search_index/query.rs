//! A parsed query: its words, and the other ways in which a text may have them.

use super::document::{NameHash, hash};
use crate::search::SearchTerms;
use crate::spelling::{canonical_word, folded_words, joined_forms, place_kinds, without_joined_kind};
use crate::text;

/// The fewest letters of each part of a word that is split in two.
const FEWEST_LETTERS_OF_PART: usize = 2;
/// The fewest letters of the beginning of a word: one letter matches only itself.
const FEWEST_LETTERS_OF_PREFIX: usize = 2;
/// The most words that are also compared joined into one.
const MOST_JOINED_WORDS: usize = 5;

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryWord {
    /// The word in canonical spelling.
    pub(super) word: String,
    /// The words that it forms with its neighbours: "danang" for "da nang".
    pub(super) joined: Vec<String>,
    /// The word as typed, folded, and then those of `joined`: a slip is one of the typed letters.
    pub(super) typed: Vec<String>,
    /// The word without a joined suffix for the kind of a place.
    pub(super) bare: Option<String>,
    /// The two words that it may consist of.
    pub(super) splits: Vec<(String, String)>,
    /// Whether it matches longer words that begin with it.
    pub(super) is_prefix: bool,
    /// Whether a hit need not have it: it states the kind of a place.
    pub(super) is_optional: bool,
}

/// A query as the index answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// Distinct words in the order of the query.
    pub(super) words: Vec<QueryWord>,
    /// The hash of the query as a code.
    pub(super) code: u32,
    /// The hash of the query as a name with marks.
    pub(super) marked: u32,
    /// The hashes of its joined forms.
    pub(super) forms: Vec<u32>,
}

impl Query {
    /// Parses the terms. The last word of a suggestion is being typed, so it may be one letter.
    pub(super) fn new(terms: &SearchTerms, is_suggestion: bool) -> Self {
        let typed = folded_words(&terms.marked);
        let all: Vec<String> = typed.iter().map(|word| canonical_word(word)).collect();
        let kinds = place_kinds(&all);
        let whole = whole_name(&typed, &kinds);
        let mut words: Vec<QueryWord> = Vec::new();
        for (at, word) in all.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| format!("{}{}", typed[before], typed[at]));
            let after = typed.get(at + 1).map(|after| format!("{}{after}", typed[at]));
            let joined: Vec<String> = before.into_iter().chain(after).chain(whole.clone()).collect();
            let canonical = joined.iter().map(|joined| canonical_word(joined));
            if let Some(known) = words.iter_mut().find(|known| known.word == *word) {
                known.joined.extend(canonical);
                known.typed.extend(joined);
                known.is_optional &= kinds[at];
            } else {
                words.push(QueryWord {
                    word: word.clone(),
                    joined: canonical.collect(),
                    typed: [typed[at].clone()].into_iter().chain(joined).collect(),
                    bare: without_joined_kind(word).map(str::to_owned),
                    splits: splits(word),
                    is_prefix: word.chars().count() >= FEWEST_LETTERS_OF_PREFIX
                        || (is_suggestion && at + 1 == all.len()),
                    is_optional: kinds[at],
                });
            }
        }
        let code = hash(NameHash::Code(&text::fold_marked(&terms.marked)));
        let marked = hash(NameHash::Marked(&terms.marked));
        let forms = joined_forms(&terms.marked).iter().map(|form| hash(NameHash::Form(form))).collect();
        Self { words, code, marked, forms }
    }
}

/// Returns the words joined without those for the kind of a place, if they may be one name.
fn whole_name(words: &[String], kinds: &[bool]) -> Option<String> {
    let name: Vec<&str> =
        words.iter().zip(kinds).filter(|(_, is_kind)| !**is_kind).map(|(word, _)| word.as_str()).collect();
    (3..=MOST_JOINED_WORDS).contains(&name.len()).then(|| name.concat())
}

fn splits(word: &str) -> Vec<(String, String)> {
    let count = word.chars().count();
    let parts = word.char_indices().enumerate().filter(|(letters, _)| {
        *letters >= FEWEST_LETTERS_OF_PART && count - letters >= FEWEST_LETTERS_OF_PART
    });
    parts
        .map(|(_, (at, _))| word.split_at(at))
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .collect()
}
