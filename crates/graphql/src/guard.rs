//! The document guard: limits that every document must meet before the engine reads it, on every
//! transport.
//!
//! The engine expands fragment spreads again at each use before any of its own limits apply, so a
//! few hundred bytes keep it busy for hours. The guard therefore measures the document first: the
//! tokens ([`tokens`]), their tree ([`parser`]), then the weight of each fragment, computed once
//! ([`shape`]).
//!
//! Invariant: nothing here recurses deeper than [`MAX_BRACKETS`], for any input.

use async_graphql_parser::Pos;
use async_graphql_parser::types::ExecutableDocument;

mod parser;
mod shape;
mod strings;
mod tokens;

/// The most bytes of a document; an HTTP body has the same limit.
pub const MAX_BYTES: usize = 256 * 1_024;
/// The most open brackets of all kinds; limits the recursion of the parser too.
pub const MAX_BRACKETS: usize = 64;
/// The most lexical tokens of a document, without comments.
pub const MAX_TOKENS: usize = 4_000;
/// The most bytes of spaces, line ends, commas and comments.
pub const MAX_IGNORED_BYTES: usize = 64 * 1_024;
/// The most bytes of a name.
pub const MAX_NAME_BYTES: usize = 200;
/// The most selections of all operations together, each fragment counted at each spread.
pub const MAX_SELECTIONS: usize = 2_000;
/// The most selections of all fragment definitions: validation visits unused fragments too.
pub const MAX_FRAGMENT_SELECTIONS: usize = 10_000;
/// The deepest nesting of fields. The usual introspection document needs exactly this depth.
pub const MAX_DEPTH: usize = 15;
/// The deepest nesting of selection sets, fragments included; the engine refuses deeper documents
/// too.
pub const MAX_NESTING: usize = 32;
/// The most aliases of all operations together, each fragment counted at each spread.
pub const MAX_ALIASES: usize = 50;
/// The most directives on one field, fragment, variable or operation.
pub const MAX_DIRECTIVES: usize = 20;

/// The error of a document that breaks a rule of the guard; its message never quotes the document.
/// Apart from `ApiError`, because no resolver runs yet, and a rule is checked by name in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardError {
    /// The broken rule.
    pub rule: Rule,
    /// The location in the document; none for rules about the whole document.
    pub location: Option<SourceLocation>,
}

/// A location in a document; both numbers begin at 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLocation {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The rules of the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The text is not a GraphQL document.
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
    /// A definition of a type, a directive or a schema (`ExecutableDefinitions` of the
    /// specification).
    TypeDefinition,
    /// An anonymous operation with others (`LoneAnonymousOperation`).
    AnonymousOperation,
    /// Two operations of one name (`UniqueOperationNames`).
    OperationNames,
    /// Two fragments of one name (`UniqueFragmentNames`).
    FragmentNames,
    /// Two fields of one name in an input object (`UniqueInputFieldNames`).
    InputFieldNames,
}

impl Rule {
    /// Returns whether the rule limits the size of documents, not their form.
    pub(crate) fn is_limit(self) -> bool {
        match self {
            Self::Length
            | Self::Brackets
            | Self::Tokens
            | Self::Ignored
            | Self::Name
            | Self::Selections
            | Self::Depth
            | Self::Nesting
            | Self::Aliases
            | Self::Directives
            | Self::Cycle => true,
            Self::Syntax
            | Self::TypeDefinition
            | Self::AnonymousOperation
            | Self::OperationNames
            | Self::FragmentNames
            | Self::InputFieldNames => false,
        }
    }
}

impl GuardError {
    /// Returns the public message, which contains fixed text and limits only.
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
            Rule::TypeDefinition => "Definitions of types cannot be executed.".to_owned(),
            Rule::AnonymousOperation => {
                "An operation without a name must be the only one of the document.".to_owned()
            }
            Rule::OperationNames => "Two operations have the same name.".to_owned(),
            Rule::FragmentNames => "Two fragments have the same name.".to_owned(),
            Rule::InputFieldNames => "An input object has two fields of the same name.".to_owned(),
        }
    }
}

/// The steps of one check, which are the same on every machine.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct StepCounts {
    /// Bytes that the scan read, each counted as often as it was read.
    scanned: usize,
    /// Bytes passed to the parser.
    parsed: usize,
    /// Selections and fragment spreads visited to weigh the document.
    weighed: usize,
}

/// Parses a document and checks that it is cheap to validate, in time linear in its length.
///
/// # Errors
///
/// Returns [`GuardError`] for the first rule that the document breaks.
pub fn check(document: &str) -> Result<ExecutableDocument, GuardError> {
    check_counted(document, &mut StepCounts::default())
}

/// The same as [`check`]; adds its steps to `steps`.
fn check_counted(document: &str, steps: &mut StepCounts) -> Result<ExecutableDocument, GuardError> {
    if document.len() > MAX_BYTES {
        return Err(GuardError { rule: Rule::Length, location: None });
    }
    let tokens = tokens::scan(document, &mut steps.scanned)?;
    steps.parsed += document.len();
    let parsed = parser::parse(&tokens)?;
    shape::weigh(&parsed, &mut steps.weighed)?;
    Ok(parsed)
}

impl From<Pos> for SourceLocation {
    fn from(pos: Pos) -> Self {
        Self { line: pos.line, column: pos.column }
    }
}

impl From<SourceLocation> for Pos {
    fn from(location: SourceLocation) -> Self {
        Self { line: location.line, column: location.column }
    }
}

#[cfg(test)]
mod tests;
