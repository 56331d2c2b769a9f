//! The texts of a hit that match the words of a query.

use super::SearchText;
use super::query::{Query, QueryWord};
use crate::search::SearchTerms;
use crate::spelling::{canonical_words, is_slip};
use std::cmp::Reverse;

/// How well a text has a word; greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    Slip,
    Beginning,
    Whole,
}

/// Returns texts that together match the words of the query, with the part that each is of: chosen
/// one by one, the one that matches the most further words first.
#[must_use]
pub fn matched_texts<'a>(
    terms: &SearchTerms,
    texts: impl IntoIterator<Item = SearchText<'a>>,
) -> Vec<SearchText<'a>> {
    let texts: Vec<SearchText<'a>> = texts.into_iter().collect();
    let chosen = choose(terms, texts.iter().map(|text| text.text));
    chosen.into_iter().filter_map(|index| texts.get(index).copied()).collect()
}

/// Returns texts that together match the words of the query; see [`matched_texts`].
#[must_use]
pub fn covering_texts<'a>(terms: &SearchTerms, texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let texts: Vec<&str> = texts.into_iter().collect();
    choose(terms, texts.iter().copied()).into_iter().filter_map(|index| texts.get(index).copied()).collect()
}

fn choose<'a>(terms: &SearchTerms, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let query = Query::new(terms, true);
    let texts: Vec<Vec<Likeness>> = texts
        .map(|text| {
            let words = canonical_words(text);
            query.words.iter().map(|word| likeness(word, &words)).collect()
        })
        .collect();
    let mut reached = vec![Likeness::None; query.words.len()];
    let mut chosen = Vec::new();
    loop {
        let gain = |text: &[Likeness]| {
            let better = text.iter().zip(&reached).filter(|(new, old)| new > old);
            better.map(|(new, _)| *new as usize).sum::<usize>()
        };
        let best = texts.iter().enumerate().min_by_key(|(_, text)| Reverse(gain(text)));
        let Some((index, text)) = best.filter(|(_, text)| gain(text) > 0) else { return chosen };
        // A word that a text has is not looked for again, even if another has it better.
        for (old, new) in reached.iter_mut().zip(text) {
            if *new > Likeness::None {
                *old = Likeness::Whole;
            }
        }
        chosen.push(index);
    }
}

fn likeness(word: &QueryWord, words: &[String]) -> Likeness {
    let is_whole = words
        .iter()
        .any(|other| *other == word.word || word.joined.contains(other) || word.bare.as_ref() == Some(other));
    let has = |part: &String| words.contains(part);
    if is_whole || word.splits.iter().any(|(one, other)| has(one) && has(other)) {
        Likeness::Whole
    } else if word.is_prefix && words.iter().any(|other| other.starts_with(&word.word)) {
        Likeness::Beginning
    } else if words.iter().any(|other| is_slip(&word.word, other)) {
        Likeness::Slip
    } else {
        Likeness::None
    }
}
