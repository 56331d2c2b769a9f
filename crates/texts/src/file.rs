//! The flaws of CSV files that are not reasons of the domain.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// A flaw of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(FileTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum FileText {
    /// The file is empty.
    Empty,
    /// A column is unknown.
    UnknownColumn,
    /// A column is duplicated.
    DuplicateColumn,
    /// A column is missing.
    MissingColumn,
    /// A row has a wrong number of fields.
    FieldCount {
        /// The number of columns.
        expected: usize,
        /// The number of fields.
        found: usize,
    },
    /// A field is not UTF-8.
    NotUtf8,
    /// The text is not CSV.
    NotCsv {
        /// The message of the parser, in English.
        error: String,
    },
    /// A repeated column of the source differs from it.
    SourceDiffers {
        /// The column of the source.
        original: String,
    },
    /// The present unit is not that of the lineage.
    LineageDiffers {
        /// The unit of the lineage.
        expected: String,
    },
    /// The stated precision is not that of the date.
    PrecisionDiffers {
        /// The column of the date.
        column: String,
        /// The precision of the date.
        precision: String,
    },
    /// The unit of a figure is not one of its indicator.
    UnitDiffers {
        /// The indicator.
        term: String,
        /// The units of the indicator.
        units: Vec<String>,
    },
    /// The country is not that of the locality.
    CountryDiffers {
        /// The locality.
        locality: String,
        /// Its country.
        country: String,
    },
    /// A number is stated in two files.
    StatedTwice {
        /// The other file.
        other: String,
    },
    /// Two numbers have another qualifier than RANGE.
    RangeRequired,
    /// A unit has no predecessor in the lineage.
    NothingPrecedes,
    /// A present province has a last day.
    PresentHasNoEnd,
    /// The kind of a unit changed on an unknown day.
    KindDayRequired,
    /// The code is not that of provinces.csv.
    CodeDiffers {
        /// The province.
        slug: String,
        /// Its code.
        code: String,
    },
    /// An unchanged unit has another slug.
    SlugKept,
    /// A name has no letter or digit for a code.
    NoLetter,
    /// The number of flaws.
    Flaws {
        /// The number.
        count: usize,
    },
    /// The number of flaws that are not shown.
    MoreFlaws {
        /// The number.
        count: usize,
    },
}

impl FileText {
    /// Returns the text.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("file", self, locale)
    }
}
