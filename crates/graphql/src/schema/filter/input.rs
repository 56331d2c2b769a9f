//! The filter inputs of the API.

use crate::schema::cost_directives::Weight;
use crate::schema::enums::{
    AgreementStatus, Direction, EventMode, EventRank, EventState, Pillar, Publication, RelationStatus,
    RelationTier, SigningLevel,
};
use crate::schema::scalar::{CountryCode, LocalDate};
use async_graphql::InputObject;

/// The conditions that a search in a filter counts as: it queries the database.
const SEARCH: u16 = 20;

/// Matches any of these slugs. A name is accepted instead of a slug if only one has it, whatever its
/// case and diacritics: `Đồng Nai`, `Gyeongnam`. Any other word is the error `BAD_INPUT` with its
/// path and similar slugs.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SlugFilter {
    /// The slugs, at most 250, for example `DONG_NAI` or `kr-busan`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these countries. A name is accepted instead of a code if only one has it: `Nhật
/// Bản`, `Japan`. Any other word is the error `BAD_INPUT` with its path and similar codes.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct CountryFilter {
    /// ISO 3166-1 alpha-2 codes, at most 250, for example `KR`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<CountryCode>>,
}

/// Matches any of these terms of a vocabulary; a broader term does not include narrower ones. A name
/// is accepted instead of a code if only one term of the vocabulary has it: `Bản ghi nhớ`. Any other
/// word is the error `BAD_INPUT` with its path and similar codes.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct TermFilter {
    /// Codes of terms, at most 250, for example `INVESTMENT`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these pillars.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct PillarFilter {
    /// The pillars, for example `PEOPLE`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Pillar>>,
}

/// Matches any of these tiers.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct TierFilter {
    /// The tiers, for example `SISTER`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<RelationTier>>,
}

/// Matches any of these levels. An agreement without a level matches none.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SigningLevelFilter {
    /// The levels, for example `PROVINCE`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<SigningLevel>>,
}

/// Matches any of these statuses on the day `asOf` of the query, today if it is absent.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct RelationStatusFilter {
    /// The statuses, for example `ACTIVE`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<RelationStatus>>,
}

/// Matches any of these statuses on the day `asOf` of the query, today if it is absent.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgreementStatusFilter {
    /// The statuses, for example `IN_FORCE`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<AgreementStatus>>,
}

/// Matches any of these publication states of the version that the caller sees.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct PublicationFilter {
    /// The states, for example `SUBMITTED`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Publication>>,
}

/// Matches any of these directions.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct DirectionFilter {
    /// The directions, for example `IN`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Direction>>,
}

/// Matches any of these ranks.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventRankFilter {
    /// The ranks, for example `MINISTER`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<EventRank>>,
}

/// Matches any of these states on the day `asOf` of the query, today if it is absent. An event without
/// a date and without a stated state matches none.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventStateFilter {
    /// The states, for example `CANCELLED`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<EventState>>,
}

/// Matches any of these modes.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventModeFilter {
    /// The modes, for example `ONLINE`. Null matches everything.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<EventMode>>,
}

/// Matches any of these series. An unknown name matches no event.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SeriesFilter {
    /// Full names of series, at most 250. Case, diacritics and punctuation are ignored.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these editions.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EditionFilter {
    /// Editions as the source prints them, a number or a year, for example `2024`; at most 250.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Limits for a date; all given ones must match. A partial date matches only if each of its
/// possible days does: `2019` matches `gte: "2019-01-01"`, not `gte: "2019-03-01"`. An entry
/// without a date matches none of the limits.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct DateFilter {
    /// On this day or later, for example `2021-07-01`.
    pub(super) gte: Option<LocalDate>,
    /// Later than this day.
    pub(super) gt: Option<LocalDate>,
    /// On this day or earlier.
    pub(super) lte: Option<LocalDate>,
    /// Earlier than this day.
    pub(super) lt: Option<LocalDate>,
    /// True matches entries without a date, false entries with one.
    pub(super) is_null: Option<bool>,
}

/// Selects relations: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct RelationFilter {
    /// At least one of these filters must match; at most 250.
    pub(super) any_of: Option<Vec<RelationFilter>>,
    /// All of these filters must match; at most 250.
    pub(super) all_of: Option<Vec<RelationFilter>>,
    /// This filter must not match.
    pub(super) not: Option<Box<RelationFilter>>,
    /// Words to search for, at most 200 characters, for example `hop tac huế`. Each must be the
    /// beginning of a word of the entry: of its title, its partners with all their names, its unit
    /// or its code, and for events also of the series and place. Case and diacritics are ignored.
    #[graphql(directive = Weight::apply(SEARCH))]
    pub(super) search: Option<String>,
    /// The province, by slug, for example `DONG_NAI`. The slug of a former unit matches the
    /// entries that came from it. With `AT_THE_TIME` it matches the unit that the entry counts
    /// under on the day `asOf`; without `asOf`, the unit that it came from.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from, by slug, for example `BINH_DUONG`. It matches every unit
    /// that has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country of the partner.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug, for example `kr-gyeongsangnam`.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// The tier.
    pub(super) tier: Option<TierFilter>,
    /// The status on the day `asOf` of the query, today if it is absent.
    pub(super) status: Option<RelationStatusFilter>,
    /// A field of cooperation, a code of the vocabulary `FIELD`, for example `INVESTMENT`.
    pub(super) field: Option<TermFilter>,
    /// The date on which the relation was established.
    pub(super) established: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Selects agreements: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgreementFilter {
    /// At least one of these filters must match; at most 250.
    pub(super) any_of: Option<Vec<AgreementFilter>>,
    /// All of these filters must match; at most 250.
    pub(super) all_of: Option<Vec<AgreementFilter>>,
    /// This filter must not match.
    pub(super) not: Option<Box<AgreementFilter>>,
    /// Words to search for, at most 200 characters, for example `hop tac huế`. Each must be the
    /// beginning of a word of the entry: of its title, its partners with all their names, its unit
    /// or its code, and for events also of the series and place. Case and diacritics are ignored.
    #[graphql(directive = Weight::apply(SEARCH))]
    pub(super) search: Option<String>,
    /// The province, by slug, for example `DONG_NAI`. The slug of a former unit matches the
    /// entries that came from it. With `AT_THE_TIME` it matches the unit that the entry counts
    /// under on the day `asOf`; without `asOf`, the unit that it came from.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from, by slug, for example `BINH_DUONG`. It matches every unit
    /// that has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country of the partner.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug, for example `kr-gyeongsangnam`.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// The form, a code of the vocabulary `AGREEMENT_FORM`, for example `MOU`.
    pub(super) form: Option<TermFilter>,
    /// The level of the Vietnamese side.
    pub(super) signing_level: Option<SigningLevelFilter>,
    /// A field of cooperation, a code of the vocabulary `FIELD`, for example `INVESTMENT`.
    pub(super) field: Option<TermFilter>,
    /// The status on the day `asOf` of the query, today if it is absent.
    pub(super) status: Option<AgreementStatusFilter>,
    /// The date of signing.
    pub(super) signed_on: Option<DateFilter>,
    /// The last day of the term of the agreement, after its recorded extensions and renewals.
    pub(super) expires: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Selects events: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventFilter {
    /// At least one of these filters must match; at most 250.
    pub(super) any_of: Option<Vec<EventFilter>>,
    /// All of these filters must match; at most 250.
    pub(super) all_of: Option<Vec<EventFilter>>,
    /// This filter must not match.
    pub(super) not: Option<Box<EventFilter>>,
    /// Words to search for, at most 200 characters, for example `hop tac huế`. Each must be the
    /// beginning of a word of the entry: of its title, its partners with all their names, its unit
    /// or its code, and for events also of the series and place. Case and diacritics are ignored.
    #[graphql(directive = Weight::apply(SEARCH))]
    pub(super) search: Option<String>,
    /// The province, by slug, for example `DONG_NAI`. The slug of a former unit matches the
    /// entries that came from it. With `AT_THE_TIME` it matches the unit that the entry counts
    /// under on the day `asOf`; without `asOf`, the unit that it came from.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from, by slug, for example `BINH_DUONG`. It matches every unit
    /// that has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country of the place.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug, for example `kr-gyeongsangnam`.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// Any country of the event: of its place, its partners or its audience.
    pub(super) with_country: Option<CountryFilter>,
    /// The kind, a code of the vocabulary `EVENT_KIND`, for example `CONFERENCE`.
    pub(super) kind: Option<TermFilter>,
    /// Whether the event brought guests to Vietnam, sent a delegation abroad, was domestic or
    /// online.
    pub(super) direction: Option<DirectionFilter>,
    /// The highest rank among the participants of both sides.
    pub(super) rank: Option<EventRankFilter>,
    /// Whether participants met in person, online or both.
    pub(super) mode: Option<EventModeFilter>,
    /// Whether the event is planned, was held, or is postponed or cancelled.
    pub(super) state: Option<EventStateFilter>,
    /// The series that the event belongs to.
    pub(super) series: Option<SeriesFilter>,
    /// The edition within the series.
    pub(super) edition: Option<EditionFilter>,
    /// A field of cooperation, a code of the vocabulary `FIELD`, for example `INVESTMENT`.
    pub(super) field: Option<TermFilter>,
    /// The date or period of the event.
    pub(super) held_on: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Selects figures: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct FigureFilter {
    /// The indicator, a code of the vocabulary `INDICATOR`, for example `total_agreements`.
    pub(super) indicator: Option<TermFilter>,
    /// The province, by slug, for example `DONG_NAI`. Figures of its predecessors match too.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the figure describes, by slug, for example `BINH_DUONG`. It matches every
    /// unit that has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// True matches national figures of the ministry, false figures of provinces.
    pub(super) national: Option<bool>,
    /// The date that the figure describes.
    pub(super) as_of: Option<DateFilter>,
}

/// Selects organizations: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct OrganizationFilter {
    /// Words to search for, at most 200 characters. Each must be the beginning of a word of the
    /// name. Case and diacritics are ignored.
    #[graphql(directive = Weight::apply(SEARCH))]
    pub(super) search: Option<String>,
    /// The kind, a code of the vocabulary `ORGANIZATION_KIND`, for example `ASSOCIATION`.
    pub(super) kind: Option<TermFilter>,
    /// The province, by slug, for example `DONG_NAI`. The slug of a former unit matches the
    /// entries that came from it.
    pub(super) province: Option<SlugFilter>,
    /// The unit that it belongs to, by slug, for example `BINH_DUONG`. It matches every unit that
    /// has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country that a friendship association is dedicated to.
    pub(super) target_country: Option<CountryFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Selects programmes: all given fields must match.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ProgrammeFilter {
    /// Words to search for, at most 200 characters. Each must be the beginning of a word of the
    /// title or of a partner. Case and diacritics are ignored.
    #[graphql(directive = Weight::apply(SEARCH))]
    pub(super) search: Option<String>,
    /// The kind, a code of the vocabulary `PROGRAMME_KIND`, for example `SCHOLARSHIP`.
    pub(super) kind: Option<TermFilter>,
    /// The province, by slug, for example `DONG_NAI`. The slug of a former unit matches the
    /// entries that came from it.
    pub(super) province: Option<SlugFilter>,
    /// The unit that it belongs to, by slug, for example `BINH_DUONG`. It matches every unit that
    /// has or had this slug.
    pub(super) unit: Option<SlugFilter>,
    /// A country that the programme addresses.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug, for example `kr-gyeongsangnam`.
    pub(super) locality: Option<SlugFilter>,
    /// Whether the programme comes to Vietnam or leaves it.
    pub(super) direction: Option<DirectionFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}
