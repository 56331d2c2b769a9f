//! What a resolver says when it cannot answer.

use crate::answer::Code;
use async_graphql::{Error, ErrorExtensions as _};
use caunoi_domain::policy::Denied;
use caunoi_domain::refusal::Refusal;

/// A public error: a code of the closed list and a text that tells nothing internal.
///
/// It has no `Display` on purpose: the engine turns whatever has one into a public text, and
/// then a careless `?` would leak. Errors of other rooms reach callers only through the
/// conversions below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    code: Code,
    message: String,
    argument: Option<Box<Argument>>,
}

/// The argument that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Argument {
    /// Field names and indexes in lists, from the name of the argument inwards.
    path: Vec<String>,
    /// The word that the register does not know, and known ones that are similar.
    unknown: Option<(String, Vec<String>)>,
}

impl Fault {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), argument: None }
    }

    /// The request is at fault.
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::new(Code::BadInput, message)
    }

    /// A row points at reference data that this node does not hold.
    pub(crate) fn missing(what: &str) -> Self {
        tracing::error!(what, "a row points at reference data that this node does not hold");
        Self::new(Code::Internal, "The register failed; the request id names the case.")
    }

    /// The register does not answer now.
    pub(crate) fn away() -> Self {
        Self::new(Code::Unavailable, "The register cannot be read now; try again.")
    }

    /// An argument is at fault.
    pub(crate) fn argument(name: &str, refusal: &Refusal) -> Self {
        Self::at([name.to_owned()], refusal)
    }

    /// A part of an argument is at fault: field names and indexes in lists, from the outside in.
    pub(crate) fn at(path: impl Into<Vec<String>>, refusal: &Refusal) -> Self {
        let unknown = match refusal {
            Refusal::Unknown { given, candidates, .. } => Some((given.clone(), candidates.clone())),
            Refusal::Required
            | Refusal::Invalid(_)
            | Refusal::TooLong { .. }
            | Refusal::TooMany { .. }
            | Refusal::Taken(_)
            | Refusal::Outdated
            | Refusal::Transition { .. }
            | Refusal::UrlRefused(_)
            | Refusal::SecretMatter => None,
        };
        let argument = Argument { path: path.into(), unknown };
        Self { argument: Some(Box::new(argument)), ..Self::bad_input(refusal.to_string()) }
    }

    /// The same of a part of something else: its path begins with these names and indexes. What is
    /// no fault of an argument stays as it is.
    pub(crate) fn below(mut self, outer: impl IntoIterator<Item = String>) -> Self {
        if let Some(argument) = &mut self.argument {
            drop(argument.path.splice(0..0, outer));
        }
        self
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::bad_input(refusal.to_string())
    }
}

impl From<caunoi_register::Error> for Fault {
    fn from(error: caunoi_register::Error) -> Self {
        match error {
            caunoi_register::Error::Refused(refusal) => refusal.into(),
            caunoi_register::Error::Denied(denied) => {
                let code = match denied {
                    Denied::Unknown => Code::Unauthenticated,
                    Denied::Forbidden(_) => Code::Forbidden,
                };
                Self::new(code, format!("{denied}."))
            }
            caunoi_register::Error::Unavailable(source) => {
                tracing::warn!(%source, "the database did not answer");
                Self::away()
            }
            caunoi_register::Error::Broken(source) => {
                tracing::error!(%source, "the register is broken");
                Self::new(Code::Internal, "The register failed; the request id names the case.")
            }
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let Fault { code, message, argument } = fault;
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
