//! Events.

use async_graphql::Enum;

/// The form of participation in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventMode")]
pub(crate) enum EventMode {
    /// In person (trực tiếp).
    InPerson,
    /// Online (trực tuyến).
    Online,
    /// Partly in person and partly online.
    Hybrid,
}

/// The rank of the highest participant of an event, of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventRank")]
pub(crate) enum EventRank {
    /// A leader of the Party, the State, the parliament or the government.
    StateLeader,
    /// A minister or deputy minister.
    Minister,
    /// A leader of a province or of a locality abroad.
    ProvinceLeader,
    /// A head of a department or an official of similar rank.
    Department,
    /// Experts and staff.
    Working,
}
