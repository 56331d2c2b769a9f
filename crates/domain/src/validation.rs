//! Validation errors: reasons that the caller can act on. The texts that people read are in the
//! crate `texts`.

pub mod candidate;
mod text;
pub use text::parse_text;
mod reason;
mod word;
pub(crate) use reason::shorten;
pub use reason::{
    InvalidKind, InvalidReason, Reason, ReasonClass, ReasonKind, Rule, RuleKind, RuleReason, UrlKind,
    UrlReason,
};
use std::fmt;
pub use word::{Format, PageArgument, ReferenceKind, WordList, permitted};

/// A reason and its place: the path of an input field, the column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// Field names from the outside in.
    pub path: Vec<String>,
    /// The reason.
    pub reason: Reason,
}

impl ValidationError {
    /// Returns the error at a path.
    #[must_use]
    pub fn new(path: &[&str], reason: Reason) -> Self {
        Self { path: path.iter().map(|part| (*part).to_owned()).collect(), reason }
    }
}

/// For logs and tests.
impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.join("."), self.reason)
    }
}

/// Collects all errors of one input, so that the caller can correct them at once.
#[derive(Debug, Default)]
pub struct ValidationErrors(Vec<ValidationError>);

impl ValidationErrors {
    /// Returns the value, or records the error at `path`.
    pub fn take<T>(&mut self, path: &str, outcome: Result<T, Reason>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(reason) => {
                self.note(path, reason);
                None
            }
        }
    }

    /// Records an error at a path written `outer.inner`.
    pub fn note(&mut self, path: &str, reason: Reason) {
        self.0.push(ValidationError { path: path.split('.').map(str::to_owned).collect(), reason });
    }

    /// Adds errors that were found elsewhere.
    pub fn join(&mut self, found: &[ValidationError]) {
        self.0.extend_from_slice(found);
    }

    /// Returns the value where it exists and no error was recorded.
    ///
    /// # Errors
    /// All recorded errors.
    pub fn settle<T>(self, value: Option<T>) -> Result<T, Vec<ValidationError>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}
