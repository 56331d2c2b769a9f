//! The errors of mutations that are not reasons of the domain.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// Why a mutation wrote nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(MutationTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum MutationText {
    /// The caller sees no such entry.
    NotFound,
    /// The idempotency key was used with another input.
    OtherInput,
    /// The entry was changed.
    Stale {
        /// Its version now.
        version: i32,
    },
    /// Entries look like duplicates of the new one.
    Alike {
        /// Their number.
        count: usize,
    },
}

impl MutationText {
    /// Returns the message.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("mutation", self, locale)
    }
}
