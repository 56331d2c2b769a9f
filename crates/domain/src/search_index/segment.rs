//! A segment of the index: documents in the order of their places, and for each word and attribute
//! the set of documents that have it.
//!
//! A document is known by its position, so a set in ascending order lists hits in the order in which
//! they are returned, and a page is taken from its front.

use super::Attribute;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// The documents that have a word in their names, and in their other texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    pub(super) names: RoaringBitmap,
    pub(super) texts: RoaringBitmap,
}

/// The words and attributes of a document, in any order.
#[derive(Debug, Default)]
pub(super) struct Terms {
    pub(super) hashes: Vec<u32>,
    pub(super) name_words: Vec<String>,
    pub(super) text_words: Vec<String>,
    pub(super) attributes: Vec<Attribute>,
}

/// Documents with places of type `P`. Invariant: places ascend, words ascend, hashes ascend.
#[derive(Debug)]
pub(super) struct Segment<P> {
    places: Vec<P>,
    words: Vec<(Box<str>, Postings)>,
    attributes: HashMap<Attribute, RoaringBitmap>,
    hashes: Vec<(u32, u32)>,
}

impl<P: Ord + Clone> Segment<P> {
    /// Returns the segment of these documents, whose places are unique.
    pub(super) fn new(mut documents: Vec<(P, Terms)>) -> Self {
        documents.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut places = Vec::with_capacity(documents.len());
        let mut words: HashMap<String, Postings> = HashMap::new();
        let mut attributes: HashMap<Attribute, RoaringBitmap> = HashMap::new();
        let mut hashes = Vec::new();
        for (position, (place, terms)) in (0..).zip(documents) {
            places.push(place);
            for word in terms.name_words {
                words.entry(word).or_default().names.insert(position);
            }
            for word in terms.text_words {
                words.entry(word).or_default().texts.insert(position);
            }
            for attribute in terms.attributes {
                attributes.entry(attribute).or_default().insert(position);
            }
            hashes.extend(terms.hashes.into_iter().map(|hash| (hash, position)));
        }
        Self::sorted(
            places,
            words.into_iter().map(|(word, postings)| (word.into(), postings)),
            attributes,
            hashes,
        )
    }

    fn sorted(
        places: Vec<P>,
        words: impl Iterator<Item = (Box<str>, Postings)>,
        attributes: HashMap<Attribute, RoaringBitmap>,
        mut hashes: Vec<(u32, u32)>,
    ) -> Self {
        let mut words: Vec<(Box<str>, Postings)> = words.collect();
        words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        words.shrink_to_fit();
        hashes.sort_unstable();
        hashes.shrink_to_fit();
        Self { places, words, attributes, hashes }
    }

    /// Returns one segment with the documents of several, without those at the hidden positions.
    pub(super) fn merge(parts: &[(&Self, &RoaringBitmap)]) -> Self {
        let mut order: Vec<(&P, usize, u32)> = Vec::new();
        for (part, (segment, hidden)) in parts.iter().enumerate() {
            let shown = (0..).zip(&segment.places).filter(|(position, _)| !hidden.contains(*position));
            order.extend(shown.map(|(position, place)| (place, part, position)));
        }
        order.sort_unstable();
        let mut moved: Vec<Vec<Option<u32>>> =
            parts.iter().map(|(segment, _)| vec![None; segment.places.len()]).collect();
        for (new, (_, part, old)) in (0..).zip(&order) {
            moved[*part][*old as usize] = Some(new);
        }
        let places = order.into_iter().map(|(place, ..)| place.clone()).collect();
        let mut words: HashMap<&str, Postings> = HashMap::new();
        let mut attributes: HashMap<Attribute, RoaringBitmap> = HashMap::new();
        let mut hashes = Vec::new();
        for ((segment, _), moved) in parts.iter().zip(&moved) {
            let new = |old: u32| moved.get(old as usize).copied().flatten();
            for (word, postings) in &segment.words {
                let merged = words.entry(word).or_default();
                merged.names.extend(postings.names.iter().filter_map(new));
                merged.texts.extend(postings.texts.iter().filter_map(new));
            }
            for (attribute, positions) in &segment.attributes {
                attributes.entry(attribute.clone()).or_default().extend(positions.iter().filter_map(new));
            }
            hashes.extend(segment.hashes.iter().filter_map(|(hash, old)| Some((*hash, new(*old)?))));
        }
        words.retain(|_, postings| !postings.names.is_empty() || !postings.texts.is_empty());
        attributes.retain(|_, positions| !positions.is_empty());
        Self::sorted(
            places,
            words.into_iter().map(|(word, postings)| (word.into(), postings)),
            attributes,
            hashes,
        )
    }

    /// Returns the number of documents, hidden ones included.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns the place at a position.
    pub(super) fn place(&self, position: u32) -> Option<&P> {
        self.places.get(position as usize)
    }

    /// Returns the number of documents up to a place, inclusive.
    pub(super) fn position_after(&self, place: &P) -> u32 {
        to_position(self.places.partition_point(|other| other <= place))
    }

    /// Returns the number of documents before a place.
    pub(super) fn position_of(&self, place: &P) -> u32 {
        to_position(self.places.partition_point(|other| other < place))
    }

    /// Returns the documents with a word.
    pub(super) fn word(&self, word: &str) -> Option<&Postings> {
        let index = self.words.binary_search_by(|(other, _)| (**other).cmp(word)).ok()?;
        self.words.get(index).map(|(_, postings)| postings)
    }

    /// Returns the longer words that begin with this one, with their documents.
    pub(super) fn words_after_prefix(&self, prefix: &str) -> impl Iterator<Item = &Postings> {
        let start = self.words.partition_point(|(word, _)| **word <= *prefix);
        let rest = self.words.get(start..).unwrap_or_default();
        rest.iter().take_while(move |(word, _)| word.starts_with(prefix)).map(|(_, postings)| postings)
    }

    /// Returns the documents with an attribute.
    pub(super) fn attribute(&self, attribute: &Attribute) -> Option<&RoaringBitmap> {
        self.attributes.get(attribute)
    }

    /// Returns the documents with a hash.
    pub(super) fn hash(&self, hash: u32) -> RoaringBitmap {
        let start = self.hashes.partition_point(|(other, _)| *other < hash);
        let rest = self.hashes.get(start..).unwrap_or_default();
        rest.iter().take_while(|(other, _)| *other == hash).map(|(_, position)| *position).collect()
    }

    /// Returns the positions of all documents.
    pub(super) fn all(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..to_position(self.places.len()));
        all
    }

    /// Returns the bytes in memory, estimated from the lengths of the parts.
    pub(super) fn bytes(&self) -> usize {
        let postings =
            |postings: &Postings| postings.names.serialized_size() + postings.texts.serialized_size();
        let words: usize = self
            .words
            .iter()
            .map(|(word, of)| word.len() + size_of::<(Box<str>, Postings)>() + postings(of))
            .sum();
        let attributes: usize = self.attributes.values().map(RoaringBitmap::serialized_size).sum();
        self.places.len() * size_of::<P>() + words + attributes + self.hashes.len() * size_of::<(u32, u32)>()
    }
}

fn to_position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
