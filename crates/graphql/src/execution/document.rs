//! The cache of parsed documents, with statistics of their executions.

use super::flat_document::FlatDocument;
use super::variables::{name_of, omit_variables};
use super::{ErrorCode, RequestedDocument, ResponseOutcome};
use crate::guard::{self, GuardError, Rule};
use crate::schema_types::{SchemaTypes, TYPES};
use crate::validation::{self, OperationUsages, VariableUsages};
use async_graphql_parser::Pos;
use async_graphql_parser::types::ExecutableDocument;
use async_graphql_value::Name;
use caunoi_cache::{BoundedCache, Weigh};
use caunoi_metrics::{Stage, StageTimer};
use caunoi_texts::ApiText;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The largest memory of the cache in bytes.
const MAX_BYTES: u64 = 16 * 1_024 * 1_024;
/// Bytes of memory of a parsed document for each byte of its text, about at most: a name of one
/// letter becomes a field with its location, alias, arguments and selection.
const BYTES_PER_TEXT_BYTE: usize = 110;
/// Bytes of memory of an entry apart from that.
const ENTRY_OVERHEAD_BYTES: usize = 512;

/// The parsed documents, by their text. The key is the text itself, not a hash, so two documents
/// never collide.
///
/// A cached document skips the guard, the parser and validation.
pub(crate) struct DocumentCache {
    documents: BoundedCache<Arc<str>, ParsedDocument>,
    types: &'static SchemaTypes,
}

/// The error of a text that is not an executable document. Apart from `ApiError`, the error of
/// resolvers, because it has locations in the document and usually an English message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DocumentError {
    /// The public error code.
    pub(crate) code: ErrorCode,
    /// The public message in English: the rule and, if there is one, a remedy.
    pub(crate) message: String,
    /// The error in the language of the recipient: its details, and its message if `message` is empty.
    pub(crate) text: Option<Box<ApiText>>,
    /// The locations in the document; empty for rules about the whole document.
    pub(crate) locations: Vec<Pos>,
    /// Whether the document exceeds a limit of the guard.
    pub(crate) is_over_limit: bool,
}

impl DocumentError {
    /// Creates an error with an English message, without locations.
    pub(crate) fn bad_input(message: String) -> Self {
        let code = ErrorCode::BadInput;
        Self { code, message, text: None, locations: Vec::new(), is_over_limit: false }
    }
}

impl From<GuardError> for DocumentError {
    fn from(error: GuardError) -> Self {
        let code = match error.rule {
            Rule::Selections | Rule::Aliases | Rule::Depth => ErrorCode::CostExceeded,
            Rule::Syntax
            | Rule::Length
            | Rule::Brackets
            | Rule::Tokens
            | Rule::Ignored
            | Rule::Name
            | Rule::Nesting
            | Rule::Directives
            | Rule::Cycle
            | Rule::TypeDefinition
            | Rule::AnonymousOperation
            | Rule::OperationNames
            | Rule::FragmentNames
            | Rule::InputFieldNames => ErrorCode::BadInput,
        };
        let locations = error.location.map(Pos::from).into_iter().collect();
        let is_over_limit = error.rule.is_limit();
        Self { code, locations, is_over_limit, ..Self::bad_input(error.message()) }
    }
}

/// Returns the outcome of a request whose document breaks a rule: the text was not parsed, or it is
/// a document that breaks a rule of validation.
fn outcome_of(rule: Rule) -> ResponseOutcome {
    match rule {
        Rule::Syntax | Rule::Length | Rule::Brackets | Rule::Tokens | Rule::Ignored | Rule::Name => {
            ResponseOutcome::Unparsable
        }
        Rule::Selections
        | Rule::Depth
        | Rule::Nesting
        | Rule::Aliases
        | Rule::Directives
        | Rule::Cycle
        | Rule::TypeDefinition
        | Rule::AnonymousOperation
        | Rule::OperationNames
        | Rule::FragmentNames
        | Rule::InputFieldNames => ResponseOutcome::Invalid,
    }
}

/// A document that passed the guard and validation. Clones share their data.
#[derive(Clone)]
pub(crate) struct ParsedDocument(Arc<DocumentEntry>);

struct DocumentEntry {
    parsed: ExecutableDocument,
    usages: VariableUsages,
    flat: Option<FlatDocument>,
    /// The duration of its last execution in microseconds; 0 before the first.
    last_duration_us: AtomicU64,
    has_read_caller: AtomicBool,
}

impl Default for DocumentCache {
    fn default() -> Self {
        Self::new(&TYPES)
    }
}

impl DocumentCache {
    /// Creates an empty cache of documents for a schema with these types.
    pub(crate) fn new(types: &'static SchemaTypes) -> Self {
        Self { documents: BoundedCache::new(MAX_BYTES, 16 * 1_024), types }
    }

    /// Returns the types of the schema.
    pub(crate) fn types(&self) -> &'static SchemaTypes {
        self.types
    }

    /// Whether a request with this document needs no parser: its text is in the cache, or it is a
    /// trusted document, of which there are few.
    pub(crate) fn is_known(&self, document: &RequestedDocument) -> bool {
        match document {
            RequestedDocument::Own(text) | RequestedDocument::Text(text, _) => {
                self.documents.find(text.as_str()).is_some()
            }
            RequestedDocument::Id(_) => true,
        }
    }

    /// Returns the document of a text, parsed if it is not in the cache.
    ///
    /// # Errors
    /// Returns the outcome of the request and at least one [`DocumentError`] if the document is
    /// refused: it cannot be parsed, or is invalid. Refused texts are not cached.
    pub(crate) fn read(&self, text: &str) -> Result<ParsedDocument, (ResponseOutcome, Vec<DocumentError>)> {
        if let Some(known) = self.documents.find(text) {
            caunoi_metrics::count_document(true);
            return Ok(known);
        }
        caunoi_metrics::count_document(false);
        let _timer = StageTimer::begin(Stage::Guard);
        let _span = tracing::debug_span!("guard").entered();
        let (last_duration_us, has_read_caller) = (AtomicU64::new(0), AtomicBool::new(false));
        let mut parsed = guard::check(text).map_err(|error| (outcome_of(error.rule), vec![error.into()]))?;
        let usages =
            validation::check(&parsed, self.types).map_err(|errors| (ResponseOutcome::Invalid, errors))?;
        validation::flatten_subscriptions(&mut parsed);
        let flat = FlatDocument::of(&parsed);
        let known = ParsedDocument(Arc::new(DocumentEntry {
            parsed,
            usages,
            flat,
            last_duration_us,
            has_read_caller,
        }));
        self.documents.insert(text.into(), known.clone());
        Ok(known)
    }
}

impl ParsedDocument {
    /// Returns the parsed document.
    pub(crate) fn parsed(&self) -> &ExecutableDocument {
        &self.0.parsed
    }

    /// Returns the name of an operation, also if the request does not state it; none if it has none.
    pub(super) fn operation_name(&self, requested: Option<&str>) -> Option<Name> {
        name_of(&self.0.parsed.operations, requested)
    }

    /// Returns how an operation uses its variables; none if there is no such operation.
    pub(crate) fn find_usages(&self, operation: Option<&str>) -> Option<&OperationUsages> {
        self.0.usages.find(name_of(&self.0.parsed.operations, operation).as_ref())
    }

    /// Returns a copy for the engine to execute an operation with these variables absent.
    pub(crate) fn for_engine(&self, operation: Option<&str>, absent: &HashSet<Name>) -> ExecutableDocument {
        let mut document = self.0.parsed.clone();
        if !absent.is_empty() {
            omit_variables(&mut document, operation, absent, &self.0.usages);
        }
        document
    }

    /// Returns the marker of a flat document; none if selections of it may be merged.
    pub(crate) fn flat(&self) -> Option<FlatDocument> {
        self.0.flat
    }

    /// Returns the duration of its last execution; none before the first.
    pub(crate) fn last_duration(&self) -> Option<Duration> {
        let us = self.0.last_duration_us.load(Ordering::Relaxed);
        (us > 0).then(|| Duration::from_micros(us))
    }

    /// Whether an execution has read the name of its caller. Then responses to the document depend on
    /// it, so they are neither cached nor given to other callers.
    pub(crate) fn has_read_caller(&self) -> bool {
        self.0.has_read_caller.load(Ordering::Relaxed)
    }

    /// Records an execution, and whether it has read the name of its caller.
    pub(crate) fn record_execution(&self, duration: Duration, has_read_caller: bool) {
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.0.last_duration_us.store(us.max(1), Ordering::Relaxed);
        if has_read_caller {
            self.0.has_read_caller.store(true, Ordering::Relaxed);
        }
    }
}

impl Weigh<Arc<str>> for ParsedDocument {
    fn weight(&self, text: &Arc<str>) -> usize {
        text.len() * (BYTES_PER_TEXT_BYTE + 1) + ENTRY_OVERHEAD_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_one_document() {
        let documents = DocumentCache::default();
        let first = documents.read("{ provinces { slug } }").unwrap();
        assert!(Arc::ptr_eq(&first.0, &documents.read("{ provinces { slug } }").unwrap().0));
        assert!(!Arc::ptr_eq(&first.0, &documents.read("{ provinces { name } }").unwrap().0));
        assert!(documents.read("{").is_err());
        assert!(documents.read("{").is_err());
    }

    #[test]
    fn cache_stays_within_its_bytes() {
        let documents = DocumentCache::default();
        for number in 0..3_000 {
            let text = format!("query Q{number} {{ provinces {{ {} }} }}", "name ".repeat(200));
            documents.read(&text).unwrap();
            assert!(documents.documents.size().1 <= MAX_BYTES);
        }
        assert!(documents.documents.size().0 < 3_000);
    }
}
