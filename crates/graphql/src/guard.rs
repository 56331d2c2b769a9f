//! The document guard: what every document passes before the engine sees it, on every transport.
//!
//! The engine walks fragment spreads without memory before any of its own limits apply, so a few
//! hundred bytes keep it busy for hours. The guard therefore weighs the document first: a linear
//! scan ([`tokens`]), one parse, then a weight per fragment that is computed once ([`shape`]).
//!
//! Invariant: nothing here recurses deeper than [`MAX_BRACKETS`], whatever the sender writes.

use async_graphql_parser::{parse_query, types::ExecutableDocument};

mod shape;
mod tokens;

/// Bytes of the whole document; an HTTP body cannot hold more.
pub const MAX_BYTES: usize = 256 * 1_024;
/// Brackets of any kind open at one place; bounds the recursion of the parser too.
pub const MAX_BRACKETS: usize = 64;
/// Lexical tokens in the whole document, comments apart.
pub const MAX_TOKENS: usize = 4_000;
/// Bytes of spaces, line ends, commas and comments, which the parser reads several times over.
pub const MAX_IGNORED_BYTES: usize = 64 * 1_024;
/// Bytes of one name.
pub const MAX_NAME_BYTES: usize = 200;
/// Selections of all operations together, each fragment counted wherever it is spread.
pub const MAX_SELECTIONS: usize = 2_000;
/// The same, over all fragment definitions: validation walks them even where nothing spreads them.
pub const MAX_FRAGMENT_SELECTIONS: usize = 10_000;
/// Fields inside fields. The usual introspection document needs exactly this many.
pub const MAX_DEPTH: usize = 15;
/// Selection sets inside each other, fragments included; the engine refuses more as well.
pub const MAX_NESTING: usize = 32;
/// Aliases in all operations together, each fragment counted wherever it is spread.
pub const MAX_ALIASES: usize = 50;
/// Directives on one field, fragment, variable or operation.
pub const MAX_DIRECTIVES: usize = 20;

/// Why a document is not executed; its text never quotes the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Which rule the document breaks.
    pub rule: Rule,
    /// Where, if the rule has a place.
    pub place: Option<Place>,
}

/// A place in a document, both numbers from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The rules of the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The text is no GraphQL document.
    Syntax,
    /// More than [`MAX_BYTES`].
    Length,
    /// More than [`MAX_BRACKETS`].
    Brackets,
    /// More than [`MAX_TOKENS`].
    Tokens,
    /// More than [`MAX_IGNORED_BYTES`].
    Ignored,
    /// A name longer than [`MAX_NAME_BYTES`].
    Name,
    /// More than [`MAX_SELECTIONS`] or [`MAX_FRAGMENT_SELECTIONS`].
    Selections,
    /// Deeper than [`MAX_DEPTH`].
    Depth,
    /// Deeper than [`MAX_NESTING`].
    Nesting,
    /// More than [`MAX_ALIASES`].
    Aliases,
    /// More than [`MAX_DIRECTIVES`].
    Directives,
    /// A fragment that contains itself.
    Cycle,
}

impl Refused {
    /// The text for the caller: fixed words and our own limits only.
    #[must_use]
    pub fn message(&self) -> String {
        match self.rule {
            Rule::Syntax => "The document is not valid GraphQL.".to_owned(),
            Rule::Length => format!("The document is longer than {MAX_BYTES} bytes."),
            Rule::Brackets => format!("Brackets nest deeper than {MAX_BRACKETS}."),
            Rule::Tokens => format!("The document has more than {MAX_TOKENS} tokens."),
            Rule::Ignored => {
                format!("The document has more than {MAX_IGNORED_BYTES} bytes of space and comments.")
            }
            Rule::Name => format!("A name is longer than {MAX_NAME_BYTES} bytes."),
            Rule::Selections => {
                format!("The document selects more than {MAX_SELECTIONS} fields, fragments expanded.")
            }
            Rule::Depth => format!("Fields nest deeper than {MAX_DEPTH}."),
            Rule::Nesting => format!("Fields and fragments nest deeper than {MAX_NESTING}."),
            Rule::Aliases => format!("The document has more than {MAX_ALIASES} aliases."),
            Rule::Directives => format!("One place has more than {MAX_DIRECTIVES} directives."),
            Rule::Cycle => "A fragment contains itself.".to_owned(),
        }
    }
}

/// Counts the work of one check in steps, which are the same on every machine.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Work {
    /// Bytes that the scan read, each counted as often as it was read.
    scanned: usize,
    /// Bytes that were handed to the parser.
    parsed: usize,
    /// Selections and fragment spreads that were visited to weigh the document.
    weighed: usize,
}

/// Parses a document and checks that it is cheap to validate, in time linear in its length.
///
/// # Errors
///
/// [`Refused`] names the first rule that the document breaks.
pub fn check(document: &str) -> Result<ExecutableDocument, Refused> {
    check_counted(document, &mut Work::default())
}

/// The same as [`check`]; adds the steps that it took to `work`.
fn check_counted(document: &str, work: &mut Work) -> Result<ExecutableDocument, Refused> {
    if document.len() > MAX_BYTES {
        return Err(Refused { rule: Rule::Length, place: None });
    }
    tokens::scan(document, &mut work.scanned)?;
    work.parsed += document.len();
    // The parser's own text quotes the source line, so only its place is kept.
    let parsed = parse_query(document)
        .map_err(|error| Refused { rule: Rule::Syntax, place: error.positions().next().map(Place::from) })?;
    shape::weigh(&parsed, &mut work.weighed)?;
    Ok(parsed)
}

impl From<async_graphql_parser::Pos> for Place {
    fn from(pos: async_graphql_parser::Pos) -> Self {
        Self { line: pos.line, column: pos.column }
    }
}

#[cfg(test)]
mod tests;
