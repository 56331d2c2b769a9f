//! The filter of the feed: what a change itself tells.

use super::{CountryFilter, LONGEST_LIST, SlugFilter, TermFilter};
use crate::schema::fault::Fault;
use crate::schema::global_id;
use async_graphql::InputObject;
use caunoi_domain::directory::Directory;
use caunoi_domain::feed::Interest;
use caunoi_domain::reference::Vocabulary;
use std::collections::BTreeSet;

/// Which changes. All given fields must hold of the entry before the change or after it.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ChangeFilter {
    /// The province that owns the entry today, by slug.
    province: Option<SlugFilter>,
    /// A country that the entry has to do with.
    country: Option<CountryFilter>,
    /// A locality that takes part, by slug.
    locality: Option<SlugFilter>,
    /// A field of cooperation.
    field: Option<TermFilter>,
    /// Types of entries: `Relation`, `Agreement`, `Event`, `Organization`, `Programme`, `Figure`, `Instrument`.
    entry_type: Option<Vec<String>>,
}

impl ChangeFilter {
    /// Bounds its lists.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let slugs = |filter: Option<&SlugFilter>| filter?.r#in.as_ref().map(Vec::len);
        let lengths = [
            slugs(self.province.as_ref()),
            self.country.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            slugs(self.locality.as_ref()),
            self.field.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            self.entry_type.as_ref().map(Vec::len),
        ];
        if lengths.iter().flatten().any(|length| *length > LONGEST_LIST) {
            return Err(Fault::bad_input(format!("a list in a filter has at most {LONGEST_LIST} members")));
        }
        Ok(())
    }

    /// What it means, by the names of this directory; words that it does not know match nothing.
    pub(crate) fn interest(&self, directory: &Directory) -> Interest {
        let slugs = |filter: &Option<SlugFilter>| filter.as_ref().and_then(|filter| filter.r#in.clone());
        let countries = self.country.as_ref().and_then(|filter| filter.r#in.as_ref());
        let fields = self.field.as_ref().and_then(|filter| filter.r#in.as_ref());
        Interest {
            logs: slugs(&self.province)
                .map(|slugs| known(&slugs, |slug| Some(directory.province_by_slug(slug)?.log))),
            kinds: self.entry_type.as_ref().map(|names| known(names, |name| global_id::kind_of(name))),
            countries: countries
                .map(|codes| known(codes, |code| Some(directory.country_by_iso2(&code.0)?.id))),
            localities: slugs(&self.locality)
                .map(|slugs| known(&slugs, |slug| Some(directory.locality_by_slug(slug)?.id))),
            fields: fields
                .map(|codes| known(codes, |code| Some(directory.term_by_code(Vocabulary::Field, code)?.id))),
        }
    }
}

fn known<W, T: Ord>(words: &[W], find: impl Fn(&W) -> Option<T>) -> BTreeSet<T> {
    words.iter().filter_map(find).collect()
}
