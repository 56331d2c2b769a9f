//! The texts of the shipped files, and all of them as tables.

use super::shapes::{File, SHAPES, TEXTS};
use crate::table::{Flaws, Table};
use std::borrow::Cow;
use std::ops::Index;

/// A set of texts, one for every file.
#[derive(Debug, Clone)]
pub struct Files(Vec<Cow<'static, [u8]>>);

impl Files {
    /// The texts that are built into the program.
    #[must_use]
    pub fn shipped() -> Self {
        Self(TEXTS.iter().map(|text| Cow::Borrowed(text.as_bytes())).collect())
    }

    /// The same set with another text for the file of this name; none where no file has it.
    #[must_use]
    pub fn with(mut self, file: &str, text: Vec<u8>) -> Option<Self> {
        let index = SHAPES.iter().position(|shape| shape.file == file)?;
        self.0[index] = Cow::Owned(text);
        Some(self)
    }

    /// The text of one file.
    #[cfg(test)]
    pub(super) fn text(&self, file: File) -> String {
        String::from_utf8_lossy(&self.0[file as usize]).into_owned()
    }

    /// Every name with its text, in the order of the names.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        SHAPES.iter().map(|shape| shape.file).zip(self.0.iter().map(AsRef::as_ref))
    }
}

/// All files, read as tables.
#[derive(Debug)]
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// Reads every text; only a wrong header is worth giving up for, since rows of the other
    /// files would all point at nothing.
    ///
    /// # Errors
    /// The flaws of all files, where one of them has a wrong header.
    pub(super) fn read(files: &Files, flaws: &mut Flaws) -> Result<Self, Flaws> {
        let texts = files.0.iter();
        let tables =
            Self(SHAPES.iter().zip(texts).map(|(shape, text)| Table::read(*shape, text, flaws)).collect());
        if tables.all().all(Table::is_whole) { Ok(tables) } else { Err(std::mem::take(flaws)) }
    }

    /// All tables, in the order of their names.
    pub(super) fn all(&self) -> impl Iterator<Item = &Table> {
        self.0.iter()
    }
}

impl Index<File> for Tables {
    type Output = Table;

    fn index(&self, file: File) -> &Table {
        &self.0[file as usize]
    }
}
