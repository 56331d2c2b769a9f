//! Rules of the specification that the engine does not hold. Each document is checked once, when it
//! is read; the engine checks its own rules whenever it executes.

use crate::answer::Code;
use crate::types::Types;
use async_graphql_parser::Pos;
use async_graphql_parser::types::ExecutableDocument;

mod merging;

/// Why a document is not executed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// What clients act on.
    pub(crate) code: Code,
    /// What is wrong, where, and what to do.
    pub(crate) message: String,
    /// The places in the document.
    pub(crate) places: Vec<Pos>,
}

/// Checks a document that has passed the guard.
///
/// # Errors
/// [`Invalid`] names the first rule that the document breaks.
pub(crate) fn check(document: &ExecutableDocument, types: &Types) -> Result<(), Invalid> {
    merging::check(document, types).map(|_steps| ())
}

/// As much of a name of the document as a message shows.
fn shown(name: &str) -> &str {
    const MOST: usize = 40;
    name.get(..MOST).unwrap_or(name)
}
