//! What entries of all kinds have in common.

use async_graphql::Enum;

/// The three pillars of diplomacy.
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

/// How far an entry has come on its way to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Publication")]
pub(crate) enum Publication {
    /// Seen by its province alone.
    Draft,
    /// Seen by its province and the ministry.
    Submitted,
    /// Seen by all.
    Published,
    /// Taken back for good.
    Withdrawn,
}

/// Which way something goes, seen from Vietnam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Direction")]
pub(crate) enum Direction {
    /// Into Vietnam: guests come (đoàn vào), aid is received.
    In,
    /// Out of Vietnam: a delegation leaves (đoàn ra), aid is given.
    Out,
    /// Within Vietnam.
    Domestic,
    /// Held on line.
    Online,
}

/// How exact a number is, as its source states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::quantity::Qualifier")]
pub(crate) enum Qualifier {
    /// Just so many.
    Exact,
    /// So many or more.
    AtLeast,
    /// More than so many (hơn).
    MoreThan,
    /// Almost so many (gần).
    Nearly,
    /// Around so many (khoảng).
    About,
    /// Between two bounds.
    Range,
    /// A place among the first so many.
    Top,
    /// Some; the source gives no number.
    Unquantified,
}

/// A list of terms that policy owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::reference::Vocabulary")]
pub(crate) enum Vocabulary {
    /// Fields of cooperation.
    Field,
    /// Forms of agreements.
    AgreementForm,
    /// Kinds of events.
    EventKind,
    /// Levels of partner localities.
    PartnerLevel,
    /// Kinds of organizations.
    OrganizationKind,
    /// Kinds of programmes.
    ProgrammeKind,
    /// Indicators of reported figures.
    Indicator,
}

/// What a unit of the first administrative tier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::unit::UnitKind")]
pub(crate) enum UnitKind {
    /// A province (tỉnh).
    Province,
    /// A centrally run city (thành phố trực thuộc Trung ương).
    City,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::page::Sorting")]
pub(crate) enum SortDirection {
    /// From the least.
    #[graphql(name = "ASC")]
    Ascending,
    /// From the greatest.
    #[graphql(name = "DESC")]
    Descending,
}
