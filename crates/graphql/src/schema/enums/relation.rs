//! Relations and organizations.

use async_graphql::Enum;

/// How close a relation is, as its source calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::relation::RelationTier")]
pub(crate) enum RelationTier {
    /// Twinned (kết nghĩa).
    Sister,
    /// Friendly (hữu nghị).
    Friendship,
    /// Cooperation (hợp tác).
    Cooperation,
    /// Twinned across a land border (kết nghĩa hai bên biên giới).
    BorderTwin,
    /// Between Party committees (kênh Đảng).
    PartyToParty,
    /// Between two bodies, such as women’s unions.
    OrganizationTwin,
    /// Around one project.
    Project,
    /// Contacts only.
    Contact,
}

/// The state of a relation on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::RelationStatus")]
pub(crate) enum RelationStatus {
    /// Under discussion.
    Proposed,
    /// Standing.
    Active,
    /// Standing, but without linked activity for 24 months.
    Dormant,
    /// Ended.
    Ended,
    /// The sources do not say.
    Unknown,
}

/// How far an organization has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::organization::OrganizationStage")]
pub(crate) enum OrganizationStage {
    /// A committee prepares it (ban vận động).
    Committee,
    /// It exists.
    Established,
    /// It rests.
    Suspended,
    /// It was dissolved.
    Dissolved,
}
