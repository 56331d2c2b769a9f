//! The filter of the feed, over the data of a change.

use super::{CountryFilter, LONGEST_LIST, MOST_UNKNOWN, SlugFilter, TermFilter, in_list};
use crate::schema::api_error::ApiError;
use crate::schema::cost_directives::Weight;
use crate::schema::enums::EntryType;
use crate::schema::scalar::CountryCode;
use async_graphql::InputObject;
use caunoi_domain::directory::Directory;
use caunoi_domain::feed::FeedFilter;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::validation::{Reason, ReferenceKind, ValidationError};
use caunoi_texts::ApiText;
use std::collections::BTreeSet;

/// The weight of the conditions on the content of changes: a page reads at most 2,000 changes that
/// do not match, four for one unit of cost.
const SKIPPED_CHANGES: u16 = 500;

/// Selects changes. All given fields must match the entry as it was before the change or as it is
/// after it. Example: `{ province: { in: ["DONG_NAI"] }, entryType: [AGREEMENT] }`.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ChangeFilter {
    /// The province that owns the entry today, by slug, for example `DONG_NAI`. The slug of a
    /// former unit matches the entries that came from it.
    province: Option<SlugFilter>,
    /// A country of the entry: of its place, its partners or its audience.
    #[graphql(directive = Weight::apply(SKIPPED_CHANGES))]
    country: Option<CountryFilter>,
    /// A partner locality of the entry, by slug, for example `kr-busan`.
    #[graphql(directive = Weight::apply(SKIPPED_CHANGES))]
    locality: Option<SlugFilter>,
    /// A field of cooperation, a code of the vocabulary `FIELD`, for example `INVESTMENT`.
    #[graphql(directive = Weight::apply(SKIPPED_CHANGES))]
    field: Option<TermFilter>,
    /// Types of entries, at most 250.
    #[graphql(directive = Weight::apply(SKIPPED_CHANGES))]
    entry_type: Option<Vec<EntryType>>,
}

impl ChangeFilter {
    /// Returns an error if a list has too many members.
    pub(crate) fn check_lengths(&self) -> Result<(), ApiError> {
        let lengths = [
            slugs(self.province.as_ref()).map(Vec::len),
            self.country.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            slugs(self.locality.as_ref()).map(Vec::len),
            self.field.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            self.entry_type.as_ref().map(Vec::len),
        ];
        if lengths.iter().flatten().any(|length| *length > LONGEST_LIST) {
            return Err(ApiError::bad_input(ApiText::FilterListTooLong { most: LONGEST_LIST }));
        }
        Ok(())
    }

    /// Returns the unknown words of the filter, at most ten, each with its path from the fields of
    /// the filter.
    pub(crate) fn unknown_words(&self, directory: &Directory) -> Vec<ValidationError> {
        let (countries, fields) = (self.country.as_ref(), self.field.as_ref());
        find_unknown("country", countries.and_then(|filter| filter.r#in.as_ref()), |code: &CountryCode| {
            directory.require_country(&code.0).map(drop)
        })
        .chain(find_unknown("field", fields.and_then(|filter| filter.r#in.as_ref()), |code| {
            directory.require_term(Vocabulary::Field, code).map(drop)
        }))
        .chain(find_unknown("locality", slugs(self.locality.as_ref()), |slug| {
            directory.require_locality(slug).map(drop)
        }))
        .chain(find_unknown("province", slugs(self.province.as_ref()), |slug| {
            directory.require_units(ReferenceKind::Province, slug).map(drop)
        }))
        .take(MOST_UNKNOWN)
        .collect()
    }

    /// Returns an error for the first unknown word, with its path from the argument `filter`.
    pub(crate) fn check(&self, directory: &Directory) -> Result<(), ApiError> {
        match self.unknown_words(directory).into_iter().next() {
            Some(ValidationError { path, reason }) => {
                Err(ApiError::at(path, reason).under(["filter".to_owned()]))
            }
            None => Ok(()),
        }
    }

    /// Converts the filter with the names of this directory; unknown words match nothing.
    pub(crate) fn to_feed_filter(&self, directory: &Directory) -> FeedFilter {
        let countries = self.country.as_ref().and_then(|filter| filter.r#in.as_ref());
        let fields = self.field.as_ref().and_then(|filter| filter.r#in.as_ref());
        let filter = FeedFilter {
            kinds: self.entry_type.as_ref().map(|kinds| kinds.iter().map(|kind| kind.0).collect()),
            countries: countries
                .map(|codes| find_known(codes, |code| Some(directory.find_country(&code.0)?.id))),
            localities: slugs(self.locality.as_ref())
                .map(|slugs| find_known(slugs, |slug| Some(directory.find_locality(slug)?.id))),
            fields: fields.map(|codes| {
                find_known(codes, |code| Some(directory.find_term(Vocabulary::Field, code)?.id))
            }),
            ..FeedFilter::default()
        };
        match slugs(self.province.as_ref()) {
            Some(slugs) => filter.within(slugs, directory),
            None => filter,
        }
    }
}

fn slugs(filter: Option<&SlugFilter>) -> Option<&Vec<String>> {
    filter?.r#in.as_ref()
}

fn find_known<W, T: Ord>(words: &[W], find: impl Fn(&W) -> Option<T>) -> BTreeSet<T> {
    words.iter().filter_map(find).collect()
}

/// Returns the unknown words of a list, each with its path. The iterator is lazy, because each
/// unknown word also needs a search for similar words.
fn find_unknown<'a, W>(
    field: &'a str,
    words: Option<&'a Vec<W>>,
    find: impl Fn(&W) -> Result<(), Reason> + 'a,
) -> impl Iterator<Item = ValidationError> + 'a {
    words.into_iter().flatten().enumerate().filter_map(move |(index, word)| {
        Some(ValidationError { path: in_list(field, index).into(), reason: find(word).err()? })
    })
}
