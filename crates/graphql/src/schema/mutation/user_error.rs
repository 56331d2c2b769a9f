//! The errors of mutations that the caller can correct; payloads return them as data.

use super::super::entry::{EntryInterface, WritableEntry};
use super::super::enums::Locale;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, Enum, Interface, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::locale;
use caunoi_domain::rules;
use caunoi_domain::validation::{Reason, ReasonClass, ValidationError};
use caunoi_register::CommandRefusal;
use caunoi_texts::MutationText;

/// The code of an error in the payload of a mutation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UserErrorCode {
    /// A required value is absent or blank.
    Required,
    /// A value has the wrong format or contradicts other values.
    Invalid,
    /// A text or a list is longer than its limit.
    TooLong,
    /// No such object exists, or the caller may not see it.
    NotFound,
    /// The code or slug is in use already.
    Taken,
    /// Existing entries look like duplicates of the new one.
    DuplicateSuspected,
    /// The entry was written since the caller last read it.
    VersionConflict,
    /// The action is not possible in the current state of the entry.
    InvalidTransition,
    /// The author or the province has written as much as an hour or a day allows. The message says
    /// how much was used, the limit, and in how many minutes there is room again.
    QuotaExceeded,
    /// The register does not accept state secrets (bí mật nhà nước).
    SecretMatter,
    /// The register does not call this URL, for example because its address is not public.
    UrlRefused,
    /// The entry breaks a rule of published entries. The error has the type `RuleViolation`, which
    /// names the rule.
    RuleBroken,
    /// The idempotency key was used with another input.
    IdempotencyConflict,
}

/// An error of a mutation that the caller can correct; nothing was written.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "UserErrorCode", desc = "The code of the error, for programs."),
    field(
        name = "message",
        ty = "String",
        directive = TextSize::apply(150),
        arg(name = "locale", ty = "Option<Locale>", desc = "The language; if absent, that of the request."),
        desc = "The message for the user."
    ),
    field(
        name = "path",
        ty = "&[String]",
        directive = AssumedSize::apply(3),
        desc = "The path in the input: field names and list indexes, outermost first; empty if the error concerns the whole input."
    )
)]
pub(crate) enum UserError {
    /// An error of one field of the input.
    FieldError(FieldError),
    /// The entry breaks a rule of published entries.
    RuleViolation(RuleViolation),
    /// Another write changed the entry.
    VersionConflict(VersionConflict),
    /// Existing entries look like duplicates.
    DuplicateSuspected(DuplicateSuspected),
}

impl UserError {
    /// Converts the refusal of a command on an entry.
    pub(super) fn from_refusal<C: WritableEntry>(refusal: CommandRefusal<Entry<C>>) -> Vec<Self> {
        match refusal {
            CommandRefusal::NotFound => Self::at("id", Why::Other(MutationText::NotFound)),
            CommandRefusal::KeyReused => Self::at("key", Why::Other(MutationText::OtherInput)),
            CommandRefusal::Stale(current) => {
                let current_version = current.meta.version;
                let path = vec!["expectedVersion".to_owned()];
                let current = Some(C::into_interface(*current));
                vec![Self::VersionConflict(VersionConflict { path, current_version, current })]
            }
            CommandRefusal::Duplicates(similar) => {
                let candidates = similar.into_iter().map(C::into_interface).collect();
                vec![Self::DuplicateSuspected(DuplicateSuspected { candidates })]
            }
            CommandRefusal::Invalid(problems) => problems.into_iter().map(Self::from).collect(),
        }
    }

    /// Converts the refusal of a command on something else than an entry: the reference data, a
    /// proposal, a period.
    pub(super) fn from_reference_refusal(refusal: CommandRefusal) -> Vec<Self> {
        match refusal {
            CommandRefusal::NotFound => Self::at("id", Why::Other(MutationText::NotFound)),
            CommandRefusal::KeyReused => Self::at("key", Why::Other(MutationText::OtherInput)),
            CommandRefusal::Stale(never) => match *never {},
            CommandRefusal::Duplicates(none) => none.into_iter().map(|never| match never {}).collect(),
            CommandRefusal::Invalid(problems) => problems.into_iter().map(Self::from).collect(),
        }
    }

    fn at(field: &str, why: Why) -> Vec<Self> {
        vec![Self::FieldError(FieldError { path: vec![field.to_owned()], why })]
    }
}

impl From<ValidationError> for UserError {
    fn from(ValidationError { path, reason }: ValidationError) -> Self {
        match reason {
            Reason::RuleBroken(reason) => Self::RuleViolation(
                rules::RuleViolation { path, rule: reason.rule(), reason: reason.into() }.into(),
            ),
            reason @ (Reason::Required
            | Reason::TooLong { .. }
            | Reason::TooMany { .. }
            | Reason::Unknown { .. }
            | Reason::Taken { .. }
            | Reason::Outdated
            | Reason::Transition { .. }
            | Reason::SecretMatter
            | Reason::TooLarge { .. }
            | Reason::QuotaExceeded { .. }
            | Reason::Invalid(_)
            | Reason::UrlRefused(_)) => Self::FieldError(FieldError { path, why: Why::Reason(reason) }),
        }
    }
}

/// The reason of a field error.
enum Why {
    /// A reason of the domain.
    Reason(Reason),
    /// Another one.
    Other(MutationText),
}

impl Why {
    fn code(&self) -> UserErrorCode {
        match self {
            Self::Reason(reason) => reason.class().into(),
            Self::Other(MutationText::NotFound) => UserErrorCode::NotFound,
            Self::Other(MutationText::OtherInput) => UserErrorCode::IdempotencyConflict,
            Self::Other(MutationText::Stale { .. }) => UserErrorCode::VersionConflict,
            Self::Other(MutationText::Alike { .. }) => UserErrorCode::DuplicateSuspected,
        }
    }

    fn text(&self, locale: locale::Locale) -> String {
        match self {
            Self::Reason(reason) => caunoi_texts::message(reason, locale),
            Self::Other(text) => text.text(locale),
        }
    }
}

impl From<ReasonClass> for UserErrorCode {
    fn from(class: ReasonClass) -> Self {
        match class {
            ReasonClass::Required => Self::Required,
            ReasonClass::Invalid => Self::Invalid,
            ReasonClass::TooLong => Self::TooLong,
            ReasonClass::NotFound => Self::NotFound,
            ReasonClass::Taken => Self::Taken,
            ReasonClass::Outdated => Self::VersionConflict,
            ReasonClass::Transition => Self::InvalidTransition,
            ReasonClass::SecretMatter => Self::SecretMatter,
            ReasonClass::QuotaExceeded => Self::QuotaExceeded,
            ReasonClass::UrlRefused => Self::UrlRefused,
            ReasonClass::RuleBroken => Self::RuleBroken,
        }
    }
}

/// An error of one field of the input.
pub(crate) struct FieldError {
    path: Vec<String>,
    why: Why,
}

/// An error of one field of the input.
#[Object]
impl FieldError {
    /// The code of the error, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        self.why.code()
    }

    /// The message for the user.
    #[graphql(directive = TextSize::apply(150))]
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; if absent, that of the request.")] locale: Option<Locale>,
    ) -> String {
        self.why.text(RequestContext::of(ctx).locale(locale))
    }

    /// The path in the input: field names and list indexes, outermost first, for example
    /// `["leaders", "0", "name"]`.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(crate) async fn path(&self) -> &[String] {
        &self.path
    }
}

/// The entry was written since the caller last read it.
pub(crate) struct VersionConflict {
    path: Vec<String>,
    current_version: i32,
    current: Option<EntryInterface>,
}

/// The entry was written since the caller last read it. Read it again and repeat the mutation with
/// the new version if it still applies.
#[Object]
impl VersionConflict {
    /// The code of the error, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        UserErrorCode::VersionConflict
    }

    /// The message for the user.
    #[graphql(directive = TextSize::apply(150))]
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; if absent, that of the request.")] locale: Option<Locale>,
    ) -> String {
        MutationText::Stale { version: self.current_version }.text(RequestContext::of(ctx).locale(locale))
    }

    /// The path in the input, always `["expectedVersion"]`.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(crate) async fn path(&self) -> &[String] {
        &self.path
    }

    /// The current version of the entry.
    async fn current_version(&self) -> i32 {
        self.current_version
    }

    /// The entry in its current version.
    async fn current(&self) -> Option<&EntryInterface> {
        self.current.as_ref()
    }
}

/// Existing entries of the same province look like duplicates of the new one.
pub(crate) struct DuplicateSuspected {
    candidates: Vec<EntryInterface>,
}

/// Existing entries of the same province have a partner, the title and the date in common with the
/// new one. To create it nevertheless, send the mutation again with `allowDuplicate: true`.
#[Object]
impl DuplicateSuspected {
    /// The code of the error, for programs.
    pub(crate) async fn code(&self) -> UserErrorCode {
        UserErrorCode::DuplicateSuspected
    }

    /// The message for the user.
    #[graphql(directive = TextSize::apply(150))]
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; if absent, that of the request.")] locale: Option<Locale>,
    ) -> String {
        MutationText::Alike { count: self.candidates.len() }.text(RequestContext::of(ctx).locale(locale))
    }

    /// Always empty: the error concerns the whole input.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(crate) async fn path(&self) -> &[String] {
        &[]
    }

    /// The entries that look like duplicates.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn candidates(&self) -> &[EntryInterface] {
        &self.candidates
    }
}
