//! Search documents: the words and attributes of one version of an entry, as the index holds them.
//!
//! A document depends on its entry alone. Names of places, countries and terms are found by the
//! attributes, so a renamed locality changes no document.

use super::{SearchText, Searchable};
use crate::date::{Day, UNDATED_FIRST};
use crate::entry::{CountryId, Entry, EntryKey, EntryKind, TermId, UnitId};
use crate::id::Log;
use crate::instrument::InstrumentKind;
use crate::place::LocalityId;
use crate::relation::RelationTier;
use crate::spelling::{canonical_words, joined_forms};
use crate::text;
use chrono::Datelike as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::cmp::Reverse;

/// The version of the format of packed documents; the store keeps the version of its documents.
pub const DOCUMENT_FORMAT: &str = "1";

/// A value that entries have in common, with names of its own in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Attribute {
    /// The kind of entry.
    Kind(EntryKind),
    /// The log that owns the entry.
    Log(Log),
    /// The unit of origin, or a further owner.
    Unit(UnitId),
    /// A country.
    Country(CountryId),
    /// A partner locality.
    Locality(LocalityId),
    /// A field of cooperation, form, kind or indicator.
    Term(TermId),
    /// The tier of a relation.
    Tier(RelationTier),
    /// The kind of an instrument.
    Instrument(InstrumentKind),
    /// An organization that takes part, by its code.
    Organization(String),
}

/// The place of an entry among equally good hits: by kind, then the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryPlace {
    class: u8,
    newest: Reverse<i32>,
    kind: EntryKind,
    log: Log,
    number: i32,
}

impl EntryPlace {
    fn new(key: EntryKey, first: Option<Day>) -> Self {
        let class = match key.kind {
            EntryKind::Organization => 0,
            EntryKind::Relation => 1,
            EntryKind::Agreement => 2,
            EntryKind::Programme => 3,
            EntryKind::Instrument => 4,
            EntryKind::Event => 5,
            EntryKind::Figure => 6,
        };
        let newest = Reverse(first.unwrap_or(UNDATED_FIRST).num_days_from_ce());
        Self { class, newest, kind: key.kind, log: key.log, number: key.number }
    }

    /// Returns the key of the entry.
    #[must_use]
    pub fn key(self) -> EntryKey {
        EntryKey { kind: self.kind, log: self.log, number: self.number }
    }
}

/// The searchable values of one version of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchDocument {
    /// The place among equally good hits.
    pub place: EntryPlace,
    /// Hashes of the codes and of the names ([`NameHash`]), ascending.
    pub(super) hashes: Vec<u32>,
    /// The canonical words of the names, ascending.
    pub(super) name_words: Vec<String>,
    /// Those of all other texts, without the words of the names.
    pub(super) text_words: Vec<String>,
    /// The attributes, ascending.
    pub(super) attributes: Vec<Attribute>,
}

impl SearchDocument {
    /// Returns the document of a version.
    #[must_use]
    pub fn from_entry<C: Searchable>(entry: &Entry<C>) -> Self {
        let common = entry.content.common();
        let key = entry.key();
        let (mut hashes, mut name_words, mut text_words) = (Vec::new(), Vec::new(), Vec::new());
        for code in entry.codes_with_merged() {
            hashes.push(hash(NameHash::Code(&text::fold_marked(code))));
            text_words.extend(canonical_words(code));
        }
        for SearchText { field, text } in entry.content.own_texts() {
            if field.is_name() {
                hashes.extend(name_hashes(text));
                name_words.extend(canonical_words(text));
            } else {
                text_words.extend(canonical_words(text));
            }
        }
        text_words.extend(common.summary.texts().flat_map(canonical_words));
        let mut attributes = entry.content.own_attributes();
        attributes.extend([Attribute::Kind(C::KIND), Attribute::Log(key.log)]);
        attributes.extend(common.origin_unit.iter().chain(&common.shared_with).copied().map(Attribute::Unit));
        attributes.extend(common.fields.iter().copied().map(Attribute::Term));
        sort_distinct(&mut hashes);
        sort_distinct(&mut name_words);
        sort_distinct(&mut text_words);
        sort_distinct(&mut attributes);
        text_words.retain(|word| name_words.binary_search(word).is_err());
        let place = EntryPlace::new(key, entry.content.searched_date());
        Self { place, hashes, name_words, text_words, attributes }
    }

    /// Returns the packed bytes.
    ///
    /// # Errors
    /// Returns an error where serialization fails; it does not fail for the document of an entry.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(self)
    }

    /// Returns the document in these bytes.
    ///
    /// # Errors
    /// Returns an error where they are not a document of this format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

fn sort_distinct<T: Ord>(values: &mut Vec<T>) {
    values.sort_unstable();
    values.dedup();
}

/// A text that a whole query is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) enum NameHash<'a> {
    /// A code.
    Code(&'a str),
    /// A name with its marks.
    Marked(&'a str),
    /// A joined form of a name ([`joined_forms`]).
    Form(&'a str),
}

/// Returns the hash of a text that a whole query is compared with: 32 bits of SHA-256, the same in
/// every release. A hit by chance must also contain every word of the query.
pub(super) fn hash(of: NameHash<'_>) -> u32 {
    let (tag, text) = match of {
        NameHash::Code(text) => (b'c', text),
        NameHash::Marked(text) => (b'm', text),
        NameHash::Form(text) => (b'f', text),
    };
    let digest = Sha256::new().chain_update([tag]).chain_update(text).finalize();
    digest.iter().take(4).fold(0, |hash, byte| hash << 8 | u32::from(*byte))
}

/// Returns the hashes under which a name is found whole.
pub(super) fn name_hashes(name: &str) -> Vec<u32> {
    let forms = joined_forms(name);
    let forms = forms.iter().map(|form| hash(NameHash::Form(form)));
    forms.chain([hash(NameHash::Marked(&text::fold_marked(&text::normalise(name))))]).collect()
}
