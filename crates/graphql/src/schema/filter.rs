//! Filters as callers send them, and what they mean to the domain.
//!
//! At each level the given fields must all hold, beside `allOf`, at least one of `anyOf`, and not
//! `not`. A null field or `{}` matches everything; a list matches any of its members; a word that
//! the register does not know matches nothing.

mod change;
mod input;

pub(crate) use change::ChangeFilter;
pub(crate) use input::*;

use super::asking::{Asking, SEARCH_PREDICATES, View};
use super::fault::Fault;
use async_graphql::Context;
use caunoi_domain::directory::Directory;
use caunoi_domain::filter::{DateField, DateTest, Filter, Predicate};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::search::Words;
use caunoi_domain::statistics::Lens;
use caunoi_domain::status::Status;
use caunoi_domain::text;

/// The most members of one list in a filter.
const LONGEST_LIST: usize = 250;

/// Reads the parts of a filter, and collects what they mean.
struct Reader<'a> {
    asking: &'a Asking,
    directory: &'a Directory,
    lens: Lens<'a>,
    parts: Vec<Filter>,
}

type Outcome = Result<(), Fault>;

impl<'a> Reader<'a> {
    fn new(ctx: &Context<'a>, view: View) -> Self {
        let asking = Asking::of(ctx);
        Self {
            asking,
            directory: asking.directory(),
            lens: asking.lens(asking.directory(), view),
            parts: Vec::new(),
        }
    }

    fn is(&mut self, predicate: Predicate) {
        self.parts.push(Filter::Is(predicate));
    }

    /// The members of a list, bounded and charged.
    fn members<'l, T>(&self, list: Option<&'l Vec<T>>) -> Result<Option<&'l Vec<T>>, Fault> {
        let Some(list) = list else { return Ok(None) };
        if list.len() > LONGEST_LIST {
            return Err(Fault::bad_input(format!("a list in a filter has at most {LONGEST_LIST} members")));
        }
        self.asking.charge(list.len().max(1))?;
        Ok(Some(list))
    }

    fn search(&mut self, text: Option<&String>) -> Outcome {
        if let Some(text) = text {
            self.asking.charge(SEARCH_PREDICATES)?;
            let words = Words::parse(text).map_err(|refusal| Fault::argument("search", &refusal))?;
            self.is(Predicate::Words(words));
        }
        Ok(())
    }

    fn province(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        if let Some(slugs) = self.members(filter.and_then(|filter| filter.r#in.as_ref()))? {
            self.parts.push(self.lens.province_filter(slugs));
        }
        Ok(())
    }

    fn unit(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        if let Some(slugs) = self.members(filter.and_then(|filter| filter.r#in.as_ref()))? {
            self.parts.push(self.lens.unit_filter(slugs));
        }
        Ok(())
    }

    fn country(
        &mut self,
        filter: Option<&CountryFilter>,
        make: fn(Vec<caunoi_domain::entry::CountryId>) -> Predicate,
    ) -> Outcome {
        if let Some(codes) = self.members(filter.and_then(|filter| filter.r#in.as_ref()))? {
            let known = codes.iter().filter_map(|code| self.directory.country_by_iso2(&code.0));
            self.parts.push(Filter::Is(make(known.map(|country| country.id).collect())));
        }
        Ok(())
    }

    fn locality(&mut self, filter: Option<&SlugFilter>) -> Outcome {
        if let Some(slugs) = self.members(filter.and_then(|filter| filter.r#in.as_ref()))? {
            let known = slugs.iter().filter_map(|slug| self.directory.locality_by_slug(slug));
            self.parts.push(Filter::Is(Predicate::Locality(known.map(|locality| locality.id).collect())));
        }
        Ok(())
    }

    fn term(
        &mut self,
        vocabulary: Vocabulary,
        filter: Option<&TermFilter>,
        make: fn(Vec<caunoi_domain::entry::TermId>) -> Predicate,
    ) -> Outcome {
        if let Some(codes) = self.members(filter.and_then(|filter| filter.r#in.as_ref()))? {
            let known = codes.iter().filter_map(|code| self.directory.term_by_code(vocabulary, code));
            self.parts.push(Filter::Is(make(known.map(|term| term.id).collect())));
        }
        Ok(())
    }

    fn words<I: Copy, W: From<I>>(
        &mut self,
        words: Option<&Vec<I>>,
        make: impl FnOnce(Vec<W>) -> Predicate,
    ) -> Outcome {
        if let Some(words) = self.members(words)? {
            self.is(make(words.iter().map(|word| (*word).into()).collect()));
        }
        Ok(())
    }

    fn date(&mut self, field: DateField, filter: Option<&DateFilter>) -> Outcome {
        let Some(filter) = filter else { return Ok(()) };
        self.asking.charge(1)?;
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
        Ok(())
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
        if let Some(names) = self.members(names)? {
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
        if let Some(parts) = self.members(any_of)? {
            let parts: Result<_, _> = parts.iter().map(|part| part.read(ctx, view)).collect();
            self.parts.push(Filter::Any(parts?));
        }
        if let Some(parts) = self.members(all_of)? {
            let parts: Result<_, _> = parts.iter().map(|part| part.read(ctx, view)).collect();
            self.parts.push(Filter::All(parts?));
        }
        if let Some(part) = not {
            self.asking.charge(1)?;
            self.parts.push(Filter::Not(Box::new(part.read(ctx, view)?)));
        }
        Ok(())
    }

    fn filter(self) -> Filter {
        Filter::All(self.parts)
    }
}

/// A filter that callers can send.
pub(crate) trait FilterInput: Sized {
    /// What it means to the domain, for this day and these boundaries.
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault>;
}

/// What an absent or present filter means.
pub(crate) fn read<F: FilterInput>(
    ctx: &Context<'_>,
    view: View,
    filter: Option<&F>,
) -> Result<Filter, Fault> {
    filter.map_or_else(|| Ok(Filter::default()), |filter| filter.read(ctx, view))
}

impl FilterInput for RelationFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.tree(ctx, view, (self.any_of.as_ref(), self.all_of.as_ref(), self.not.as_deref()))?;
        reader.search(self.search.as_ref())?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country(self.country.as_ref(), Predicate::Country)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.words(self.tier.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Tier)?;
        let day = view.day(ctx, None);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(status, |words: Vec<caunoi_domain::status::RelationStatus>| {
            Predicate::Status(words.into_iter().map(Status::Relation).collect(), day)
        })?;
        reader.term(Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        reader.date(DateField::First, self.established.as_ref())?;
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
        reader.country(self.country.as_ref(), Predicate::Country)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.term(Vocabulary::AgreementForm, self.form.as_ref(), Predicate::Term)?;
        reader.words(self.level.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Level)?;
        reader.term(Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        let day = view.day(ctx, None);
        let status = self.status.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(status, |words: Vec<caunoi_domain::status::AgreementStatus>| {
            Predicate::Status(words.into_iter().map(Status::Agreement).collect(), day)
        })?;
        reader.date(DateField::First, self.signed.as_ref())?;
        reader.date(DateField::Expires, self.expires.as_ref())?;
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
        reader.country(self.country.as_ref(), Predicate::Country)?;
        reader.country(self.with_country.as_ref(), Predicate::AnyCountry)?;
        reader.locality(self.locality.as_ref())?;
        reader.pillar(self.pillar.as_ref())?;
        reader.term(Vocabulary::EventKind, self.kind.as_ref(), Predicate::Term)?;
        reader.direction(self.direction.as_ref())?;
        let level = self.level.as_ref().and_then(|filter| filter.r#in.as_ref());
        reader.words(level, Predicate::EventLevel)?;
        reader.words(self.mode.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Mode)?;
        reader.names(self.series.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Series)?;
        reader.names(self.edition.as_ref().and_then(|filter| filter.r#in.as_ref()), Predicate::Edition)?;
        reader.term(Vocabulary::Field, self.field.as_ref(), Predicate::Field)?;
        reader.date(DateField::First, self.starts.as_ref())?;
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for FigureFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.term(Vocabulary::Indicator, self.indicator.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        if let Some(national) = self.national {
            let ministry = Filter::Is(Predicate::Log(vec![caunoi_domain::id::Log::MINISTRY]));
            reader.parts.push(if national { ministry } else { Filter::Not(Box::new(ministry)) });
        }
        reader.date(DateField::First, self.as_of.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for OrganizationFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.search(self.search.as_ref())?;
        reader.term(Vocabulary::OrganizationKind, self.kind.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country(self.target_country.as_ref(), Predicate::Country)?;
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}

impl FilterInput for ProgrammeFilter {
    fn read(&self, ctx: &Context<'_>, view: View) -> Result<Filter, Fault> {
        let mut reader = Reader::new(ctx, view);
        reader.search(self.search.as_ref())?;
        reader.term(Vocabulary::ProgrammeKind, self.kind.as_ref(), Predicate::Term)?;
        reader.province(self.province.as_ref())?;
        reader.unit(self.unit.as_ref())?;
        reader.country(self.country.as_ref(), Predicate::AnyCountry)?;
        reader.locality(self.locality.as_ref())?;
        reader.direction(self.direction.as_ref())?;
        reader.publication(self.publication.as_ref())?;
        Ok(reader.filter())
    }
}
