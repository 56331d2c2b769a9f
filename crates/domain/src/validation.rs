//! Validation errors: reasons that the caller can act on.

pub mod candidate;
mod text;

pub use text::parse_text;

use crate::lifecycle::{Action, Publication};
use candidate::Candidate;
use std::fmt;

/// The closed list of reasons; the text of each says how to correct the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A required value is absent or blank.
    #[error("is required")]
    Required,
    /// A value cannot be parsed; the text says what was expected.
    #[error("{0}")]
    Invalid(String),
    /// A text exceeds its limit, in characters.
    #[error("is too long: at most {most} characters, {given} given")]
    TooLong {
        /// The limit in characters.
        most: usize,
        /// The given length in characters.
        given: usize,
    },
    /// A list exceeds its limit, in members.
    #[error("is too long: at most {most} members, {given} given")]
    TooMany {
        /// The limit in members.
        most: usize,
        /// The given number of members.
        given: usize,
    },
    /// A reference that the register cannot resolve.
    #[error("no {what} is known as \"{given}\"{}", did_you_mean(.candidates))]
    Unknown {
        /// The kind of the reference, in domain words: "locality", "term of FIELD".
        what: &'static str,
        /// The given value, truncated to 60 characters.
        given: String,
        /// Similar known words, the most similar first; at most five.
        candidates: Vec<String>,
    },
    /// Another entry has this code.
    #[error("\"{0}\" is taken already")]
    Taken(String),
    /// The expected version is stale: the row changed since the caller read it.
    #[error("was changed since it was read")]
    Outdated,
    /// The action does not start from the publication state of the entry.
    #[error("cannot be done to a version that is {from}: {action}")]
    Transition {
        /// The publication state of the version.
        from: Publication,
        /// The requested action.
        action: Action,
    },
    /// The outbound policy forbids the URL; the text says why.
    #[error("{0}")]
    UrlRefused(String),
    /// The content is a state secret, which the register does not store.
    #[error("is a class of state secrets and may not be entered")]
    SecretMatter,
}

impl Reason {
    /// Returns `Unknown` with at most 60 characters of the given value.
    #[must_use]
    pub fn unknown(what: &'static str, given: &str) -> Self {
        Self::Unknown { what, given: shorten(given), candidates: Vec::new() }
    }

    /// Returns `Unknown` with the known words most similar to the given value.
    #[must_use]
    pub fn unknown_among<'a>(
        what: &'static str,
        given: &str,
        known: impl Iterator<Item = Candidate<'a>>,
    ) -> Self {
        Self::Unknown { what, given: shorten(given), candidates: candidate::most_similar(given, known) }
    }

    /// Returns `Invalid` with the expected form and at most 60 characters of the given value.
    #[must_use]
    pub fn unreadable(expected: &str, given: &str) -> Self {
        Self::Invalid(format!("\"{}\" is not {expected}", shorten(given)))
    }
}

/// A reason and its place: the path of an input field, the column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// Field names from the outside in.
    pub path: Vec<String>,
    /// The reason.
    pub refusal: Reason,
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.join("."), self.refusal)
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
            Err(refusal) => {
                self.note(path, refusal);
                None
            }
        }
    }

    /// Records an error at a path written `outer.inner`.
    pub fn note(&mut self, path: &str, refusal: Reason) {
        self.0.push(ValidationError { path: path.split('.').map(str::to_owned).collect(), refusal });
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

fn did_you_mean(candidates: &[String]) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    format!(" (did you mean {}?)", candidates.join(", "))
}

fn shorten(given: &str) -> String {
    let mut short: String = given.chars().filter(|c| !c.is_control()).take(60).collect();
    if given.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
