//! The texts of the shipped files, and their tables.

use super::csv_schemas::{SCHEMAS, ShippedFile, TEXTS};
use crate::table::{CsvTable, Flaws};
use std::borrow::Cow;
use std::ops::Index;

/// One text for each shipped file.
#[derive(Debug, Clone)]
pub struct Files(Vec<Cow<'static, [u8]>>);

impl Files {
    /// Returns the texts compiled into the program.
    #[must_use]
    pub fn shipped() -> Self {
        Self(TEXTS.iter().map(|text| Cow::Borrowed(text.as_bytes())).collect())
    }

    /// Replaces the text of a file; returns `None` if there is no file with this name.
    #[must_use]
    pub fn with(mut self, file: &str, text: Vec<u8>) -> Option<Self> {
        let index = SCHEMAS.iter().position(|schema| schema.file == file)?;
        self.0[index] = Cow::Owned(text);
        Some(self)
    }

    /// Returns the text of one file.
    #[cfg(test)]
    pub(super) fn text(&self, file: ShippedFile) -> String {
        String::from_utf8_lossy(&self.0[file as usize]).into_owned()
    }

    /// Returns names and texts, in the order of the names.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        SCHEMAS.iter().map(|schema| schema.file).zip(self.0.iter().map(AsRef::as_ref))
    }
}

/// The tables of all files.
#[derive(Debug)]
pub(super) struct ShippedTables(Vec<CsvTable>);

impl ShippedTables {
    /// Reads all texts. A wrong header ends the reading, because all references to the rows of that
    /// file would fail.
    ///
    /// # Errors
    /// Returns the flaws of all files if one of them has a wrong header.
    pub(super) fn read(files: &Files, flaws: &mut Flaws) -> Result<Self, Flaws> {
        let texts = files.0.iter();
        let tables = Self(
            SCHEMAS.iter().zip(texts).map(|(schema, text)| CsvTable::read(*schema, text, flaws)).collect(),
        );
        if tables.all().all(CsvTable::is_whole) { Ok(tables) } else { Err(std::mem::take(flaws)) }
    }

    /// Returns all tables, in the order of their names.
    pub(super) fn all(&self) -> impl Iterator<Item = &CsvTable> {
        self.0.iter()
    }
}

impl Index<ShippedFile> for ShippedTables {
    type Output = CsvTable;

    fn index(&self, file: ShippedFile) -> &CsvTable {
        &self.0[file as usize]
    }
}
