//! Enums that several kinds of entries share.

use async_graphql::Enum;

/// One of the three pillars of Vietnamese diplomacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Pillar")]
pub(crate) enum Pillar {
    /// Party diplomacy (đối ngoại Đảng).
    Party,
    /// State diplomacy (ngoại giao Nhà nước).
    State,
    /// People-to-people diplomacy (đối ngoại nhân dân).
    People,
}

/// The publication state of a version of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Publication")]
pub(crate) enum Publication {
    /// A draft, visible to its province only.
    Draft,
    /// Submitted, visible to its province and the ministry.
    Submitted,
    /// Published, visible to all.
    Published,
    /// Withdrawn permanently, no longer visible to the public.
    Withdrawn,
}

/// The direction of a visit or programme, seen from Vietnam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Direction")]
pub(crate) enum Direction {
    /// Into Vietnam: a delegation arrives (đoàn vào) or aid is received.
    In,
    /// Out of Vietnam: a delegation leaves (đoàn ra) or aid is given.
    Out,
    /// Within Vietnam.
    Domestic,
    /// Held online.
    Online,
}

/// The precision of a number as stated in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::quantity::Qualifier")]
pub(crate) enum Qualifier {
    /// Exactly the number.
    Exact,
    /// The number or more.
    AtLeast,
    /// More than the number (hơn).
    MoreThan,
    /// Nearly the number (gần).
    Nearly,
    /// About the number (khoảng).
    About,
    /// Between two bounds, both inclusive.
    Range,
    /// A rank: among the first of that number.
    Top,
    /// An amount without a number, for example "dozens".
    Unquantified,
}

/// A vocabulary of terms that the ministry maintains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::reference::Vocabulary")]
pub(crate) enum Vocabulary {
    /// Fields of cooperation, for example `TRADE_SERVICES`.
    Field,
    /// Forms of agreements, for example `MOU`.
    AgreementForm,
    /// Kinds of events, for example `DELEGATION_VISIT`.
    EventKind,
    /// Administrative levels of localities abroad, for example `PREFECTURE`.
    PartnerLevel,
    /// Kinds of organizations, for example `ASSOCIATION`.
    OrganizationKind,
    /// Kinds of programmes, for example `SCHOLARSHIP`.
    ProgrammeKind,
    /// Indicators of reported figures, for example `total_agreements`.
    Indicator,
}

/// The kind of an administrative unit of the first tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::unit::UnitKind")]
pub(crate) enum UnitKind {
    /// A province (tỉnh).
    Province,
    /// A centrally run city (thành phố trực thuộc Trung ương).
    City,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::page::Sorting")]
pub(crate) enum SortDirection {
    /// The smallest, earliest or alphabetically first value first.
    #[graphql(name = "ASC")]
    Ascending,
    /// The greatest, latest or alphabetically last value first.
    #[graphql(name = "DESC")]
    Descending,
}
