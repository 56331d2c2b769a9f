//! Enums of relations and organizations.

use async_graphql::Enum;

/// The tier of a relation, as named in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::relation::RelationTier")]
pub(crate) enum RelationTier {
    /// A sister relation (kết nghĩa).
    Sister,
    /// A friendship relation (hữu nghị).
    Friendship,
    /// A cooperation relation (hợp tác).
    Cooperation,
    /// A sister relation across a land border (kết nghĩa hai bên biên giới).
    BorderTwin,
    /// A relation between Party committees (kênh Đảng).
    PartyToParty,
    /// A relation between two organizations, for example women’s unions.
    OrganizationTwin,
    /// A relation for one project.
    Project,
    /// Contacts without a formal relation.
    Contact,
}

/// The status of a relation on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::RelationStatus")]
pub(crate) enum RelationStatus {
    /// It is under discussion.
    Proposed,
    /// It is active.
    Active,
    /// It exists but has had no activity for 24 months.
    Dormant,
    /// It has ended.
    Ended,
    /// The sources do not state the status.
    Unknown,
}

/// The stage of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::organization::OrganizationStage")]
pub(crate) enum OrganizationStage {
    /// A committee prepares its foundation (ban vận động).
    Committee,
    /// It is established.
    Established,
    /// Its activity is suspended.
    Suspended,
    /// It is dissolved.
    Dissolved,
}
