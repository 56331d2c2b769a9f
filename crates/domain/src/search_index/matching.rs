//! The documents of a segment that match the words of a query, by how well each word matches.

use super::document::Attribute;
use super::names::NameIndex;
use super::query::{Query, QueryWord};
use super::segment::{Postings, Segment};
use crate::entry::EntryKind;
use crate::spelling::slips;
use roaring::{MultiOps as _, RoaringBitmap};
use std::cell::Cell;

/// How well a word matches a document: as a whole word, as the beginning of one or with a slip; each
/// in a name, in an attribute or in another text. The best first.
pub(super) const LEVELS: usize = 9;
/// The levels of each quality.
pub(super) const FIELDS: usize = 3;
/// The number of levels without slips.
pub(super) const STRICT_LEVELS: usize = 6;
/// The level of a document without an optional word.
const ABSENT: usize = 2;
/// The most words of one segment, and the most attributes, that a word is replaced by.
const MAX_EXPANSIONS: usize = 1_000;

const WHOLE: usize = 0;
const PREFIX: usize = FIELDS;
const SLIP: usize = 2 * FIELDS;
const NAME: usize = 0;
const ATTRIBUTE: usize = 1;
const TEXT: usize = 2;

/// Counts the lists of positions and the positions that a search reads.
#[derive(Debug, Default)]
pub(super) struct Work {
    visited: Cell<u64>,
    is_cut: Cell<bool>,
}

impl Work {
    pub(super) fn add(&self, count: u64) {
        self.visited.set(self.visited.get() + count);
    }

    pub(super) fn visited(&self) -> u64 {
        self.visited.get()
    }

    /// Whether some beginning of a word was replaced by fewer words than there are.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut.get()
    }
}

/// The attributes whose names match a word, by quality.
pub(super) struct WordAttributes([Vec<Attribute>; 3]);

/// The documents that match one word up to each level: each set contains those before it.
pub(super) struct WordMatches([RoaringBitmap; LEVELS]);

impl WordMatches {
    /// Returns the documents that match at this level or a better one.
    pub(super) fn up_to(&self, level: usize) -> &RoaringBitmap {
        &self.0[level]
    }

    fn cumulative(mut levels: [RoaringBitmap; LEVELS]) -> Self {
        for level in 1..LEVELS {
            let (before, rest) = levels.split_at_mut(level);
            rest[0] |= &before[level - 1];
        }
        Self(levels)
    }
}

/// Returns the attributes whose names match a word.
pub(super) fn attributes(
    names: &NameIndex,
    word: &QueryWord,
    with_slips: bool,
    counter: &Work,
) -> WordAttributes {
    let levels = own_levels(&names.segment, word, with_slips, true, counter);
    let found = [WHOLE, PREFIX, SLIP].map(|quality| {
        let positions = levels[quality].iter();
        let implied = positions.filter_map(|position| names.implied.get(position as usize));
        implied.flatten().take(MAX_EXPANSIONS).cloned().collect::<Vec<_>>()
    });
    WordAttributes(found)
}

/// Returns the entries of a segment that match a word.
pub(super) fn entry_matches<P: Ord + Clone>(
    segment: &Segment<P>,
    word: &QueryWord,
    found: &WordAttributes,
    with_slips: bool,
    counter: &Work,
) -> WordMatches {
    let mut levels = own_levels(segment, word, with_slips, false, counter);
    // A relation has no name of its own: those of its partner and unit are its name.
    let relations = segment.attribute(&Attribute::Kind(EntryKind::Relation));
    for (quality, attributes) in [WHOLE, PREFIX, SLIP].into_iter().zip(&found.0) {
        counter.add(attributes.len() as u64);
        let of_attributes = attributes.iter().filter_map(|attribute| segment.attribute(attribute)).union();
        if let Some(relations) = relations {
            levels[quality + NAME] |= &of_attributes & relations;
        }
        levels[quality + ATTRIBUTE] |= of_attributes;
    }
    with_optional(segment, word, levels)
}

/// Returns the names that match a word.
pub(super) fn name_matches(
    names: &NameIndex,
    word: &QueryWord,
    with_slips: bool,
    counter: &Work,
) -> WordMatches {
    let levels = own_levels(&names.segment, word, with_slips, true, counter);
    with_optional(&names.segment, word, levels)
}

fn with_optional<P: Ord + Clone>(
    segment: &Segment<P>,
    word: &QueryWord,
    mut levels: [RoaringBitmap; LEVELS],
) -> WordMatches {
    if word.is_optional {
        levels[ABSENT] |= segment.all();
    }
    WordMatches::cumulative(levels)
}

/// Returns the documents whose own texts match a word. `is_of_names`: whether the names are also
/// stored joined, so that joined words tolerate slips too.
fn own_levels<P: Ord + Clone>(
    segment: &Segment<P>,
    word: &QueryWord,
    with_slips: bool,
    is_of_names: bool,
    counter: &Work,
) -> [RoaringBitmap; LEVELS] {
    let mut levels: [RoaringBitmap; LEVELS] = Default::default();
    let spellings = || [&word.word].into_iter().chain(&word.joined).chain(&word.bare);
    for postings in spellings().filter_map(|spelling| segment.word(spelling)) {
        add(&mut levels, WHOLE, postings, counter);
    }
    for (one, other) in &word.splits {
        if let (Some(one), Some(other)) = (segment.word(one), segment.word(other)) {
            levels[WHOLE + NAME] |= &one.names & &other.names;
            levels[WHOLE + TEXT] |= &one.texts & &other.texts;
            counter.add(2);
        }
    }
    if word.is_prefix {
        let mut longer = segment.words_after_prefix(&word.word);
        let postings: Vec<&Postings> = longer.by_ref().take(MAX_EXPANSIONS).collect();
        counter.is_cut.set(counter.is_cut.get() || longer.next().is_some());
        counter.add(postings.len() as u64);
        levels[PREFIX + NAME] |= postings.iter().map(|postings| &postings.names).union();
        levels[PREFIX + TEXT] |= postings.iter().map(|postings| &postings.texts).union();
    }
    if with_slips {
        // Names are stored joined, so a slip may be in any of the words that form one.
        let spellings = if is_of_names { word.typed.len() } else { 1 };
        for slip in word.typed.iter().take(spellings).flat_map(|typed| slips(typed)) {
            if let Some(postings) = segment.word(&slip) {
                add(&mut levels, SLIP, postings, counter);
            }
        }
    }
    levels
}

fn add(levels: &mut [RoaringBitmap; LEVELS], quality: usize, postings: &Postings, counter: &Work) {
    counter.add(1);
    levels[quality + NAME] |= &postings.names;
    levels[quality + TEXT] |= &postings.texts;
}

/// The documents of one segment that match each word of a query, and those that match it whole.
pub(super) struct Matches {
    pub(super) words: Vec<WordMatches>,
    /// The documents whose code, marked name or name is the query.
    whole: [RoaringBitmap; 3],
    /// The documents that the filter admits and no later segment replaces.
    allowed: RoaringBitmap,
}

impl Matches {
    pub(super) fn new<P: Ord + Clone>(
        segment: &Segment<P>,
        query: &Query,
        words: Vec<WordMatches>,
        allowed: RoaringBitmap,
    ) -> Self {
        let forms = query.forms.iter().map(|form| segment.hash(*form)).union();
        let whole = [segment.hash(query.code), segment.hash(query.marked), forms];
        Self { words, whole, allowed }
    }

    /// Returns the documents that match every word at this level or a better one.
    pub(super) fn all_words(&self, level: usize) -> RoaringBitmap {
        let mut sets: Vec<&RoaringBitmap> = self.words.iter().map(|word| word.up_to(level)).collect();
        sets.push(&self.allowed);
        sets.into_iter().intersection()
    }

    /// Returns whether a document has the query as its code or name.
    pub(super) fn has_whole(&self) -> bool {
        !self.all_words(STRICT_LEVELS - 1).is_disjoint(&self.whole.iter().union())
    }

    /// Returns the documents of a rank, which precede those of greater ones.
    pub(super) fn of_rank(&self, rank: Rank, rarest: usize, most: usize) -> RoaringBitmap {
        match rank {
            Rank::Whole(index) => {
                let better = self.whole.iter().take(index).union();
                (&self.whole[index] - better) & self.all_words(most - 1)
            }
            Rank::Levels { worst, rarest: level } => {
                let mut found = self.all_words(worst);
                if worst > 0 {
                    found -= self.all_words(worst - 1);
                }
                if let Some(word) = self.words.get(rarest) {
                    found &= word.up_to(level);
                    if level > 0 {
                        found -= word.up_to(level - 1);
                    }
                }
                found - self.whole.iter().union()
            }
        }
    }
}

/// The rank of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// Its code, its name with marks, or its name is the query.
    Whole(usize),
    /// The level of the word that matches worst, and that of the rarest word.
    Levels {
        /// Of all words.
        worst: usize,
        /// Of the rarest word.
        rarest: usize,
    },
}

/// Returns the ranks up to a number of levels, the best first: whole words before beginnings before
/// slips, then by the rarest word, then by the worst.
pub(super) fn ranks(most: usize) -> Vec<Rank> {
    let mut ranks: Vec<Rank> = (0..3).map(Rank::Whole).collect();
    for quality in (0..most).step_by(FIELDS) {
        for rarest in 0..quality + FIELDS {
            let worst = rarest.max(quality)..quality + FIELDS;
            ranks.extend(worst.map(|worst| Rank::Levels { worst, rarest }));
        }
    }
    ranks
}
