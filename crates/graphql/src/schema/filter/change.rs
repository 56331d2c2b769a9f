//! The filter of the feed: what a change itself tells.

use super::{CountryFilter, LONGEST_LIST, SlugFilter, TermFilter, in_list};
use crate::schema::fault::Fault;
use crate::schema::global_id;
use crate::schema::scalar::CountryCode;
use async_graphql::InputObject;
use caunoi_domain::directory::Directory;
use caunoi_domain::feed::Interest;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::refusal::{Problem, Refusal};
use std::collections::BTreeSet;

/// The most unknown words that are refused at once.
const MOST_UNKNOWN: usize = 10;

/// Which changes. All given fields must hold of the entry before the change or after it.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ChangeFilter {
    /// The province that owns the entry today, by slug. The slug of a former unit matches what came from it.
    province: Option<SlugFilter>,
    /// A country that the entry has to do with.
    country: Option<CountryFilter>,
    /// A locality that takes part, by slug.
    locality: Option<SlugFilter>,
    /// A field of cooperation.
    field: Option<TermFilter>,
    /// Types of entries, spelt as here: `Relation`, `Agreement`, `Event`, `Organization`, `Programme`, `Figure`, `Instrument`.
    entry_type: Option<Vec<String>>,
}

impl ChangeFilter {
    /// Bounds its lists.
    pub(crate) fn check_lengths(&self) -> Result<(), Fault> {
        let lengths = [
            slugs(self.province.as_ref()).map(Vec::len),
            self.country.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            slugs(self.locality.as_ref()).map(Vec::len),
            self.field.as_ref().and_then(|filter| filter.r#in.as_ref().map(Vec::len)),
            self.entry_type.as_ref().map(Vec::len),
        ];
        if lengths.iter().flatten().any(|length| *length > LONGEST_LIST) {
            return Err(Fault::bad_input(format!("a list in a filter has at most {LONGEST_LIST} members")));
        }
        Ok(())
    }

    /// The words in it that the register does not know, at most ten, each with its path from the
    /// fields of the filter.
    pub(crate) fn unknown_words(&self, directory: &Directory) -> Vec<Problem> {
        let types = self.entry_type.iter().flatten().enumerate().filter_map(|(index, name)| {
            let path = vec!["entryType".to_owned(), index.to_string()];
            Some(Problem { path, refusal: global_id::known_kind(name).err()? })
        });
        let (countries, fields) = (self.country.as_ref(), self.field.as_ref());
        unknown("country", countries.and_then(|filter| filter.r#in.as_ref()), |code: &CountryCode| {
            directory.known_country(&code.0).map(drop)
        })
        .chain(types)
        .chain(unknown("field", fields.and_then(|filter| filter.r#in.as_ref()), |code| {
            directory.known_term(Vocabulary::Field, code).map(drop)
        }))
        .chain(unknown("locality", slugs(self.locality.as_ref()), |slug| {
            directory.known_locality(slug).map(drop)
        }))
        .chain(unknown("province", slugs(self.province.as_ref()), |slug| {
            directory.known_units("province", slug).map(drop)
        }))
        .take(MOST_UNKNOWN)
        .collect()
    }

    /// Refuses the first word that the register does not know, with its path from the argument
    /// `filter`.
    pub(crate) fn check(&self, directory: &Directory) -> Result<(), Fault> {
        match self.unknown_words(directory).into_iter().next() {
            Some(Problem { path, refusal }) => Err(Fault::at(path, &refusal).below(["filter".to_owned()])),
            None => Ok(()),
        }
    }

    /// What it means, by the names of this directory; words that it does not know match nothing.
    pub(crate) fn interest(&self, directory: &Directory) -> Interest {
        let countries = self.country.as_ref().and_then(|filter| filter.r#in.as_ref());
        let fields = self.field.as_ref().and_then(|filter| filter.r#in.as_ref());
        let interest = Interest {
            kinds: self.entry_type.as_ref().map(|names| known(names, |name| global_id::kind_of(name))),
            countries: countries
                .map(|codes| known(codes, |code| Some(directory.country_by_iso2(&code.0)?.id))),
            localities: slugs(self.locality.as_ref())
                .map(|slugs| known(slugs, |slug| Some(directory.locality_by_slug(slug)?.id))),
            fields: fields
                .map(|codes| known(codes, |code| Some(directory.term_by_code(Vocabulary::Field, code)?.id))),
            ..Interest::default()
        };
        match slugs(self.province.as_ref()) {
            Some(slugs) => interest.within(slugs, directory),
            None => interest,
        }
    }
}

fn slugs(filter: Option<&SlugFilter>) -> Option<&Vec<String>> {
    filter?.r#in.as_ref()
}

fn known<W, T: Ord>(words: &[W], find: impl Fn(&W) -> Option<T>) -> BTreeSet<T> {
    words.iter().filter_map(find).collect()
}

/// The words of a list that cannot be found, each with its path. Asked for one by one, so that no
/// more candidates are looked for than are taken.
fn unknown<'a, W>(
    field: &'a str,
    words: Option<&'a Vec<W>>,
    find: impl Fn(&W) -> Result<(), Refusal> + 'a,
) -> impl Iterator<Item = Problem> + 'a {
    words.into_iter().flatten().enumerate().filter_map(move |(index, word)| {
        Some(Problem { path: in_list(field, index).into(), refusal: find(word).err()? })
    })
}
