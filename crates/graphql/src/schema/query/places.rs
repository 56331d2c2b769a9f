//! The root fields of places and shared lists: provinces, units, countries, localities, terms,
//! sources.

use crate::schema::api_error::ApiError;
use crate::schema::connection::PageArgs;
use crate::schema::cost_directives::{AssumedSize, PageSize};
use crate::schema::country::CountryObject;
use crate::schema::enums::{SourceKind, Vocabulary};
use crate::schema::global_id::GlobalId;
use crate::schema::locality::{LocalityConnection, LocalityObject, sorted_by_name};
use crate::schema::province::ProvinceObject;
use crate::schema::request_context::{RequestContext, check_units_known};
use crate::schema::scalar::{CountryCode, LocalDate};
use crate::schema::source::{SourceConnection, SourceObject};
use crate::schema::term::TermObject;
use crate::schema::unit::UnitObject;
use async_graphql::{Context, ID, Object, OneofObject};
use caunoi_domain::id::Id;
use caunoi_domain::search::SearchTerms;
use caunoi_domain::{collation, reference};

/// The identifier of an administrative unit. Exactly one field is given.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum UnitBy {
    /// The slug, for example `DONG_NAI`. Successive units may have used the same slug; `asOf`
    /// selects one.
    Slug(String),
    /// The statistical code, for example `75`. Successive units may have used the same code; `asOf`
    /// selects one.
    Code(String),
    /// The global id.
    Id(ID),
}

/// The root fields of places and vocabularies.
pub(crate) struct PlaceQueries;

#[Object]
impl PlaceQueries {
    /// The 34 present-day provinces and centrally run cities, ordered by statistical code.
    #[graphql(directive = AssumedSize::apply(34))]
    async fn provinces(&self, ctx: &Context<'_>) -> Vec<ProvinceObject> {
        RequestContext::of(ctx).directory().provinces().iter().map(ProvinceObject::new).collect()
    }

    /// The present-day province with this slug. Null if there is none.
    async fn province(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug or the name of the province, for example `DONG_NAI` or `Đồng Nai`.")] slug: String,
    ) -> Option<ProvinceObject> {
        let directory = RequestContext::of(ctx).directory();
        let slug = directory.find_unit_slug(&slug)?;
        directory.province_by_slug(slug).map(ProvinceObject::new)
    }

    /// The administrative units of the first tier that existed on a day, ordered by statistical
    /// code: 61 until 2003-12-31, 64 until 2008-07-31, 63 until 2025-06-30, 34 since then. A day
    /// before 1997-01-01 is an error: the units before it are not known.
    #[graphql(directive = AssumedSize::apply(64))]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<Vec<UnitObject>, ApiError> {
        let day = RequestContext::of(ctx).day(as_of);
        check_units_known(day)?;
        let all = RequestContext::of(ctx).directory().units().iter();
        let mut units: Vec<_> = all.filter(|unit| unit.is_valid_on(day)).collect();
        units.sort_by_key(|unit| unit.designation(day).map(|designation| designation.code.clone()));
        Ok(units.into_iter().map(UnitObject::new).collect())
    }

    /// The administrative unit that had a slug or code on a day, or the unit with an id. For a slug
    /// that no unit had on that day, the oldest unit that ever had it. Null if there is none. A day
    /// before 1997-01-01 is an error: the units before it are not known.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The identifier of the object: exactly one field is given.")] by: UnitBy,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Result<Option<UnitObject>, ApiError> {
        let day = RequestContext::of(ctx).day(as_of);
        check_units_known(day)?;
        let directory = RequestContext::of(ctx).directory();
        let unit = match by {
            // A slug that no unit has on the day identifies the oldest unit that ever had it.
            UnitBy::Slug(slug) => {
                directory.find_unit_slug(&slug).and_then(|slug| directory.unit_by_slug_on(slug, day))
            }
            UnitBy::Code(code) => directory.unit_by_code_on(&code, day),
            UnitBy::Id(id) => match GlobalId::decode(&id) {
                Some(GlobalId::Unit(id)) => directory.unit(Id::new(id)),
                _ => None,
            },
        };
        Ok(unit.map(UnitObject::new))
    }

    /// All countries and territories, ordered by name in the language of the request.
    #[graphql(directive = AssumedSize::apply(249))]
    async fn countries(&self, ctx: &Context<'_>) -> Vec<CountryObject> {
        let request = RequestContext::of(ctx);
        let locale = request.locale(None);
        let mut countries: Vec<_> = request.directory().countries().iter().collect();
        countries.sort_by_cached_key(|country| collation::key(country.name.in_locale(locale), locale));
        countries.into_iter().map(CountryObject::new).collect()
    }

    /// The country or territory with this code. Null if there is none.
    async fn country(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ISO 3166-1 code or the name, for example `JP` or `Nhật Bản`.")]
        code: CountryCode,
    ) -> Option<CountryObject> {
        let country = RequestContext::of(ctx).directory().find_country(&code.0);
        country.map(CountryObject::new)
    }

    /// The localities abroad: with `search`, those whose names or aliases match it, the best match
    /// first; otherwise all, ordered by name in the language of the request.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn localities(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A search text of at most 200 characters, for example `gyeong nam`. Each word must match a word of a name: as a whole, as its beginning or, if none match so, with one slip; diacritics, case and words such as `tỉnh`, `city` or `-do` are no obstacle."
        )]
        search: Option<String>,
        #[graphql(
            desc = "Returns only the localities of this country, for example `KR`. An unknown code is an error."
        )]
        country: Option<CountryCode>,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<LocalityConnection, ApiError> {
        let request = RequestContext::of(ctx);
        let (directory, locale) = (request.directory(), request.locale(None));
        let mut rows = if let Some(search) = &search {
            let words = SearchTerms::parse(search).map_err(|reason| ApiError::argument("search", reason))?;
            request.names().search_localities(&words)
        } else {
            sorted_by_name(directory.localities().iter(), locale)
        };
        if let Some(code) = &country {
            let known = directory.require_country(&code.0);
            let wanted = known.map_err(|reason| ApiError::argument("country", reason))?.id;
            rows.retain(|(_, id)| directory.locality(*id).is_some_and(|locality| locality.country == wanted));
        }
        let purpose = format!("localities {search:?} {country:?} {locale:?}");
        LocalityConnection::new(ctx, &purpose, rows, PageArgs { first, after, last, before })
    }

    /// The locality with this slug. Null if there is none.
    async fn locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The slug or a name of the locality, for example `kr-busan` or `Busan`; null if several have the name."
        )]
        slug: String,
    ) -> Option<LocalityObject> {
        let locality = RequestContext::of(ctx).directory().find_locality(&slug);
        locality.map(LocalityObject::new)
    }

    /// The sources of facts, ordered by title in the language of the request. With `search`, only
    /// those that match it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A search text of at most 200 characters, for example `bao dong nai`. Every word must be the beginning of a word of the title, publisher, address or code; diacritics and case are ignored."
        )]
        search: Option<String>,
        #[graphql(
            desc = "Returns only sources of these kinds, for example `NEWS`. The default is every kind."
        )]
        kind: Option<Vec<SourceKind>>,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<SourceConnection, ApiError> {
        let request = RequestContext::of(ctx);
        let locale = request.locale(None);
        let words = search.as_deref().map(SearchTerms::parse).transpose();
        let words = words.map_err(|reason| ApiError::argument("search", reason))?;
        let kinds: Option<Vec<reference::SourceKind>> =
            kind.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let purpose = format!("sources {search:?} {kinds:?} {locale:?}");
        let found = request.sources().iter().filter(|source| {
            words.as_ref().is_none_or(|words| source.matches(words))
                && kinds.as_ref().is_none_or(|kinds| kinds.contains(&source.kind))
        });
        SourceConnection::new(ctx, purpose, found, locale, PageArgs { first, after, last, before })
    }

    /// The source with this code. Null if there is none.
    async fn source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the source, for example `SRC-DONG_NAI-0042`.")] code: String,
    ) -> Option<SourceObject> {
        RequestContext::of(ctx).source_by_code(&code).cloned().map(SourceObject)
    }

    /// All terms of a vocabulary.
    #[graphql(directive = AssumedSize::apply(60))]
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The vocabulary to list, for example `FIELD`.")] vocabulary: Vocabulary,
    ) -> Vec<TermObject> {
        let vocabulary = reference::Vocabulary::from(vocabulary);
        RequestContext::of(ctx).directory().terms(vocabulary).cloned().map(TermObject).collect()
    }
}
