//! The root type `Query`, composed of one object for each subject; the schema has their fields in
//! this order.

mod access;
mod entries;
mod objects;
mod places;
mod register;

use access::AccessQueries;
use async_graphql::MergedObject;
use entries::EntryQueries;
use objects::ObjectQueries;
use places::PlaceQueries;
use register::RegisterQueries;

/// The queries of the register. A caller without a token sees published data only.
#[derive(MergedObject)]
pub(crate) struct Query(ObjectQueries, PlaceQueries, EntryQueries, RegisterQueries, AccessQueries);

impl Query {
    /// The root of queries.
    pub(crate) const ROOT: Self =
        Self(ObjectQueries, PlaceQueries, EntryQueries, RegisterQueries, AccessQueries);
}
