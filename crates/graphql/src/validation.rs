//! Validation rules of the specification that the engine lacks. Each document is checked once, when
//! it is parsed; the engine checks its own rules at each execution.

use crate::execution::DocumentError;
use crate::schema_types::SchemaTypes;
use async_graphql_parser::types::ExecutableDocument;

mod overlapping_fields;

/// Validates a document that has passed the guard.
///
/// # Errors
/// Returns [`DocumentError`] for the first rule that the document breaks.
pub(crate) fn check(document: &ExecutableDocument, types: &SchemaTypes) -> Result<(), DocumentError> {
    overlapping_fields::check(document, types).map(|_steps| ())
}

/// Returns the part of a name of the document that a message shows.
fn shown(name: &str) -> &str {
    const MAX_BYTES: usize = 40;
    name.get(..MAX_BYTES).unwrap_or(name)
}
