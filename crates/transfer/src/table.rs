//! Tables: the header of a CSV text is checked, and the fields of a row are read by column name.

mod flaw;
#[cfg(test)]
mod tests;

pub use flaw::{Flaw, FlawReason, Flaws};

use caunoi_domain::validation::{Format, InvalidReason, Reason, WordList};
use caunoi_texts::FileText;
use csv::ByteRecord;
use std::collections::HashSet;
use std::str::FromStr;
use strum::VariantArray;

/// The schema of a file.
#[derive(Debug, Clone, Copy)]
pub struct CsvSchema {
    /// The name of the file in flaws.
    pub file: &'static str,
    /// The columns, separated by commas. A file must have all of them in any order, and no other.
    pub columns: &'static str,
    /// The columns that identify a row and must not be blank; empty if rows have no key.
    pub key: &'static [&'static str],
}

/// The valid rows of a CSV text.
#[derive(Debug)]
pub struct CsvTable {
    schema: CsvSchema,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    is_whole: bool,
}

impl CsvTable {
    /// Reads a text and collects flaws: a wrong header, rows with too few or too many fields, bytes
    /// that are not UTF-8, blank or duplicate keys.
    #[must_use]
    pub fn read(schema: CsvSchema, text: &[u8], flaws: &mut Flaws) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut lines = LineCounter { text, at: 0, line: 1 };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let mut table = Self { schema, header: Vec::new(), rows: Vec::new(), is_whole: false };
        let mut is_first = true;
        for record in reader.byte_records() {
            match record {
                Ok(record) if is_first => table.read_header(&record, flaws),
                Ok(record) if table.is_whole => {
                    table.read_row(&record, lines.line_of(record.position()), flaws);
                }
                Ok(_) => {}
                Err(error) => {
                    let reason = FileText::NotCsv { error: error.to_string() };
                    flaws.push(table.flaw(lines.line_of(error.position()), "", reason));
                }
            }
            is_first = false;
        }
        if is_first {
            flaws.push(table.flaw(1, "", FileText::Empty));
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
                flaws.push(self.flaw(1, column, FileText::UnknownColumn));
            } else if header.iter().take(index).any(|other| other == column) {
                flaws.push(self.flaw(1, column, FileText::DuplicateColumn));
            }
        }
        for column in self.schema.columns.split(',') {
            if !header.iter().any(|other| other == column) {
                flaws.push(self.flaw(1, column, FileText::MissingColumn));
            }
        }
        self.is_whole = flaws.len() == before;
        self.header = header;
    }

    fn read_row(&mut self, record: &ByteRecord, line: u64, flaws: &mut Flaws) {
        if record.len() != self.header.len() {
            let reason = FileText::FieldCount { expected: self.header.len(), found: record.len() };
            flaws.push(self.flaw(line, "", reason));
            return;
        }
        let mut fields = Vec::with_capacity(record.len());
        for (column, field) in self.header.iter().zip(record) {
            let text = std::str::from_utf8(field).unwrap_or_else(|_| {
                flaws.push(self.flaw(line, column, FileText::NotUtf8));
                ""
            });
            fields.push(text.trim().to_owned());
        }
        self.rows.push((line, fields));
    }

    fn check_keys(&self, flaws: &mut Flaws) {
        let mut seen = HashSet::new();
        for row in self.rows() {
            let key: Vec<&str> = self.schema.key.iter().map(|column| row.text(column)).collect();
            for column in self.schema.key.iter().filter(|column| row.text(column).is_empty()) {
                flaws.push(row.flaw(column, Reason::Required));
            }
            if let Some(column) = self.schema.key.last()
                && !seen.insert(key)
            {
                flaws.push(row.flaw(column, Reason::Taken { given: row.text(column).to_owned() }));
            }
        }
    }

    fn flaw(&self, line: u64, column: &str, reason: impl Into<FlawReason>) -> Flaw {
        Flaw { file: self.schema.file.to_owned(), line, column: column.to_owned(), reason: reason.into() }
    }

    /// Returns whether the header is valid; otherwise the table has no rows.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Returns whether the schema has this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.schema.columns.split(',').any(|name| name == column)
    }

    /// Returns the valid rows, in the order of the file.
    #[must_use = "iterators are lazy"]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = CsvRow<'_>> {
        self.rows.iter().map(|(line, fields)| CsvRow { table: self, line: *line, fields })
    }

    /// Returns the first row with this text in a column.
    #[must_use]
    pub fn find(&self, column: &str, text: &str) -> Option<CsvRow<'_>> {
        let index = self.header.iter().position(|name| name == column)?;
        self.rows().find(|row| row.fields.get(index).is_some_and(|field| field == text))
    }
}

/// Counts the lines of a text in one pass. The CSV reader reports a row after an empty line or a
/// carriage return one line too early.
struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// Returns the line on which the row at this position starts.
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
pub struct CsvRow<'t> {
    table: &'t CsvTable,
    line: u64,
    fields: &'t [String],
}

impl<'t> CsvRow<'t> {
    /// Returns the trimmed text in a column; empty if the field is blank.
    #[must_use]
    pub fn text(self, column: &str) -> &'t str {
        let index = self.table.header.iter().position(|name| name == column);
        debug_assert!(index.is_some(), "{} has no column {column}", self.table.schema.file);
        index.and_then(|index| self.fields.get(index)).map_or("", String::as_str)
    }

    /// Returns the trimmed text in a column as a `String`.
    #[must_use]
    pub fn owned(self, column: &str) -> String {
        self.text(column).to_owned()
    }

    /// Returns the texts in a column, separated by semicolons.
    #[must_use]
    pub fn list(self, column: &str) -> Vec<String> {
        self.text(column)
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Parses a column by a rule of the domain.
    ///
    /// # Errors
    /// Returns a flaw if the column is blank or the rule refuses its text.
    pub fn read<T>(self, column: &str, rule: impl FnOnce(&str) -> Result<T, Reason>) -> Result<T, Flaw> {
        let text = self.text(column);
        let outcome = if text.is_empty() { Err(Reason::Required) } else { rule(text) };
        outcome.map_err(|reason| self.flaw(column, reason))
    }

    /// Parses a column that may be blank; returns `None` if it is.
    ///
    /// # Errors
    /// Returns a flaw if the rule refuses the text.
    pub fn read_optional<T>(
        self,
        column: &str,
        rule: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Result<Option<T>, Flaw> {
        if self.text(column).is_empty() { Ok(None) } else { self.read(column, rule).map(Some) }
    }

    /// Returns a flaw at a column of this row.
    #[must_use]
    pub fn flaw(self, column: &str, reason: impl Into<FlawReason>) -> Flaw {
        self.table.flaw(self.line, column, reason)
    }
}

/// Returns a rule that parses a word of an enum.
pub fn word<W>(list: WordList) -> impl Fn(&str) -> Result<W, Reason>
where
    W: FromStr + VariantArray + Copy + Into<&'static str>,
{
    move |raw| raw.parse().map_err(|_| Reason::unknown_word::<W>(list, raw))
}

/// Returns a rule that parses a number.
pub fn number<T: FromStr>(format: Format) -> impl Fn(&str) -> Result<T, Reason> {
    move |raw| raw.parse().map_err(|_| Reason::malformed(format, raw))
}

/// Returns a rule that accepts the words of a list for which the domain has no type.
pub fn one_of(list: WordList, words: &'static [&'static str]) -> impl Fn(&str) -> Result<String, Reason> {
    move |raw| {
        let found = words.iter().find(|word| **word == raw).map(|word| (*word).to_owned());
        found.ok_or_else(|| {
            InvalidReason::UnknownWord { list, given: raw.to_owned(), permitted: words.to_vec() }.into()
        })
    }
}
