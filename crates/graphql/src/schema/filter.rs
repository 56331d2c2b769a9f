//! Filters as callers send them, and what they mean to the domain.
//!
//! At each level the given fields must all hold, beside `allOf`, at least one of `anyOf`, and not
//! `not`. A null field or `{}` matches everything; a list matches any of its members. A word of a
//! closed list that the register does not know is refused with its path.

mod change;
mod input;

pub(crate) use change::ChangeFilter;
pub(crate) use input::*;

use super::asking::{Asking, View};
use super::fault::Fault;
use async_graphql::Context;
use caunoi_domain::directory::Directory;
use caunoi_domain::filter::{DateField, DateTest, Filter, Predicate};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::refusal::Refusal;
use caunoi_domain::search::Words;
use caunoi_domain::statistics::Lens;
use caunoi_domain::status::Status;
use caunoi_domain::text;

/// The most members of one list in a filter.
const LONGEST_LIST: usize = 250;

/// Reads the parts of a filter, and collects what they mean.
struct Reader<'a> {
    directory: &'a Directory,
    lens: Lens<'a>,
    parts: Vec<Filter>,
}

type Outcome = Result<(), Fault>;

impl<'a> Reader<'a> {
    fn new(ctx: &Context<'a>, view: View) -> Self {
        let asking = Asking::of(ctx);
        let lens = asking.lens(asking.directory(), view);
        Self { directory: asking.directory(), lens, parts: Vec::new() }
    }

    fn is(&mut self, predicate: Predicate) {
        self.parts.push(Filter::Is(predicate));
    }

    /// The members of a list, bounded.
    fn members<T>(list: Option<&Vec<T>>) -> Result<Option<&Vec<T>>, Fault> {
        let Some(list) = list else { return Ok(None) };
        if list.len() > LONGEST_LIST {
            return Err(Fault::bad_input(format!("a list in a filter has at most {LONGEST_LIST} members")));
        }
        Ok(Some(list))
    }

    fn search(&mut self, text: Option<&String>) -> Outcome {
        if let Some(text) = text {
            let words = Words::parse(text).map_err(|refusal| Fault::argument("search", &refusal))?;
            self.is(Predicate::Words(words));
        }
        Ok(())
    }

    /// What each word of the list `in` of a field names.
    fn known<W, T>(
        &self,
        field: &str,
        words: Option<&Vec<W>>,
        find: impl Fn(&Directory, &W) -> Result<T, Refusal>,
    ) -> Result<Option<Vec<T>>, Fault> {
        let Some(words) = Self::members(words)? else { return Ok(None) };
        let found = words.iter().enumerate().map(|(index, word)| {
            find(self.directory, word).map_err(|refusal| Fault::at(in_list(field, index), &refusal))
        });
        found.collect::<Result<Vec<_>, _>>().map(Some)
    }

    fn province(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        if let Some(slugs) = self.slugs("province", filter)? {
            self.parts.push(self.lens.province_filter(slugs));
        }
        Ok(())
    }

    fn unit(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        if let Some(slugs) = self.slugs("unit", filter)? {
            self.parts.push(self.lens.unit_filter(slugs));
        }
        Ok(())
    }

    /// Slugs of units, each of which some unit had at some time.
    fn slugs<'l>(
        &self,
        field: &'static str,
        filter: Option<&'l SlugFilter>,
    ) -> Result<Option<&'l Vec<String>>, Fault> {
        let slugs = filter.and_then(|filter| filter.r#in.as_ref());
        self.known(field, slugs, |directory, slug| directory.known_units(field, slug).map(drop))?;
        Ok(slugs)
    }

    fn country(
        &mut self,
        field: &str,
        filter: Option<&CountryFilter>,
        make: fn(Vec<caunoi_domain::entry::CountryId>) -> Predicate,
    ) -> Outcome {
        let codes = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.known(field, codes, |directory, code| {
            directory.known_country(&code.0).map(|country| country.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(make(ids))));
        Ok(())
    }

    fn locality(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        let slugs = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.known("locality", slugs, |directory, slug| {
            directory.known_locality(slug).map(|locality| locality.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(Predicate::Locality(ids))));
        Ok(())
    }

    fn term(
        &mut self,
        (field, vocabulary): (&str, Vocabulary),
        filter: Option<&TermFilter>,
        make: fn(Vec<caunoi_domain::entry::TermId>) -> Predicate,
    ) -> Outcome {
        let codes = filter.and_then(|filter| filter.r#in.as_ref());
        let found = self.known(field, codes, |directory, code| {
            directory.known_term(vocabulary, code).map(|term| term.id)
        })?;
        self.parts.extend(found.map(|ids| Filter::Is(make(ids))));
        Ok(())
    }

    fn words<I: Copy, W: From<I>>(
        &mut self,
        words: Option<&Vec<I>>,
        make: impl FnOnce(Vec<W>) -> Predicate,
    ) -> Outcome {
        if let Some(words) = Self::members(words)? {
            self.is(make(words.iter().map(|word| (*word).into()).collect()));
        }
        Ok(())
    }

    fn date(&mut self, field: DateField, filter: Option<&DateFilter>) {
        let Some(filter) = filter else { return };
        let tests = [
            filter.gte.map(|day| DateTest::OnOrAfter(day.0)),
            filter.gt.map(|day| DateTest::After(day.0)),
            filter.lte.map(|day| DateTest::OnOrBefore(day.0)),
            filter.lt.map(|day| DateTest::Before(day.0)),
            filter.is_null.map(DateTest::IsUndated),
        ];
        for test in tests.into_iter().flatten() {
            self.is(Predicate::Date(field, test));
        }
    }

    fn publication(&mut self, filter: Option<&PublicationFilter>) -> Outcome {
        self.words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Publication)
    }

    fn pillar(&mut self, filter: Option<&PillarFilter>) -> Outcome {
        self.words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Pillar)
    }

    fn direction(&mut self, filter: Option<&DirectionFilter>) -> Outcome {
        self.words(filter.and_then(|filter| filter.r#in.as_ref()), Predicate::Direction)
    }

    fn names(&mut self, names: Option<&Vec<String>>, make: impl FnOnce(Vec<String>) -> Predicate) -> Outcome {
        if let Some(names) = Self::members(names)? {
            self.is(make(names.iter().map(|name| text::fold_name(name)).collect()));
        }
        Ok(())
    }

    fn tree<F: FilterInput>(
        &mut self,
        ctx: &Context<'a>,
        view: View,
        (any_of, all_of, not): (Option<&Vec<F>>, Option<&Vec<F>>, Option<&F>),
    ) -> Outcome {
        if let Some(parts) = Self::members(any_of)? {
            self.parts.push(Filter::Any(each(ctx, view, ("anyOf", parts.as_slice()))?));
        }
        if let Some(parts) = Self::members(all_of)? {
            self.parts.push(Filter::All(each(ctx, view, ("allOf", parts.as_slice()))?));
        }
        if let Some(part) = not {
            let part = part.read(ctx, view).map_err(|fault| fault.below(["not".to_owned()]))?;
            self.parts.push(Filter::Not(Box::new(part)));
        }
        Ok(())
    }

    fn filter(self) -> Filter {
        Filter::All(self.parts)
    }
}

/// The path of a word in the list `in` of a field.
fn in_list(field: &str, index: usize) -> [String; 3] {
    [field.to_owned(), "in".to_owned(), index.to_string()]
}

fn each<F: FilterInput>(
    ctx: &Context<'_>,
    view: View,
    (field, parts): (&str, &[F]),
) -> Result<Vec<Filter>, Fault> {
    let parts = parts.iter().enumerate().map(|(index, part)| {
        part.read(ctx, view).map_err(|fault| fault.below([field.to_owned(), index.to_string()]))
    });
    parts.collect()
}

/// A filter that callers can send.
pub(crate) trait FilterInput: Sized {
    /// What it means to the domain, for this day and these boundaries. Paths in errors begin with
    /// one of its fields.
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault>;
}

/// What the argument `filter` of a field means, absent or present.
pub(crate) fn read<F: FilterInput>(
    ctx: &Context<'_>,
    view: View,
    filter: Option<&F>,
) -> Result<Filter, Fault> {
    let Some(filter) = filter else { return Ok(Filter::default()) };
    filter.read(ctx, view).map_err(|fault| fault.below(["filter".to_owned()]))
}

impl FilterInput for RelationFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.tree(ctx, view, (self.any_of.as_ref(), self.all_of.as_ref(), self.not.as_deref()))?;
        reader.search(self.search.as_ref())?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country("country", self.country.as_ref(), Predicate::Country)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.words(self.tier.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Tier)?;
        let day = view.day(ctx, None);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(status, |words: Vec<caunoi_domain::status::RelationStatus>| {
            Predicate::Status(words.into_iter().map(Status::Relation).collect(), day)
        })?;
        reader.term(("field", Vocabulary::Field), self.field.as_ref(), Predicate::Field)?;
        reader.date(DateField::First, self.established.as_ref());
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for AgreementFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.tree(ctx, view, (self.any_of.as_ref(), self.all_of.as_ref(), self.not.as_deref()))?;
        reader.search(self.search.as_ref())?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country("country", self.country.as_ref(), Predicate::Country)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.term(("form", Vocabulary::AgreementForm), self.form.as_ref(), Predicate::Term)?;
        reader.words(self.level.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Level)?;
        reader.term(("field", Vocabulary::Field), self.field.as_ref(), Predicate::Field)?;
        let day = view.day(ctx, None);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(status, |words: Vec<caunoi_domain::status::AgreementStatus>| {
            Predicate::Status(words.into_iter().map(Status::Agreement).collect(), day)
        })?;
        reader.date(DateField::First, self.signed.as_ref());
        reader.date(DateField::Expires, self.expires.as_ref());
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for EventFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.tree(ctx, view, (self.any_of.as_ref(), self.all_of.as_ref(), self.not.as_deref()))?;
        reader.search(self.search.as_ref())?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country("country", self.country.as_ref(), Predicate::Country)?;
        reader.country("withCountry", self.with_country.as_ref(), Predicate::AnyCountry)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.term(("kind", Vocabulary::EventKind), self.kind.as_ref(), Predicate::Term)?;
        reader.direction(self.direction.as_ref())?;
        let level = self.level.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(level, Predicate::EventLevel)?;
        reader.words(self.mode.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Mode)?;
        reader.names(self.series.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Series)?;
        reader.names(self.edition.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Edition)?;
        reader.term(("field", Vocabulary::Field), self.field.as_ref(), Predicate::Field)?;
        reader.date(DateField::First, self.starts.as_ref());
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for FigureFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.term(("indicator", Vocabulary::Indicator), self.indicator.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        if let Some(national) = self.national {
            let ministry = Filter::Is(Predicate::Log(vec![caunoi_domain::id::Log::MINISTRY]));
            reader.parts.push(if national { ministry } else { Filter::Not(Box::new(ministry)) });
        }
        reader.date(DateField::First, self.as_of.as_ref());
        Ok(reader.filter())
    }
}

impl FilterInput for OrganizationFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.search(self.search.as_ref())?;
        reader.term(("kind", Vocabulary::OrganizationKind), self.kind.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country("targetCountry", self.target_country.as_ref(), Predicate::Country)?;
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for ProgrammeFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.search(self.search.as_ref())?;
        reader.term(("kind", Vocabulary::ProgrammeKind), self.kind.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country("country", self.country.as_ref(), Predicate::AnyCountry)?;
        reader.locality(self.locality.as_ref())?;
        reader.direction(self.direction.as_ref())?;
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}
