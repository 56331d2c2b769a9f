//! Flaws of a file, with their place.

use std::fmt;

/// Limit of the flaws in the text of [`Flaws`].
const SHOWN: usize = 20;

/// One flaw in one place of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The name of the file.
    pub file: String,
    /// The line on which the row starts; the header is line 1.
    pub line: u64,
    /// The column; empty if the flaw concerns the whole row.
    pub column: String,
    /// The reason, to be read after the column.
    pub reason: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, " {}", self.column)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// All flaws of a set of files.
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
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

impl fmt::Display for Flaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            1 => write!(f, "1 flaw")?,
            count => write!(f, "{count} flaws")?,
        }
        for flaw in self.0.iter().take(SHOWN) {
            write!(f, "\n{flaw}")?;
        }
        match self.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Flaws {}
