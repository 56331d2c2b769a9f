//! The estimated bytes of leaf values in a response.

use super::output_types::OutputTypes;
use async_graphql_parser::types::Field;

/// The bytes of an object that one unit covers.
pub(super) const BYTES_OF_A_UNIT: u64 = 512;
/// The typical number of members of a list of texts.
const MEMBERS: u64 = 3;
/// The typical bytes of a number, an enum value and other short values.
const SHORT: u64 = 20;

/// The typical bytes of texts in JSON, by the name of their field.
const TEXTS: [(&str, u64); 24] = [
    ("address", 100),
    ("cursor", 170),
    ("definition", 200),
    ("description", 200),
    ("document", 200),
    ("endCursor", 100),
    ("filter", 80),
    ("highlights", 100),
    ("legalBasis", 80),
    ("message", 150),
    ("name", 40),
    ("note", 150),
    ("otherTitle", 100),
    ("outcomeProjects", 80),
    ("partnerName", 60),
    ("place", 40),
    ("quote", 150),
    ("reason", 150),
    ("response", 100),
    ("sha256", 70),
    ("startCursor", 100),
    ("text", 60),
    ("title", 110),
    ("url", 100),
];

/// Returns the estimated bytes of a field without a selection, its name included.
pub(super) fn of_leaf(field: &Field, ty: &str) -> u64 {
    let types = OutputTypes::of_schema();
    let name = field.name.node.as_str();
    let returned = types.field(ty, name);
    let value = match returned.map(|field| field.name.as_str()) {
        Some("Int" | "Float" | "Boolean" | "LocalDate" | "CountryCode" | "CurrencyCode") => SHORT,
        Some(closed) if types.is_enum(closed) => SHORT,
        Some("ID") => 2 * SHORT,
        _ => TEXTS.iter().find(|(text, _)| *text == name).map_or(SHORT, |(_, bytes)| *bytes),
    };
    let members = if returned.is_some_and(|field| field.is_list) { MEMBERS } else { 1 };
    value * members + of_name(field)
}

/// Returns the bytes of a response name, with its quotation marks, colon and comma.
pub(super) fn of_name(field: &Field) -> u64 {
    u64::try_from(field.response_key().node.len()).unwrap_or(u64::MAX).saturating_add(4)
}
