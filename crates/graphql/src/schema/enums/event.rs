//! Events.

use async_graphql::Enum;

/// How people took part in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventMode")]
pub(crate) enum EventMode {
    /// At the place (trực tiếp).
    InPerson,
    /// On line (trực tuyến).
    Online,
    /// Some at the place, some on line.
    Hybrid,
}

/// The rank of the highest who took part in an event, on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventLevel")]
pub(crate) enum EventLevel {
    /// Leaders of Party, State, parliament or government.
    StateLeader,
    /// Ministers and their deputies.
    Minister,
    /// Leaders of a province, or of a locality abroad.
    ProvinceLeader,
    /// Heads of departments and the like.
    Department,
    /// Experts and staff.
    Working,
}
