//! The error of resolvers.

use crate::execution::ErrorCode;
use async_graphql::{Error, ErrorExtensionValues};
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Denied;
use caunoi_domain::validation::{InvalidReason, Reason};
use caunoi_texts::ApiText;
use std::sync::Arc;

/// A public error of a resolver: a code of the closed list and a text without internal details.
///
/// Invariant: it has no `Display`. async-graphql converts any `Display` error of a `?` into a
/// public message; without it, errors of other crates reach callers only through the conversions
/// below. The message is written where the response leaves, in the language of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    code: ErrorCode,
    text: ErrorText,
    /// The name of the invalid argument, then field names and list indexes within it; empty if the
    /// error is about no argument.
    path: Vec<String>,
}

/// The text of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ErrorText {
    Api(Box<ApiText>),
    Reason(Box<Reason>),
}

impl ApiError {
    fn new(code: ErrorCode, text: ApiText) -> Self {
        Self { code, text: ErrorText::Api(Box::new(text)), path: Vec::new() }
    }

    /// An invalid request.
    pub(crate) fn bad_input(text: ApiText) -> Self {
        Self::new(ErrorCode::BadInput, text)
    }

    /// A row refers to reference data that this node does not have. Logs an error.
    pub(crate) fn missing(what: &str) -> Self {
        tracing::error!(what, "row refers to reference data that this node does not have");
        Self::new(ErrorCode::Internal, ApiText::RegisterFailed)
    }

    /// The register is unavailable at present.
    pub(crate) fn unavailable() -> Self {
        Self::new(ErrorCode::Unavailable, ApiText::Unreadable)
    }

    /// An invalid argument.
    pub(crate) fn argument(name: &str, reason: Reason) -> Self {
        Self::at([name.to_owned()], reason)
    }

    /// An invalid part of an argument. `path` contains field names and list indexes, the outermost
    /// first.
    pub(crate) fn at(path: impl Into<Vec<String>>, reason: Reason) -> Self {
        Self { path: path.into(), ..reason.into() }
    }

    /// Prepends names and indexes to the path of an invalid argument. Other errors stay as they
    /// are.
    pub(crate) fn under(mut self, outer: impl IntoIterator<Item = String>) -> Self {
        if !self.path.is_empty() {
            drop(self.path.splice(0..0, outer));
        }
        self
    }

    /// Returns whether the error is about a cursor that this register has not signed for its place.
    pub(crate) fn is_about_cursor(&self) -> bool {
        let foreign = [InvalidReason::ForeignPageCursor, InvalidReason::ForeignCursor].map(Reason::from);
        matches!(&self.text, ErrorText::Reason(reason) if foreign.contains(reason))
    }

    /// Returns the message: the path, if there is one, and the text.
    pub(crate) fn message(&self, locale: Locale) -> String {
        let text = match &self.text {
            ErrorText::Api(text) => text.text(locale),
            ErrorText::Reason(reason) => caunoi_texts::message(reason, locale),
        };
        if self.path.is_empty() { text } else { format!("{}: {text}", self.path.join(".")) }
    }

    /// Returns the extensions: code, path, and for an unknown word the word and its candidates.
    fn extensions(&self) -> ErrorExtensionValues {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code.as_str());
        if self.path.is_empty() {
            return extensions;
        }
        extensions.set("path", self.path.clone());
        if let ErrorText::Reason(reason) = &self.text
            && let Reason::Unknown { given, candidates, .. } = reason.as_ref()
        {
            extensions.set("word", given.clone());
            extensions.set("candidates", candidates.clone());
        }
        extensions
    }
}

impl From<Reason> for ApiError {
    fn from(reason: Reason) -> Self {
        let text = ErrorText::Reason(Box::new(reason));
        Self { code: ErrorCode::BadInput, text, path: Vec::new() }
    }
}

impl From<caunoi_register::Error> for ApiError {
    fn from(error: caunoi_register::Error) -> Self {
        match error {
            caunoi_register::Error::Refused(reason) => reason.into(),
            caunoi_register::Error::Denied(denied) => {
                let code = match denied {
                    Denied::Unknown => ErrorCode::Unauthenticated,
                    Denied::Forbidden(_) => ErrorCode::Forbidden,
                };
                Self::new(code, denied.into())
            }
            caunoi_register::Error::Unavailable(source) => {
                tracing::warn!(%source, "the database did not answer");
                Self::unavailable()
            }
            caunoi_register::Error::Overloaded => Self::new(ErrorCode::Overloaded, ApiText::Overloaded),
            caunoi_register::Error::Broken(source) => {
                tracing::error!(%source, "the register is broken");
                Self::new(ErrorCode::Internal, ApiText::RegisterFailed)
            }
        }
    }
}

/// The engine carries the error itself along; its message here is for the log.
impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self {
            message: error.message(Locale::En),
            extensions: Some(error.extensions()),
            source: Some(Arc::new(error)),
        }
    }
}
