//! Flaws of a file, with their place.

use caunoi_domain::locale::Locale;
use caunoi_domain::validation::Reason;
use caunoi_texts::FileText;
use std::fmt;

/// Limit of the flaws in the text of [`Flaws`].
const SHOWN: usize = 20;

/// One flaw in one place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The name of the file.
    pub file: String,
    /// The line on which the row starts; the header is line 1.
    pub line: u64,
    /// The column; empty if the flaw concerns the whole row.
    pub column: String,
    /// The reason.
    pub reason: FlawReason,
}

/// What is wrong in a place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawReason {
    /// The domain does not accept the value.
    Content(Box<Reason>),
    /// The file contradicts itself, another file or its schema.
    File(Box<FileText>),
}

impl From<Reason> for FlawReason {
    fn from(reason: Reason) -> Self {
        Self::Content(Box::new(reason))
    }
}

impl From<FileText> for FlawReason {
    fn from(text: FileText) -> Self {
        Self::File(Box::new(text))
    }
}

impl Flaw {
    /// Returns the place and the reason: `events.csv:2 start: There is no day 2022-13-12.`
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let reason = match &self.reason {
            FlawReason::Content(reason) => caunoi_texts::message(reason, locale),
            FlawReason::File(text) => text.text(locale),
        };
        let column = if self.column.is_empty() { String::new() } else { format!(" {}", self.column) };
        format!("{}:{}{column}: {reason}", self.file, self.line)
    }
}

/// All flaws of a set of files. Not one of the errors of the layers: its places are files and lines,
/// and an author of files wants all of them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Adds a flaw.
    pub fn push(&mut self, flaw: Flaw) {
        self.0.push(flaw);
    }

    /// Returns the value, or adds the flaw and returns `None`.
    pub fn collect<T>(&mut self, outcome: Result<T, Flaw>) -> Option<T> {
        outcome.map_err(|flaw| self.push(flaw)).ok()
    }

    /// Returns the value, or adds the flaw and returns the default, so that references to a row
    /// with a flaw do not cause further flaws.
    pub fn value_or_default<T: Default>(&mut self, outcome: Result<T, Flaw>) -> T {
        self.collect(outcome).unwrap_or_default()
    }

    /// Returns the number of flaws.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there is no flaw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all flaws.
    #[must_use]
    pub fn as_slice(&self) -> &[Flaw] {
        &self.0
    }

    /// Returns the value if there is no flaw.
    ///
    /// # Errors
    /// Returns the flaws without duplicates, by file and line.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_cached_key(|flaw| {
            (flaw.file.clone(), flaw.line, flaw.column.clone(), flaw.text(Locale::En))
        });
        self.0.dedup();
        Err(self)
    }
}

impl Flaws {
    /// Returns the number of flaws and the first of them, one in a line.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let mut lines = vec![FileText::Flaws { count: self.len() }.text(locale)];
        lines.extend(self.0.iter().take(SHOWN).map(|flaw| flaw.text(locale)));
        match self.len().saturating_sub(SHOWN) {
            0 => {}
            count => lines.push(FileText::MoreFlaws { count }.text(locale)),
        }
        lines.join("\n")
    }
}

/// For logs and tests, in English.
impl fmt::Display for Flaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Locale::En))
    }
}

impl std::error::Error for Flaws {}
