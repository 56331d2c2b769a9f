//! The shapes of filters.

use crate::schema::enums::{
    AgreementLevel, AgreementStatus, Direction, EventLevel, EventMode, Pillar, Publication, RelationStatus,
    RelationTier,
};
use crate::schema::scalar::{CountryCode, LocalDate};
use async_graphql::InputObject;

/// Matches any of these slugs. An unknown one is refused: `BAD_INPUT` with its path and similar ones.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SlugFilter {
    /// Slugs: `DONG_NAI`, `kr-busan`.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these countries. An unknown code is refused: `BAD_INPUT` with its path.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct CountryFilter {
    /// ISO 3166-1 alpha-2 codes.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<CountryCode>>,
}

/// Matches any of these terms; a wider term does not include narrower ones. An unknown code is refused: `BAD_INPUT` with its path and similar ones.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct TermFilter {
    /// Codes of the vocabulary.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these pillars.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct PillarFilter {
    /// Pillars.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Pillar>>,
}

/// Matches any of these tiers.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct TierFilter {
    /// Tiers.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<RelationTier>>,
}

/// Matches any of these levels; an agreement whose source says none matches no level.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgreementLevelFilter {
    /// Levels.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<AgreementLevel>>,
}

/// Matches any of these states, on the day that was asked for.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct RelationStatusFilter {
    /// States.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<RelationStatus>>,
}

/// Matches any of these states, on the day that was asked for.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgreementStatusFilter {
    /// States.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<AgreementStatus>>,
}

/// Matches any of these publication states.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct PublicationFilter {
    /// States.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Publication>>,
}

/// Matches any of these directions.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct DirectionFilter {
    /// Directions.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<Direction>>,
}

/// Matches any of these levels.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventLevelFilter {
    /// Levels.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<EventLevel>>,
}

/// Matches any of these modes.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventModeFilter {
    /// Modes.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<EventMode>>,
}

/// Matches any of these series; a name that no event has matches none.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SeriesFilter {
    /// Whole names of series; case, marks and what stands between words do not matter.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Matches any of these editions.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EditionFilter {
    /// Editions as they are printed: a number or a year.
    #[graphql(name = "in")]
    pub(super) r#in: Option<Vec<String>>,
}

/// Bounds for a date. A partial date passes only where every day that it may mean does; an undated entry passes none of the bounds.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct DateFilter {
    /// On this day or later.
    pub(super) gte: Option<LocalDate>,
    /// Later than this day.
    pub(super) gt: Option<LocalDate>,
    /// On this day or earlier.
    pub(super) lte: Option<LocalDate>,
    /// Earlier than this day.
    pub(super) lt: Option<LocalDate>,
    /// Whether there is no date.
    pub(super) is_null: Option<bool>,
}

/// Which relations.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct RelationFilter {
    /// At least one of these must hold.
    pub(super) any_of: Option<Vec<RelationFilter>>,
    /// All of these must hold.
    pub(super) all_of: Option<Vec<RelationFilter>>,
    /// This must not hold.
    pub(super) not: Option<Box<RelationFilter>>,
    /// Every word must begin a word of its texts: title, partner and other names of it, unit, code, and of events the series and place; marks do not matter. At most 200 characters.
    pub(super) search: Option<String>,
    /// The province, by slug. The slug of a former unit matches what came from it; under `AT_THE_TIME` the unit of that time must bear it.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// The partner’s country.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// The tier.
    pub(super) tier: Option<TierFilter>,
    /// The state on the day that was asked for.
    pub(super) status: Option<RelationStatusFilter>,
    /// A field of cooperation.
    pub(super) field: Option<TermFilter>,
    /// When it was established.
    pub(super) established: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Which agreements.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgreementFilter {
    /// At least one of these must hold.
    pub(super) any_of: Option<Vec<AgreementFilter>>,
    /// All of these must hold.
    pub(super) all_of: Option<Vec<AgreementFilter>>,
    /// This must not hold.
    pub(super) not: Option<Box<AgreementFilter>>,
    /// Every word must begin a word of its texts: title, partner and other names of it, unit, code, and of events the series and place; marks do not matter. At most 200 characters.
    pub(super) search: Option<String>,
    /// The province, by slug. The slug of a former unit matches what came from it; under `AT_THE_TIME` the unit of that time must bear it.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// The partner’s country.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// The form, a term of `AGREEMENT_FORM`.
    pub(super) form: Option<TermFilter>,
    /// The level.
    pub(super) level: Option<AgreementLevelFilter>,
    /// A field of cooperation.
    pub(super) field: Option<TermFilter>,
    /// The state on the day that was asked for.
    pub(super) status: Option<AgreementStatusFilter>,
    /// When it was signed.
    pub(super) signed: Option<DateFilter>,
    /// The last day of its term.
    pub(super) expires: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Which events.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct EventFilter {
    /// At least one of these must hold.
    pub(super) any_of: Option<Vec<EventFilter>>,
    /// All of these must hold.
    pub(super) all_of: Option<Vec<EventFilter>>,
    /// This must not hold.
    pub(super) not: Option<Box<EventFilter>>,
    /// Every word must begin a word of its texts: title, partner and other names of it, unit, code, and of events the series and place; marks do not matter. At most 200 characters.
    pub(super) search: Option<String>,
    /// The province, by slug. The slug of a former unit matches what came from it; under `AT_THE_TIME` the unit of that time must bear it.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the entry came from: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country of the place.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug.
    pub(super) locality: Option<SlugFilter>,
    /// The pillar.
    pub(super) pillar: Option<PillarFilter>,
    /// Any country that the event has to do with: of its place, its partners, its audience.
    pub(super) with_country: Option<CountryFilter>,
    /// The kind, a term of `EVENT_KIND`.
    pub(super) kind: Option<TermFilter>,
    /// Which way it went.
    pub(super) direction: Option<DirectionFilter>,
    /// The rank of the highest who took part.
    pub(super) level: Option<EventLevelFilter>,
    /// How people took part.
    pub(super) mode: Option<EventModeFilter>,
    /// The series that it belongs to.
    pub(super) series: Option<SeriesFilter>,
    /// Its edition within the series.
    pub(super) edition: Option<EditionFilter>,
    /// A field of cooperation.
    pub(super) field: Option<TermFilter>,
    /// When it was held.
    pub(super) starts: Option<DateFilter>,
    /// The publication state of the version that the caller sees.
    pub(super) publication: Option<PublicationFilter>,
}

/// Which figures.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct FigureFilter {
    /// The indicator, a term of `INDICATOR`.
    pub(super) indicator: Option<TermFilter>,
    /// The province, by slug; its predecessors’ figures are among them.
    pub(super) province: Option<SlugFilter>,
    /// The unit that the figure speaks of: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// Whether it speaks of the nation.
    pub(super) national: Option<bool>,
    /// The date that it speaks of.
    pub(super) as_of: Option<DateFilter>,
}

/// Which organizations.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct OrganizationFilter {
    /// Every word must begin a word of the name.
    pub(super) search: Option<String>,
    /// The kind, a term of `ORGANIZATION_KIND`.
    pub(super) kind: Option<TermFilter>,
    /// The province, by slug.
    pub(super) province: Option<SlugFilter>,
    /// The unit that it belongs to: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// The country that it befriends.
    pub(super) target_country: Option<CountryFilter>,
    /// How far the version has come.
    pub(super) publication: Option<PublicationFilter>,
}

/// Which programmes.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ProgrammeFilter {
    /// Every word must begin a word of the title or of a partner.
    pub(super) search: Option<String>,
    /// The kind, a term of `PROGRAMME_KIND`.
    pub(super) kind: Option<TermFilter>,
    /// The province, by slug.
    pub(super) province: Option<SlugFilter>,
    /// The unit that it belongs to: every unit that ever bore the slug.
    pub(super) unit: Option<SlugFilter>,
    /// A country that it is for.
    pub(super) country: Option<CountryFilter>,
    /// A partner locality, by slug.
    pub(super) locality: Option<SlugFilter>,
    /// Which way it goes.
    pub(super) direction: Option<DirectionFilter>,
    /// How far the version has come.
    pub(super) publication: Option<PublicationFilter>,
}
