//! The closed list of reasons.

mod invalid;
mod rule;
mod url;

pub use invalid::{InvalidKind, InvalidReason};
pub use rule::{Rule, RuleKind, RuleReason};
pub use url::{UrlKind, UrlReason};

use super::candidate::{self, Candidate};
use super::word::{Format, ReferenceKind, WordList, permitted};
use crate::lifecycle::{Action, Publication};
use crate::quota_kind::QuotaKind;
use crate::text::is_unsafe;
use serde::Serialize;
use std::fmt;
use strum::{EnumDiscriminants, VariantArray};

/// Why a value is not accepted. The fields are the parameters of the text for people; they contain
/// no prose. Quoted values have at most 60 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(ReasonKind), derive(VariantArray), doc = "The variants of [`Reason`].")]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A required value is absent or blank.
    Required,
    /// A text exceeds its limit.
    TooLong {
        /// The limit in characters.
        most: usize,
        /// The given length in characters.
        given: usize,
    },
    /// A list exceeds its limit.
    TooMany {
        /// The limit in members.
        most: usize,
        /// The given number of members.
        given: usize,
    },
    /// A reference that the register cannot resolve.
    Unknown {
        /// The kind of the reference.
        reference: ReferenceKind,
        /// The given value.
        given: String,
        /// Similar known words, the most similar first; at most five.
        candidates: Vec<String>,
    },
    /// Another entry or row has this code, slug or name.
    Taken {
        /// The code.
        given: String,
    },
    /// The row changed since the caller read it.
    Outdated,
    /// The action does not start from the publication state of the version.
    Transition {
        /// The publication state of the version.
        from: Publication,
        /// The requested action.
        action: Action,
    },
    /// The content is a state secret, which the register does not store.
    SecretMatter,
    /// The content of an entry exceeds its limit.
    TooLarge {
        /// The limit in kilobytes.
        most: usize,
        /// The size of the content in kilobytes, rounded up.
        given: usize,
    },
    /// A quota of writers is used up.
    QuotaExceeded {
        /// The quota.
        quota: QuotaKind,
        /// The amount that its period allows.
        limit: i64,
        /// The amount that was used before this write.
        used: i64,
        /// The time until the next period, in minutes, rounded up.
        minutes: i64,
    },
    /// A value has the wrong form or contradicts other values.
    #[serde(untagged)]
    Invalid(InvalidReason),
    /// The outbound policy forbids the URL.
    #[serde(untagged)]
    UrlRefused(UrlReason),
    /// The entry breaks a rule of published entries.
    #[serde(untagged)]
    RuleBroken(RuleReason),
}

/// What a program can do about a reason. The codes of the API follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonClass {
    /// A required value is absent or blank.
    Required,
    /// A value has the wrong form or contradicts other values.
    Invalid,
    /// A text or a list is longer than its limit.
    TooLong,
    /// No such thing is known.
    NotFound,
    /// The code is in use.
    Taken,
    /// The row changed since the caller read it.
    Outdated,
    /// The action is not possible in the current state.
    Transition,
    /// The content is a state secret.
    SecretMatter,
    /// A quota of writers is used up.
    QuotaExceeded,
    /// The URL may not be called.
    UrlRefused,
    /// The entry breaks a rule of published entries.
    RuleBroken,
}

impl Reason {
    /// Returns the class, for programs.
    #[must_use]
    pub fn class(&self) -> ReasonClass {
        match self {
            Self::Required => ReasonClass::Required,
            Self::TooLong { .. } | Self::TooMany { .. } | Self::TooLarge { .. } => ReasonClass::TooLong,
            Self::Unknown { .. } => ReasonClass::NotFound,
            Self::Taken { .. } => ReasonClass::Taken,
            Self::Outdated => ReasonClass::Outdated,
            Self::Transition { .. } => ReasonClass::Transition,
            Self::SecretMatter => ReasonClass::SecretMatter,
            Self::QuotaExceeded { .. } => ReasonClass::QuotaExceeded,
            Self::Invalid(_) => ReasonClass::Invalid,
            Self::UrlRefused(_) => ReasonClass::UrlRefused,
            Self::RuleBroken(_) => ReasonClass::RuleBroken,
        }
    }

    /// Returns the text that the reason quotes; `None` where it quotes none.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        if let Self::Unknown { given, .. }
        | Self::Taken { given }
        | Self::Invalid(
            InvalidReason::UnknownWord { given, .. }
            | InvalidReason::Malformed { given, .. }
            | InvalidReason::NotAWholeNumber { given, .. }
            | InvalidReason::NoSuchMonth { given }
            | InvalidReason::NoSuchDay { given }
            | InvalidReason::DateForm { given, .. }
            | InvalidReason::AmbiguousDate { given, .. }
            | InvalidReason::IntervalReversed { given }
            | InvalidReason::PartyTwice { given }
            | InvalidReason::ParticipantTwice { given },
        ) = self
        {
            return Some(given);
        }
        None
    }

    /// Returns `Unknown` without candidates.
    #[must_use]
    pub fn unknown(reference: ReferenceKind, given: &str) -> Self {
        Self::Unknown { reference, given: shorten(given), candidates: Vec::new() }
    }

    /// Returns `Unknown` with the known words most similar to the given value.
    #[must_use]
    pub fn unknown_among<'a>(
        reference: ReferenceKind,
        given: &str,
        known: impl Iterator<Item = Candidate<'a>>,
    ) -> Self {
        let candidates = candidate::most_similar(given, known);
        Self::Unknown { reference, given: shorten(given), candidates }
    }

    /// Returns `UnknownWord` for an enum.
    #[must_use]
    pub fn unknown_word<W>(list: WordList, given: &str) -> Self
    where
        W: VariantArray + Copy + Into<&'static str>,
    {
        Self::Invalid(InvalidReason::UnknownWord { list, given: shorten(given), permitted: permitted::<W>() })
    }

    /// Returns `Malformed`.
    #[must_use]
    pub fn malformed(format: Format, given: &str) -> Self {
        Self::Invalid(InvalidReason::Malformed { format, given: shorten(given) })
    }

    /// Returns `NotAWholeNumber`.
    #[must_use]
    pub fn not_a_whole_number(least: i64, most: i64, given: &str) -> Self {
        Self::Invalid(InvalidReason::NotAWholeNumber { least, most, given: shorten(given) })
    }
}

impl From<InvalidReason> for Reason {
    fn from(reason: InvalidReason) -> Self {
        Self::Invalid(reason)
    }
}

impl From<RuleReason> for Reason {
    fn from(reason: RuleReason) -> Self {
        Self::RuleBroken(reason)
    }
}

impl From<UrlReason> for Reason {
    fn from(reason: UrlReason) -> Self {
        Self::UrlRefused(reason)
    }
}

/// For logs and tests; people read the texts of the crate `texts`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Reason {}

/// Returns at most 60 characters, without control characters and hidden ones.
pub(crate) fn shorten(given: &str) -> String {
    let mut short: String = given.chars().filter(|c| !is_unsafe(*c)).take(60).collect();
    if given.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
