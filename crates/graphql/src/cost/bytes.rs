//! The estimated bytes of leaf values in a response.

use crate::schema_types::{OutputField, named};
use async_graphql_parser::types::Field;

/// The bytes of an object that one unit covers.
pub(super) const BYTES_OF_A_UNIT: u64 = 512;
/// The typical bytes of a number, an enum value and other short values.
const SHORT: u64 = 20;
/// The typical bytes of a global id.
const ID: u64 = 40;

/// Returns the estimated bytes of a field without a selection, its name included.
pub(super) fn of_leaf(field: &Field, returned: Option<&OutputField>) -> u64 {
    let value = returned.map_or(SHORT, |returned| {
        let short = if named(&returned.ty) == "ID" { ID } else { SHORT };
        let members = returned.cost.list_size.as_ref().map_or(1, |list| list.assumed);
        returned.cost.text_bytes.unwrap_or(short).saturating_mul(members)
    });
    value + of_name(field)
}

/// Returns the bytes of a response name, with its quotation marks, colon and comma.
pub(super) fn of_name(field: &Field) -> u64 {
    u64::try_from(field.response_key().node.len()).unwrap_or(u64::MAX).saturating_add(4)
}
