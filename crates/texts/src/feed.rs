//! The texts of the Atom feed.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// A text of the Atom feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(FeedTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum FeedText {
    /// The title of the feed.
    Title,
    /// The author of entries that belong to no province.
    Ministry,
    /// The title of a gap.
    Gap,
    /// A new entry is visible.
    Entered {
        /// The type of the entry.
        entry: EntryNoun,
    },
    /// A visible entry was changed.
    Stayed {
        /// The type of the entry.
        entry: EntryNoun,
    },
    /// An entry is no longer visible.
    Left {
        /// The type of the entry.
        entry: EntryNoun,
    },
}

impl FeedText {
    /// Returns the text.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("feed", self, locale)
    }
}

/// A type of entry, in the singular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum EntryNoun {
    /// A relation.
    Relation,
    /// An agreement.
    Agreement,
    /// An event.
    Event,
    /// An organization.
    Organization,
    /// A programme.
    Programme,
    /// A figure.
    Figure,
    /// An instrument.
    Instrument,
}
