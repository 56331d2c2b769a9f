//! The filter inputs of the API and their conversion to filters of the domain.
//!
//! All given fields of a filter must match, and with them `allOf`, at least one member of `anyOf`,
//! and not `not`. A null field or `{}` matches everything; a list matches any of its members. An
//! unknown word of a closed list is an error with its path.

mod change;
mod event_dates;
mod input;
mod programme;
pub(crate) mod stored;
mod view;

pub(crate) use change::ChangeFilter;
pub(crate) use input::*;
pub(crate) use view::{FilterErrors, FilterInput, FilterView, read, read_known};

use super::api_error::ApiError;
use super::request_context::RequestContext;
use async_graphql::Context;
use caunoi_domain::directory::Directory;
use caunoi_domain::filter::{DateField, DateTest, Filter, Predicate};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::statistics::BoundaryView;
use caunoi_domain::status::Status;
use caunoi_domain::text;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_texts::ApiText;

/// The maximum length of a list in a filter.
const LONGEST_LIST: usize = 250;
/// The maximum number of unknown words that are reported together; each needs a search for similar
/// words.
const MOST_UNKNOWN: usize = 10;

/// Converts the fields of a filter and collects the conditions.
struct FilterReader<'a> {
    directory: &'a Directory,
    lens: BoundaryView<'a>,
    parts: Vec<Filter>,
    /// The unknown words so far.
    errors: Vec<ApiError>,
}

impl<'a> FilterReader<'a> {
    fn new(ctx: &Context<'_>, view: FilterView<'a>) -> Self {
        let FilterView { directory, view } = view;
        let lens = RequestContext::of(ctx).boundary_view(directory, view);
        Self { directory, lens, parts: Vec::new(), errors: Vec::new() }
    }

    fn push(&mut self, predicate: Predicate) {
        self.parts.push(Filter::Is(predicate));
    }

    /// Returns the members of a list, or an error if there are too many.
    fn check_length<T>(list: Option<&Vec<T>>) -> Result<Option<&Vec<T>>, ApiError> {
        let Some(list) = list else { return Ok(None) };
        if list.len() > LONGEST_LIST {
            return Err(ApiError::bad_input(ApiText::FilterListTooLong { most: LONGEST_LIST }));
        }
        Ok(Some(list))
    }

    fn add_search(&mut self, text: Option<&String>) -> Result<(), ApiError> {
        if let Some(text) = text {
            let words = SearchTerms::parse(text).map_err(|reason| ApiError::argument("search", reason))?;
            self.push(Predicate::Words(words));
        }
        Ok(())
    }

    /// Looks up each word of the list `in` of a field. Records an error with its path for each unknown
    /// word.
    fn find_each<W, T>(
        &mut self,
        field: &str,
        words: Option<&Vec<W>>,
        find: impl Fn(&Directory, &W) -> Result<T, Reason>,
    ) -> Result<Option<Vec<T>>, ApiError> {
        let Some(words) = Self::check_length(words)? else { return Ok(None) };
        let mut found = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            if self.errors.len() >= MOST_UNKNOWN {
                break;
            }
            match find(self.directory, word) {
                Ok(row) => found.push(row),
                Err(reason) => self.errors.push(ApiError::at(in_list(field, index), reason)),
            }
        }
        Ok(Some(found))
    }

    fn add_province(&mut self, filter: Option<&SlugFilter>) -> Result<(), ApiError> {
        if let Some(slugs) = self.find_slugs("province", ReferenceKind::Province, filter)? {
            self.parts.push(self.lens.province_filter(&slugs));
        }
        Ok(())
    }

    fn add_unit(&mut self, filter: Option<&SlugFilter>) -> Result<(), ApiError> {
        if let Some(slugs) = self.find_slugs("unit", ReferenceKind::Unit, filter)? {
            self.parts.push(self.lens.unit_filter(&slugs));
        }
        Ok(())
    }

    /// Returns the slugs of the units that the words of a filter name, current or former.
    fn find_slugs(
        &mut self,
        field: &str,
        kind: ReferenceKind,
        filter: Option<&SlugFilter>,
    ) -> Result<Option<Vec<String>>, ApiError> {
        let words = filter.and_then(|filter| filter.r#in.as_ref());
        self.find_each(field, words, |directory, word| {
            directory.require_unit_slug(kind, word).map(str::to_owned)
        })
    }

    fn add_country(
        &mut self,
        field: &str,
        filter: Option<&CountryFilter>,
        make: fn(Vec<caunoi_domain::entry::CountryId>) -> Predicate,
    ) -> Result<(), ApiError> {
        let codes = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.find_each(field, codes, |directory, code| {
            directory.require_country(&code.0).map(|country| country.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(make(ids))));
        Ok(())
    }

    fn add_locality(&mut self, filter: Option<&SlugFilter>) -> Result<(), ApiError> {
        let slugs = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.find_each("locality", slugs, |directory, slug| {
            directory.require_locality(slug).map(|locality| locality.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(Predicate::Locality(ids))));
        Ok(())
    }

    fn add_source(&mut self, filter: Option<&SourceFilter>) -> Result<(), ApiError> {
        let codes = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.find_each("source", codes, |directory, code| {
            directory.require_source(code).map(|source| source.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(Predicate::Source(ids))));
        Ok(())
    }

    fn add_term(
        &mut self,
        field: &str,
        vocabulary: Vocabulary,
        filter: Option<&TermFilter>,
        make: fn(Vec<caunoi_domain::entry::TermId>) -> Predicate,
    ) -> Result<(), ApiError> {
        let codes = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.find_each(field, codes, |directory, code| {
            directory.require_term(vocabulary, code).map(|term| term.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(make(ids))));
        Ok(())
    }

    fn add_words<I: Copy, W: From<I>>(
        &mut self,
        words: Option<&Vec<I>>,
        make: impl FnOnce(Vec<W>) -> Predicate,
    ) -> Result<(), ApiError> {
        if let Some(words) = Self::check_length(words)? {
            self.push(make(words.iter().map(|word| (*word).into()).collect()));
        }
        Ok(())
    }

    fn add_date(&mut self, field: DateField, filter: Option<&DateFilter>) {
        let Some(filter) = filter else { return };
        let tests = [
            filter.gte.map(|day| DateTest::OnOrAfter(day.0)),
            filter.gt.map(|day| DateTest::After(day.0)),
            filter.lte.map(|day| DateTest::OnOrBefore(day.0)),
            filter.lt.map(|day| DateTest::Before(day.0)),
            filter.is_null.map(DateTest::IsUndated),
        ];
        for test in tests.into_iter().flatten() {
            self.push(Predicate::Date(field, test));
        }
    }

    fn add_publication(&mut self, filter: Option<&PublicationFilter>) -> Result<(), ApiError> {
        self.add_words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Publication)
    }

    fn add_pillar(&mut self, filter: Option<&PillarFilter>) -> Result<(), ApiError> {
        self.add_words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Pillar)
    }

    fn add_direction(&mut self, filter: Option<&DirectionFilter>) -> Result<(), ApiError> {
        self.add_words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Direction)
    }

    fn add_names(
        &mut self,
        names: Option<&Vec<String>>,
        make: impl FnOnce(Vec<String>) -> Predicate,
    ) -> Result<(), ApiError> {
        if let Some(names) = Self::check_length(names)? {
            self.push(make(names.iter().map(|name| text::fold_name(name)).collect()));
        }
        Ok(())
    }

    fn add_combinations<F: FilterInput>(
        &mut self,
        ctx: &Context<'_>,
        view: FilterView<'_>,
        Combinations { any_of, all_of, not }: Combinations<'_, F>,
    ) -> Result<(), ApiError> {
        if let Some(parts) = Self::check_length(any_of)? {
            let parts = self.read_each(ctx, view, "anyOf", parts);
            self.parts.push(Filter::Any(parts));
        }
        if let Some(parts) = Self::check_length(all_of)? {
            let parts = self.read_each(ctx, view, "allOf", parts);
            self.parts.push(Filter::All(parts));
        }
        if let Some(part) = not
            && let Some(part) = self.take(part.read(ctx, view), &["not".to_owned()])
        {
            self.parts.push(Filter::Not(Box::new(part)));
        }
        Ok(())
    }

    fn read_each<F: FilterInput>(
        &mut self,
        ctx: &Context<'_>,
        view: FilterView<'_>,
        field: &str,
        parts: &[F],
    ) -> Vec<Filter> {
        let parts = parts.iter().enumerate();
        let read = parts.filter_map(|(index, part)| {
            self.take(part.read(ctx, view), &[field.to_owned(), index.to_string()])
        });
        read.collect()
    }

    /// Returns an inner filter, or records its errors under its path.
    fn take(&mut self, read: Result<Filter, FilterErrors>, path: &[String]) -> Option<Filter> {
        match read {
            Ok(filter) => Some(filter),
            Err(FilterErrors(errors)) => {
                let left = MOST_UNKNOWN.saturating_sub(self.errors.len()).max(1);
                let errors = errors.into_iter().take(left);
                self.errors.extend(errors.map(|error| error.under(path.iter().cloned())));
                None
            }
        }
    }

    fn into_filter(self) -> Result<Filter, FilterErrors> {
        if self.errors.is_empty() { Ok(Filter::All(self.parts)) } else { Err(FilterErrors(self.errors)) }
    }
}

/// The parts of a filter input that combine other filters.
struct Combinations<'f, F> {
    any_of: Option<&'f Vec<F>>,
    all_of: Option<&'f Vec<F>>,
    not: Option<&'f F>,
}

/// Returns the path of a word in the list `in` of a field.
fn in_list(field: &str, index: usize) -> [String; 3] {
    [field.to_owned(), "in".to_owned(), index.to_string()]
}

impl FilterInput for RelationFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_combinations(
            ctx,
            view,
            Combinations {
                any_of: self.any_of.as_ref(),
                all_of: self.all_of.as_ref(),
                not: self.not.as_deref(),
            },
        )?;
        reader.add_search(self.search.as_ref())?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        reader.add_country("country", self.country.as_ref(), Predicate::Country)?;
        reader.add_locality(self.locality.as_ref())?;
        reader.add_pillar(self.pillar.as_ref())?;
        reader.add_words(self.tier.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Tier)?;
        let day = view.view.day(ctx);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.add_words(status, |words: Vec<caunoi_domain::status::RelationStatus>| {
            Predicate::Status(words.into_iter().map(Status::Relation).collect(), day)
        })?;
        reader.add_term("field", Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        reader.add_date(DateField::First, self.established.as_ref());
        reader.add_publication(self.publication.as_ref())?;
        reader.into_filter()
    }
}

impl FilterInput for AgreementFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_combinations(
            ctx,
            view,
            Combinations {
                any_of: self.any_of.as_ref(),
                all_of: self.all_of.as_ref(),
                not: self.not.as_deref(),
            },
        )?;
        reader.add_search(self.search.as_ref())?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        reader.add_country("country", self.country.as_ref(), Predicate::Country)?;
        reader.add_locality(self.locality.as_ref())?;
        reader.add_pillar(self.pillar.as_ref())?;
        reader.add_term("form", Vocabulary::AgreementForm, self.form.as_ref(), Predicate::Term)?;
        reader.add_words(
            self.signing_level.as_ref().and_then(|filter| filter.r#in.as_ref()),
            Predicate::Level,
        )?;
        reader.add_term("field", Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        let day = view.view.day(ctx);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.add_words(status, |words: Vec<caunoi_domain::status::AgreementStatus>| {
            Predicate::Status(words.into_iter().map(Status::Agreement).collect(), day)
        })?;
        reader.add_date(DateField::First, self.signed_on.as_ref());
        reader.add_date(DateField::Expires, self.expires.as_ref());
        reader.add_publication(self.publication.as_ref())?;
        reader.into_filter()
    }
}

impl FilterInput for EventFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_combinations(
            ctx,
            view,
            Combinations {
                any_of: self.any_of.as_ref(),
                all_of: self.all_of.as_ref(),
                not: self.not.as_deref(),
            },
        )?;
        reader.add_search(self.search.as_ref())?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        reader.add_country("country", self.country.as_ref(), Predicate::Country)?;
        reader.add_country("withCountry", self.with_country.as_ref(), Predicate::AnyCountry)?;
        reader.add_locality(self.locality.as_ref())?;
        reader.add_pillar(self.pillar.as_ref())?;
        reader.add_term("kind", Vocabulary::EventKind, self.kind.as_ref(), Predicate::Term)?;
        reader.add_direction(self.direction.as_ref())?;
        let level = self.rank.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.add_words(level, Predicate::EventRank)?;
        reader.add_words(self.mode.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Mode)?;
        if let Some(states) =
            FilterReader::check_length(self.state.as_ref().and_then(|filter| filter.r#in.as_ref()))?
        {
            let states: Vec<caunoi_domain::event::EventState> =
                states.iter().map(|state| (*state).into()).collect();
            reader.parts.push(Filter::event_state(&states, view.view.day(ctx)));
        }
        reader.add_names(self.series.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Series)?;
        reader
            .add_names(self.edition.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Edition)?;
        reader.add_term("field", Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        reader.add_event_dates(self)?;
        reader.add_publication(self.publication.as_ref())?;
        reader.into_filter()
    }
}

impl FilterInput for FigureFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_term("indicator", Vocabulary::Indicator, self.indicator.as_ref(), Predicate::Term)?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        if let Some(national) = self.national {
            let ministry = Filter::Is(Predicate::Log(vec![caunoi_domain::id::Log::MINISTRY]));
            reader.parts.push(if national { ministry } else { Filter::Not(Box::new(ministry)) });
        }
        reader.add_date(DateField::First, self.as_of.as_ref());
        reader.into_filter()
    }
}

impl FilterInput for OrganizationFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_search(self.search.as_ref())?;
        reader.add_term("kind", Vocabulary::OrganizationKind, self.kind.as_ref(), Predicate::Term)?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        reader.add_country("targetCountry", self.target_country.as_ref(), Predicate::Country)?;
        reader.add_publication(self.publication.as_ref())?;
        reader.into_filter()
    }
}
