//! Documents that were read before: what each of them is, and what it was like to answer it.

use super::flat::Flat;
use super::variables::{OperationUsages, VariableUsages, leave_out, name_of};
use crate::guard::{self, Refused};
use crate::types::TYPES;
use crate::validation::{self, Invalid};
use async_graphql_parser::types::ExecutableDocument;
use async_graphql_value::Name;
use caunoi_metrics::{Stage, Timer};
use caunoi_register::{Memo, Weigh};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How much memory documents may take.
const MOST_BYTES: u64 = 16 * 1_024 * 1_024;
/// What a parsed document takes in memory for each byte of its text, at most about: a name of one
/// letter becomes a field with its place, its alias, its arguments and its selection.
const GROWTH: usize = 110;
/// What it takes besides.
const OVERHEAD: usize = 512;

/// The documents that were read, by their text. The text itself is compared, so that no two
/// documents are ever taken for one.
///
/// The guard and the parser see each of them once. The engine validates at each execution: it
/// knows no way past that but an extension, and any extension costs more than it would save.
pub(crate) struct Documents(Memo<Arc<str>, Document>);

/// Why a text is no document that can be executed.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// The guard refuses it.
    Refused(Refused),
    /// It breaks a rule of the specification.
    Invalid(Invalid),
}

/// A document that passed the guard and is valid as far as the engine does not check it. Clones are one.
#[derive(Clone)]
pub(crate) struct Document(Arc<Known>);

struct Known {
    parsed: ExecutableDocument,
    usages: VariableUsages,
    flat: Option<Flat>,
    /// How long its last answer took to make, in microseconds; 0 before any was made.
    took_us: AtomicU64,
    is_personal: AtomicBool,
}

impl Default for Documents {
    fn default() -> Self {
        Self(Memo::new(MOST_BYTES, 16 * 1_024))
    }
}

impl Documents {
    /// The document of a text.
    ///
    /// # Errors
    /// It is refused. Nothing is remembered of what is refused: whoever sends junk sends other junk
    /// next time.
    pub(crate) fn read(&self, text: &str) -> Result<Document, Unfit> {
        if let Some(known) = self.0.find(text) {
            caunoi_metrics::document(true);
            return Ok(known);
        }
        caunoi_metrics::document(false);
        let _timer = Timer::begin(Stage::Guard);
        let _span = tracing::debug_span!("guard").entered();
        let (took_us, is_personal) = (AtomicU64::new(0), AtomicBool::new(false));
        let parsed = guard::check(text).map_err(Unfit::Refused)?;
        validation::check(&parsed, &TYPES).map_err(Unfit::Invalid)?;
        let usages = VariableUsages::of(&parsed, &TYPES);
        let flat = Flat::of(&parsed);
        let known = Document(Arc::new(Known { parsed, usages, flat, took_us, is_personal }));
        self.0.keep(text.into(), known.clone());
        Ok(known)
    }
}

impl Document {
    /// As it was read.
    pub(crate) fn parsed(&self) -> &ExecutableDocument {
        &self.0.parsed
    }

    /// How an operation uses its variables.
    pub(crate) fn usages_of(&self, operation: Option<&str>) -> Option<&OperationUsages> {
        self.0.usages.find(name_of(&self.0.parsed.operations, operation).as_ref())
    }

    /// A copy as the engine wants it, for an operation with these variables absent.
    pub(crate) fn for_engine(&self, operation: Option<&str>, absent: &HashSet<Name>) -> ExecutableDocument {
        let mut document = self.0.parsed.clone();
        if !absent.is_empty() {
            leave_out(&mut document, operation, absent, &self.0.usages);
        }
        document
    }

    /// Whether no two of its selections become one.
    pub(crate) fn flat(&self) -> Option<Flat> {
        self.0.flat
    }

    /// How long its last answer took to make; none before any was made.
    pub(crate) fn took(&self) -> Option<Duration> {
        let us = self.0.took_us.load(Ordering::Relaxed);
        (us > 0).then(|| Duration::from_micros(us))
    }

    /// Whether its answers are one person's alone, as far as is known.
    pub(crate) fn is_personal(&self) -> bool {
        self.0.is_personal.load(Ordering::Relaxed)
    }

    /// Notes what it was like to answer it.
    pub(crate) fn note(&self, took: Duration, is_personal: bool) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0.took_us.store(us.max(1), Ordering::Relaxed);
        if is_personal {
            self.0.is_personal.store(true, Ordering::Relaxed);
        }
    }
}

impl Weigh<Arc<str>> for Document {
    fn weight(&self, text: &Arc<str>) -> usize {
        text.len() * (GROWTH + 1) + OVERHEAD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_and_another_is_another_document() {
        let documents = Documents::default();
        let first = documents.read("{ a }").unwrap();
        assert!(Arc::ptr_eq(&first.0, &documents.read("{ a }").unwrap().0));
        assert!(!Arc::ptr_eq(&first.0, &documents.read("{ b }").unwrap().0));
        assert!(documents.read("{").is_err());
        assert!(documents.read("{").is_err());
    }

    #[test]
    fn documents_never_take_more_than_their_bytes() {
        let documents = Documents::default();
        for number in 0..3_000 {
            let text = format!("{{ a{number} {} }}", "name ".repeat(200));
            documents.read(&text).unwrap();
            assert!(documents.0.size().1 <= MOST_BYTES);
        }
        assert!(documents.0.size().0 < 3_000);
    }
}
