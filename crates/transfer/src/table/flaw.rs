//! What is wrong with a file, and where.

use std::fmt;

/// The most flaws that the text of [`Flaws`] spells out.
const SHOWN: usize = 20;

/// One thing that is wrong in one place of one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The name of the file.
    pub file: String,
    /// The line on which the row begins; the header stands on line 1.
    pub line: u64,
    /// The column; blank where the whole row is meant.
    pub column: String,
    /// What is wrong, to be read after the column.
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

/// Everything that is wrong with a set of files, to be mended in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Adds a flaw.
    pub fn note(&mut self, flaw: Flaw) {
        self.0.push(flaw);
    }

    /// The value where there is one, else its flaw is added.
    pub fn keep<T>(&mut self, outcome: Result<T, Flaw>) -> Option<T> {
        outcome.map_err(|flaw| self.note(flaw)).ok()
    }

    /// The same, with the usual value in place of a missing one: so a row with a flaw can still
    /// be pointed at, and one flaw does not breed others.
    pub fn value<T: Default>(&mut self, outcome: Result<T, Flaw>) -> T {
        self.keep(outcome).unwrap_or_default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[Flaw] {
        &self.0
    }

    /// The value where nothing is wrong.
    ///
    /// # Errors
    /// The flaws, each once, by file and line.
    pub fn settle<T>(mut self, value: T) -> Result<T, Self> {
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
