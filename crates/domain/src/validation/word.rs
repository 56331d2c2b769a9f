//! The lists, forms and kinds of references that reasons name.

use serde::Serialize;
use strum::VariantArray;

/// A list of permitted words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum WordList {
    /// Kinds of acts.
    ActKind,
    /// Statuses of agreements.
    AgreementStatus,
    /// Kinds of aliases.
    AliasKind,
    /// How a number is known.
    Basis,
    /// Confidence in a statement.
    Confidence,
    /// Directions of events and programmes.
    Direction,
    /// Ways of entering into force.
    EntryIntoForce,
    /// Modes of events.
    EventMode,
    /// Ranks of events.
    EventRank,
    /// States of events.
    EventState,
    /// Facts of the geography of a unit.
    GeographyFact,
    /// Kinds of instruments.
    InstrumentKind,
    /// Stages of organizations.
    OrganizationStage,
    /// Pillars of diplomacy.
    Pillar,
    /// Qualifiers of quantities.
    Qualifier,
    /// Regions of the world.
    Region,
    /// Statuses of relations.
    RelationStatus,
    /// Tiers of relations.
    RelationTier,
    /// Levels of agreements.
    SigningLevel,
    /// Socio-economic regions of Vietnam.
    SocioEconomicRegion,
    /// Kinds of sources.
    SourceKind,
    /// Sub-regions of the world.
    Subregion,
    /// How a unit changed.
    UnitChange,
    /// Kinds of units.
    UnitKind,
    /// Vocabularies.
    Vocabulary,
    /// Yes or no.
    YesNo,
}

/// Returns the permitted words of an enum.
#[must_use]
pub fn permitted<W: VariantArray + Copy + Into<&'static str>>() -> Vec<&'static str> {
    W::VARIANTS.iter().map(|word| (*word).into()).collect()
}

/// The form that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A date in EDTF.
    EdtfDate,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A month and a day, `MM-DD`.
    MonthDay,
    /// A time of RFC 3339.
    Instant,
    /// A log cursor, or a time of RFC 3339.
    CursorOrInstant,
    /// A calendar period.
    Period,
    /// A decimal number.
    Decimal,
    /// A currency of ISO 4217.
    Currency,
    /// A language of ISO 639.
    Language,
    /// A media type.
    MediaType,
    /// A SHA-256 in hexadecimal digits.
    Sha256,
    /// An address of the web.
    WebAddress,
    /// The slug of a locality, which begins with the code of its country.
    LocalitySlug,
    /// A code of ISO 3166-2 that begins with the code of the country.
    SubdivisionCode,
    /// An item of Wikidata.
    WikidataItem,
    /// A code of a term.
    TermCode,
    /// Two capital letters.
    TwoCapitals,
    /// Three capital letters.
    ThreeCapitals,
    /// A latitude in degrees.
    Latitude,
    /// A longitude in degrees.
    Longitude,
    /// An area in square kilometres.
    Area,
    /// A number of people.
    Population,
    /// A network in CIDR notation.
    Network,
    /// The name of a machine.
    MachineName,
}

/// The kind of thing that a word refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceKind {
    /// An administrative unit.
    Unit,
    /// A province or city of the national level.
    Province,
    /// A country.
    Country,
    /// A locality abroad.
    Locality,
    /// A source.
    Source,
    /// An uploaded file.
    File,
    /// An occasion.
    Occasion,
    /// An IANA time zone.
    TimeZone,
    /// A type of entry.
    EntryType,
    /// An entry.
    Entry,
    /// A relation.
    Relation,
    /// An agreement.
    Agreement,
    /// An act of an agreement.
    Act,
    /// An event.
    Event,
    /// An organization.
    Organization,
    /// An organization that is published.
    PublishedOrganization,
    /// A figure.
    Figure,
    /// The proposal of a locality.
    Proposal,
    /// A webhook.
    Webhook,
    /// A delivery of a webhook.
    Delivery,
    /// An API key.
    ApiKey,
    /// A revocation of tokens.
    Revocation,
    /// A blocked network.
    BlockedNetwork,
    /// A word of a file that maps words to fields.
    FieldWord,
    /// A term of the vocabulary that the context names.
    Term,
    /// A term of `FIELD`.
    FieldTerm,
    /// A term of `AGREEMENT_FORM`.
    AgreementFormTerm,
    /// A term of `EVENT_KIND`.
    EventKindTerm,
    /// A term of `PARTNER_LEVEL`.
    PartnerLevelTerm,
    /// A term of `ORGANIZATION_KIND`.
    OrganizationKindTerm,
    /// A term of `PROGRAMME_KIND`.
    ProgrammeKindTerm,
    /// A term of `INDICATOR`.
    IndicatorTerm,
}

/// The arguments for the size of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PageArgument {
    /// The first rows.
    First,
    /// The last rows.
    Last,
}
