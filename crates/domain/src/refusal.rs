//! What the register refuses, and what the caller can do about it.

pub mod candidate;

use crate::entry::Publication;
use crate::policy::Action;
use candidate::Candidate;
use std::fmt;

/// One closed list of reasons; each tells the caller how to mend the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A value that must be given is absent or blank.
    #[error("is required")]
    Required,
    /// A value that cannot be read; the text says what was expected.
    #[error("{0}")]
    Invalid(String),
    /// A text longer than its bound, in characters.
    #[error("is too long: at most {most} characters, {given} given")]
    TooLong {
        /// The bound in characters.
        most: usize,
        /// What was given, in characters.
        given: usize,
    },
    /// A list with more members than its bound.
    #[error("is too long: at most {most} members, {given} given")]
    TooMany {
        /// The bound in members.
        most: usize,
        /// How many were given.
        given: usize,
    },
    /// A reference to something that the register does not hold.
    #[error("no {what} is known as \"{given}\"{}", did_you_mean(.candidates))]
    Unknown {
        /// What was looked for, in words of the domain: "locality", "term of FIELD".
        what: &'static str,
        /// What was given, shortened.
        given: String,
        /// Known words that are similar, the most similar first; at most five.
        candidates: Vec<String>,
    },
    /// Another entry bears this code already.
    #[error("\"{0}\" is taken already")]
    Taken(String),
    /// It was changed since the caller read it.
    #[error("was changed since it was read")]
    Outdated,
    /// The act does not begin from the state that the entry is in.
    #[error("cannot be done to a version that is {from}: {action}")]
    Transition {
        /// How far the version has come.
        from: Publication,
        /// What was to be done.
        action: Action,
    },
    /// A URL that the register does not call; the text says why.
    #[error("{0}")]
    UrlRefused(String),
    /// Secret matter never enters the register.
    #[error("is a class of state secrets and may not be entered")]
    SecretMatter,
}

impl Refusal {
    /// A refusal that quotes at most 60 characters of what was given.
    #[must_use]
    pub fn unknown(what: &'static str, given: &str) -> Self {
        Self::Unknown { what, given: shorten(given), candidates: Vec::new() }
    }

    /// A refusal that names the known words most similar to what was given.
    #[must_use]
    pub fn unknown_among<'a>(
        what: &'static str,
        given: &str,
        known: impl Iterator<Item = Candidate<'a>>,
    ) -> Self {
        Self::Unknown { what, given: shorten(given), candidates: candidate::most_similar(given, known) }
    }

    /// An unreadable value, with what was expected and at most 60 characters of what was given.
    #[must_use]
    pub fn unreadable(expected: &str, given: &str) -> Self {
        Self::Invalid(format!("\"{}\" is not {expected}", shorten(given)))
    }
}

/// A refusal and the place it speaks of: a field's path in an input, a column in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Field names from the outside in.
    pub path: Vec<String>,
    /// What is wrong there.
    pub refusal: Refusal,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.join("."), self.refusal)
    }
}

/// Collects every problem of one input, so that the caller mends them in one go.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Keeps the value, or notes at `path` why there is none.
    pub fn take<T>(&mut self, path: &str, outcome: Result<T, Refusal>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.note(path, refusal);
                None
            }
        }
    }

    /// Notes a problem at a path written `outer.inner`.
    pub fn note(&mut self, path: &str, refusal: Refusal) {
        self.0.push(Problem { path: path.split('.').map(str::to_owned).collect(), refusal });
    }

    /// Takes problems over that were found before.
    pub fn join(&mut self, found: &[Problem]) {
        self.0.extend_from_slice(found);
    }

    /// The value where it was made and nothing was noted, else every problem.
    ///
    /// # Errors
    /// All problems noted so far.
    pub fn settle<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
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
