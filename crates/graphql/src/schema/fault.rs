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
}

impl Fault {
    /// The request is at fault.
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self { code: Code::BadInput, message: message.into() }
    }

    /// A row points at reference data that this node does not hold.
    pub(crate) fn missing(what: &str) -> Self {
        tracing::error!(what, "a row points at reference data that this node does not hold");
        Self { code: Code::Internal, message: "The register failed; the request id names the case.".into() }
    }

    /// The register does not answer now.
    pub(crate) fn away() -> Self {
        Self { code: Code::Unavailable, message: "The register cannot be read now; try again.".into() }
    }

    /// An argument is at fault.
    pub(crate) fn argument(name: &str, refusal: &Refusal) -> Self {
        Self::bad_input(format!("{name}: {refusal}"))
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
                Self { code, message: format!("{denied}.") }
            }
            caunoi_register::Error::Unavailable(source) => {
                tracing::warn!(%source, "the database did not answer");
                Self::away()
            }
            caunoi_register::Error::Broken(source) => {
                tracing::error!(%source, "the register is broken");
                Self {
                    code: Code::Internal,
                    message: "The register failed; the request id names the case.".into(),
                }
            }
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::new(fault.message).extend_with(|_, extensions| extensions.set("code", fault.code.as_str()))
    }
}
