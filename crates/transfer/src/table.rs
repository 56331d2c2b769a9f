//! One CSV text: its header is checked, and every row is read by the names of its columns.

mod flaw;
#[cfg(test)]
mod tests;

pub use flaw::{Flaw, Flaws};

use caunoi_domain::refusal::Refusal;
use csv::ByteRecord;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// What a file must look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The name of the file, as flaws print it.
    pub file: &'static str,
    /// Its columns with commas between them, as in its first line; a file may have them in any
    /// order, but all of them and no other.
    pub columns: &'static str,
    /// The columns that together name a row and are never blank; none where rows have no name.
    pub key: &'static [&'static str],
}

/// A CSV text that was read, without the rows that could not be.
#[derive(Debug)]
pub struct Table {
    shape: Shape,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    is_whole: bool,
}

impl Table {
    /// Reads a text of this shape and notes what does not fit: the header, rows with too few or
    /// too many fields, bytes that are not UTF-8, keys that are blank or stand twice.
    #[must_use]
    pub fn read(shape: Shape, text: &[u8], flaws: &mut Flaws) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut lines = Lines { text, at: 0, line: 1 };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let mut table = Self { shape, header: Vec::new(), rows: Vec::new(), is_whole: false };
        let mut is_first = true;
        for record in reader.byte_records() {
            match record {
                Ok(record) if is_first => table.read_header(&record, flaws),
                Ok(record) if table.is_whole => {
                    table.read_row(&record, lines.line_of(record.position()), flaws);
                }
                Ok(_) => {}
                Err(error) => flaws.note(table.flaw(lines.line_of(error.position()), "", error)),
            }
            is_first = false;
        }
        if is_first {
            flaws.note(table.flaw(1, "", "the file is empty"));
        }
        table.check_keys(flaws);
        table
    }

    fn read_header(&mut self, record: &ByteRecord, flaws: &mut Flaws) {
        let header: Vec<String> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let before = flaws.len();
        for (index, column) in header.iter().enumerate() {
            if !self.has(column) {
                flaws.note(self.flaw(1, column, "no such column is expected"));
            } else if header.iter().take(index).any(|other| other == column) {
                flaws.note(self.flaw(1, column, "the column stands twice"));
            }
        }
        for column in self.shape.columns.split(',') {
            if !header.iter().any(|other| other == column) {
                flaws.note(self.flaw(1, column, "the column is missing"));
            }
        }
        self.is_whole = flaws.len() == before;
        self.header = header;
    }

    fn read_row(&mut self, record: &ByteRecord, line: u64, flaws: &mut Flaws) {
        if record.len() != self.header.len() {
            let reason = format!("{} fields are expected, {} stand here", self.header.len(), record.len());
            flaws.note(self.flaw(line, "", reason));
            return;
        }
        let mut fields = Vec::with_capacity(record.len());
        for (column, field) in self.header.iter().zip(record) {
            let text = std::str::from_utf8(field).unwrap_or_else(|_| {
                flaws.note(self.flaw(line, column, "is not UTF-8"));
                ""
            });
            fields.push(text.trim().to_owned());
        }
        self.rows.push((line, fields));
    }

    fn check_keys(&self, flaws: &mut Flaws) {
        let mut seen = HashSet::new();
        for row in self.rows() {
            let key: Vec<&str> = self.shape.key.iter().map(|column| row.text(column)).collect();
            for column in self.shape.key.iter().filter(|column| row.text(column).is_empty()) {
                flaws.note(row.flaw(column, Refusal::Required));
            }
            if let Some(column) = self.shape.key.last()
                && !seen.insert(key)
            {
                flaws.note(row.flaw(column, Refusal::Taken(row.text(column).to_owned())));
            }
        }
    }

    fn flaw(&self, line: u64, column: &str, reason: impl fmt::Display) -> Flaw {
        Flaw { file: self.shape.file.to_owned(), line, column: column.to_owned(), reason: reason.to_string() }
    }

    /// Whether the header was as it must be; without it there are no rows.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether the file has such a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.shape.columns.split(',').any(|name| name == column)
    }

    /// The rows that could be read, in the order of the file.
    #[must_use = "iterators are lazy"]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row { table: self, line: *line, fields })
    }

    /// The first row with this text in a column.
    #[must_use]
    pub fn find(&self, column: &str, text: &str) -> Option<Row<'_>> {
        let index = self.header.iter().position(|name| name == column)?;
        self.rows().find(|row| row.fields.get(index).is_some_and(|field| field == text))
    }
}

/// Counts the lines of a text, always onwards. The CSV reader counts too, but puts a row that
/// follows an empty line or a carriage return on the line before.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row at this position begins.
    fn line_of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        while let Some(byte) = self.text.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    line: u64,
    fields: &'t [String],
}

impl<'t> Row<'t> {
    /// The text in a column without white space around it; blank where nothing stands.
    #[must_use]
    pub fn text(self, column: &str) -> &'t str {
        let index = self.table.header.iter().position(|name| name == column);
        debug_assert!(index.is_some(), "{} has no column {column}", self.table.shape.file);
        index.and_then(|index| self.fields.get(index)).map_or("", String::as_str)
    }

    /// The same as an owned text.
    #[must_use]
    pub fn owned(self, column: &str) -> String {
        self.text(column).to_owned()
    }

    /// The texts in a column that semicolons part.
    #[must_use]
    pub fn list(self, column: &str) -> Vec<String> {
        self.text(column)
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// What a column holds, read by a rule of the domain.
    ///
    /// # Errors
    /// A flaw where the column is blank or the rule refuses it.
    pub fn read<T>(self, column: &str, rule: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<T, Flaw> {
        let text = self.text(column);
        let outcome = if text.is_empty() { Err(Refusal::Required) } else { rule(text) };
        outcome.map_err(|refusal| self.flaw(column, refusal))
    }

    /// The same for a column that may be blank.
    ///
    /// # Errors
    /// A flaw where the rule refuses it.
    pub fn read_optional<T>(
        self,
        column: &str,
        rule: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Flaw> {
        if self.text(column).is_empty() { Ok(None) } else { self.read(column, rule).map(Some) }
    }

    /// A flaw at a column of this row.
    #[must_use]
    pub fn flaw(self, column: &str, reason: impl fmt::Display) -> Flaw {
        self.table.flaw(self.line, column, reason)
    }
}

/// A rule for words of a closed list and for numbers; `expected` says what they are.
pub fn word<T: FromStr>(expected: &str) -> impl Fn(&str) -> Result<T, Refusal> {
    move |raw| raw.parse().map_err(|_| Refusal::unreadable(expected, raw))
}

/// A rule for words of a list that no type of the domain holds.
pub fn one_of(words: &'static [&'static str]) -> impl Fn(&str) -> Result<String, Refusal> {
    move |raw| {
        let found = words.iter().find(|word| **word == raw).map(|word| (*word).to_owned());
        found.ok_or_else(|| Refusal::unreadable(&format!("one of {}", words.join(", ")), raw))
    }
}
