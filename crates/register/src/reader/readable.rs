//! The reads of entries, compiled in this crate once for each kind of content.

use super::RegisterReader;
use crate::error::Error;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::Predicate;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::page::{ListQuery, Page, Parent};
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_store::StoredContent;
use futures_util::future::BoxFuture;
use std::collections::HashMap;

/// A running read.
type Read<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// A content whose entries a [`RegisterReader`] reads.
///
/// A generic function of the reader would be compiled in every crate that calls it, together with
/// all of the store that it reaches. So the generic functions call these, which are not generic.
pub trait ReadableContent: StoredContent {
    /// Implements [`RegisterReader::list`].
    fn list<'a>(reader: &'a RegisterReader, query: &'a ListQuery) -> Read<'a, Page<Entry<Self>>>;

    /// Implements [`RegisterReader::list_under`].
    fn list_under<'a>(
        reader: &'a RegisterReader,
        parents: &'a [Parent],
        query: &'a ListQuery,
    ) -> Read<'a, HashMap<Parent, Page<Entry<Self>>>>;

    /// Implements [`RegisterReader::count`].
    fn count<'a>(reader: &'a RegisterReader, query: &'a ListQuery) -> Read<'a, u64>;

    /// Implements [`RegisterReader::find_by_codes`].
    fn find_by_codes<'a>(reader: &'a RegisterReader, codes: &'a [String]) -> Read<'a, Vec<Entry<Self>>>;

    /// Implements [`RegisterReader::find_by_keys`].
    fn find_by_keys<'a>(reader: &'a RegisterReader, keys: &'a [(Log, i32)]) -> Read<'a, Vec<Entry<Self>>>;

    /// Implements [`RegisterReader::find_words`].
    fn find_words<'a>(reader: &'a RegisterReader, words: &'a SearchTerms) -> Read<'a, Predicate>;
}

macro_rules! readable_contents {
    ($($content:ty),+) => {$(
        impl ReadableContent for $content {
            fn list<'a>(reader: &'a RegisterReader, query: &'a ListQuery) -> Read<'a, Page<Entry<Self>>> {
                Box::pin(reader.list_entries(query))
            }

            fn list_under<'a>(
                reader: &'a RegisterReader,
                parents: &'a [Parent],
                query: &'a ListQuery,
            ) -> Read<'a, HashMap<Parent, Page<Entry<Self>>>> {
                Box::pin(reader.list_entries_under(parents, query))
            }

            fn count<'a>(reader: &'a RegisterReader, query: &'a ListQuery) -> Read<'a, u64> {
                Box::pin(reader.count_entries::<Self>(query))
            }

            fn find_by_codes<'a>(
                reader: &'a RegisterReader,
                codes: &'a [String],
            ) -> Read<'a, Vec<Entry<Self>>> {
                Box::pin(reader.find_entries_by_codes(codes))
            }

            fn find_by_keys<'a>(
                reader: &'a RegisterReader,
                keys: &'a [(Log, i32)],
            ) -> Read<'a, Vec<Entry<Self>>> {
                Box::pin(reader.find_entries_by_keys(keys))
            }

            fn find_words<'a>(reader: &'a RegisterReader, words: &'a SearchTerms) -> Read<'a, Predicate> {
                Box::pin(reader.find_entries_with_words::<Self>(words))
            }
        }
    )+};
}

readable_contents!(Relation, Agreement, Organization, Event, Programme, Figure, Instrument);
