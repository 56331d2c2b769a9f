//! Why a mutation wrote nothing, as data that its caller can mend.

use super::super::asking::Asking;
use super::super::entry::{EntryInterface, Written};
use super::super::enums::Locale;
use super::wording::{self, Why};
use async_graphql::{Context, Enum, Interface, Object};
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_register::{Hindrance, Objection};

/// What is wrong, one closed list for all mutations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UserErrorCode {
    /// A value that must be given is absent or blank.
    Required,
    /// A value cannot be read or does not fit the others.
    Invalid,
    /// A text or a list is longer than its bound.
    TooLong,
    /// The caller sees nothing of that name.
    NotFound,
    /// Another entry bears it already.
    Taken,
    /// Other entries look like the new one.
    DuplicateSuspected,
    /// The entry was written since the caller read it.
    VersionConflict,
    /// The act does not begin from the state that the entry is in.
    InvalidTransition,
    /// State secrets (bí mật nhà nước) never enter the register.
    SecretMatter,
    /// The URL is not one that the register calls.
    UrlRefused,
    /// The key stands for another request.
    IdempotencyConflict,
}

/// Why a mutation wrote nothing.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "UserErrorCode", desc = "What is wrong, for programs."),
    field(
        name = "message",
        ty = "String",
        arg(name = "locale", ty = "Option<Locale>", desc = "The language; the request's own where absent."),
        desc = "What is wrong, for people."
    ),
    field(
        name = "path",
        ty = "&[String]",
        desc = "Where in the input: field names and places in lists, from the outside in; empty where it is all of it."
    )
)]
pub(crate) enum UserError {
    /// A field is at fault.
    FieldError(FieldError),
    /// Somebody else wrote the entry.
    VersionConflict(VersionConflict),
    /// Other entries look like it.
    DuplicateSuspected(DuplicateSuspected),
}

impl UserError {
    /// The key stands for another request.
    pub(super) fn other_input() -> Self {
        Self::FieldError(FieldError { path: vec!["key".to_owned()], why: Why::OtherInput })
    }

    /// What the caller can mend of an objection.
    pub(super) fn all<C: Written>(objection: Objection<C>) -> Vec<Self> {
        let field = |name: &str, why| vec![Self::FieldError(FieldError { path: vec![name.to_owned()], why })];
        match objection {
            Objection::NotFound => field("id", Why::NotFound),
            Objection::OtherInput => vec![Self::other_input()],
            Objection::Stale(current) => {
                let current_version = current.stamp.version;
                let path = vec!["expectedVersion".to_owned()];
                let current = Some(C::interface(*current));
                vec![Self::VersionConflict(VersionConflict { path, current_version, current })]
            }
            Objection::Alike(alike) => {
                let candidates = alike.into_iter().map(C::interface).collect();
                vec![Self::DuplicateSuspected(DuplicateSuspected { candidates })]
            }
            Objection::Problems(problems) => problems.into_iter().map(Self::from).collect(),
        }
    }
}

impl UserError {
    /// What the caller can mend of an act on the reference data.
    pub(super) fn hindering(hindrance: Hindrance) -> Vec<Self> {
        match hindrance {
            Hindrance::OtherInput => {
                vec![Self::FieldError(FieldError { path: vec!["key".to_owned()], why: Why::OtherInput })]
            }
            Hindrance::Problems(problems) => problems.into_iter().map(Self::from).collect(),
        }
    }
}

impl From<Problem> for UserError {
    fn from(Problem { path, refusal }: Problem) -> Self {
        Self::FieldError(FieldError { path, why: Why::Refused(refusal) })
    }
}

impl Why {
    fn code(&self) -> UserErrorCode {
        match self {
            Why::NotFound | Why::Refused(Refusal::Unknown { .. }) => UserErrorCode::NotFound,
            Why::OtherInput => UserErrorCode::IdempotencyConflict,
            Why::Refused(Refusal::Required) => UserErrorCode::Required,
            Why::Refused(Refusal::Invalid(_)) => UserErrorCode::Invalid,
            Why::Refused(Refusal::TooLong { .. } | Refusal::TooMany { .. }) => UserErrorCode::TooLong,
            Why::Refused(Refusal::Taken(_)) => UserErrorCode::Taken,
            Why::Refused(Refusal::Transition { .. }) => UserErrorCode::InvalidTransition,
            Why::Refused(Refusal::UrlRefused(_)) => UserErrorCode::UrlRefused,
            Why::Refused(Refusal::SecretMatter) => UserErrorCode::SecretMatter,
            Why::Stale(_) | Why::Refused(Refusal::Outdated) => UserErrorCode::VersionConflict,
            Why::Alike(_) => UserErrorCode::DuplicateSuspected,
        }
    }
}

/// A field that is at fault.
pub(crate) struct FieldError {
    path: Vec<String>,
    why: Why,
}

/// A field that is at fault.
#[Object]
impl FieldError {
    /// What is wrong, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        self.why.code()
    }

    /// What is wrong, for people.
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        wording::message(&self.why, Asking::of(ctx).locale(locale))
    }

    /// Where in the input: field names and places in lists, from the outside in.
    pub(crate) async fn path(&self) -> &[String] {
        &self.path
    }
}

/// The entry was written since the caller read it.
pub(crate) struct VersionConflict {
    path: Vec<String>,
    current_version: i32,
    current: Option<EntryInterface>,
}

/// The entry was written since the caller read it: read it anew, and decide again.
#[Object]
impl VersionConflict {
    /// What is wrong, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        Why::Stale(self.current_version).code()
    }

    /// What is wrong, for people.
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        wording::message(&Why::Stale(self.current_version), Asking::of(ctx).locale(locale))
    }

    /// Where in the input.
    pub(crate) async fn path(&self) -> &[String] {
        &self.path
    }

    /// The version that stands.
    async fn current_version(&self) -> i32 {
        self.current_version
    }

    /// The entry as it stands.
    async fn current(&self) -> Option<&EntryInterface> {
        self.current.as_ref()
    }
}

/// Entries of the same province look like the new one.
pub(crate) struct DuplicateSuspected {
    candidates: Vec<EntryInterface>,
}

/// Entries of the same province share a partner, the title and the date with the new one. Send it
/// again with `allowDuplicate: true` where it is another one all the same.
#[Object]
impl DuplicateSuspected {
    /// What is wrong, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        Why::Alike(self.candidates.len()).code()
    }

    /// What is wrong, for people.
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        wording::message(&Why::Alike(self.candidates.len()), Asking::of(ctx).locale(locale))
    }

    /// Empty: it is all of the input.
    pub(crate) async fn path(&self) -> &[String] {
        &[]
    }

    /// The entries that look like it.
    async fn candidates(&self) -> &[EntryInterface] {
        &self.candidates
    }
}
