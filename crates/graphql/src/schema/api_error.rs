//! The error of resolvers.

use crate::execution::ErrorCode;
use async_graphql::{Error, ErrorExtensions as _};
use caunoi_domain::policy::Denied;
use caunoi_domain::validation::Reason;

/// A public error of a resolver: a code of the closed list and a message without internal details.
///
/// Invariant: it has no `Display`. async-graphql converts any `Display` error of a `?` into a
/// public message; without it, errors of other crates reach callers only through the conversions
/// below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    code: ErrorCode,
    message: String,
    argument: Option<Box<Argument>>,
}

/// The invalid argument.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Argument {
    /// The name of the argument, then field names and list indexes within it.
    path: Vec<String>,
    /// The unknown word and similar known ones.
    unknown: Option<(String, Vec<String>)>,
}

impl ApiError {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), argument: None }
    }

    /// An invalid request.
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadInput, message)
    }

    /// A row refers to reference data that this node does not have. Logs an error.
    pub(crate) fn missing(what: &str) -> Self {
        tracing::error!(what, "row refers to reference data that this node does not have");
        Self::new(ErrorCode::Internal, "The register failed; the request id names the case.")
    }

    /// The register is unavailable at present.
    pub(crate) fn unavailable() -> Self {
        Self::new(ErrorCode::Unavailable, "The register cannot be read now; try again.")
    }

    /// An invalid argument.
    pub(crate) fn argument(name: &str, refusal: &Reason) -> Self {
        Self::at([name.to_owned()], refusal)
    }

    /// An invalid part of an argument. `path` contains field names and list indexes, the outermost
    /// first.
    pub(crate) fn at(path: impl Into<Vec<String>>, refusal: &Reason) -> Self {
        let unknown = match refusal {
            Reason::Unknown { given, candidates, .. } => Some((given.clone(), candidates.clone())),
            Reason::Required
            | Reason::Invalid(_)
            | Reason::TooLong { .. }
            | Reason::TooMany { .. }
            | Reason::Taken(_)
            | Reason::Outdated
            | Reason::Transition { .. }
            | Reason::UrlRefused(_)
            | Reason::SecretMatter => None,
        };
        let argument = Argument { path: path.into(), unknown };
        Self { argument: Some(Box::new(argument)), ..Self::bad_input(refusal.to_string()) }
    }

    /// Prepends names and indexes to the path of an invalid argument. Other errors stay as they
    /// are.
    pub(crate) fn under(mut self, outer: impl IntoIterator<Item = String>) -> Self {
        if let Some(argument) = &mut self.argument {
            drop(argument.path.splice(0..0, outer));
        }
        self
    }
}

impl From<Reason> for ApiError {
    fn from(refusal: Reason) -> Self {
        Self::bad_input(refusal.to_string())
    }
}

impl From<caunoi_register::Error> for ApiError {
    fn from(error: caunoi_register::Error) -> Self {
        match error {
            caunoi_register::Error::Refused(refusal) => refusal.into(),
            caunoi_register::Error::Denied(denied) => {
                let code = match denied {
                    Denied::Unknown => ErrorCode::Unauthenticated,
                    Denied::Forbidden(_) => ErrorCode::Forbidden,
                };
                Self::new(code, format!("{denied}."))
            }
            caunoi_register::Error::Unavailable(source) => {
                tracing::warn!(%source, "the database did not answer");
                Self::unavailable()
            }
            caunoi_register::Error::Broken(source) => {
                tracing::error!(%source, "the register is broken");
                Self::new(ErrorCode::Internal, "The register failed; the request id names the case.")
            }
        }
    }
}

impl From<ApiError> for Error {
    fn from(fault: ApiError) -> Self {
        let ApiError { code, message, argument } = fault;
        let text = match &argument {
            Some(argument) => format!("{}: {message}", argument.path.join(".")),
            None => message,
        };
        Self::new(text).extend_with(|_, extensions| {
            extensions.set("code", code.as_str());
            let Some(Argument { path, unknown }) = argument.as_deref() else { return };
            extensions.set("path", path.clone());
            if let Some((word, candidates)) = unknown {
                extensions.set("word", word.clone());
                extensions.set("candidates", candidates.clone());
            }
        })
    }
}
