//! Common parts of the readers of entries.

use super::files::ShippedTables;
use crate::table::{CsvRow, Flaw, Flaws};
use caunoi_domain::data_set::Coded;
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{CommonDraft, ParsedDraft};
use caunoi_domain::entry::{Content, Entry, EntryMeta, Publication};
use caunoi_domain::id::Log;
use caunoi_domain::validation::{Reason, ValidationError};
use std::collections::HashMap;

/// Paths of a draft, and the column of each; several columns are separated by `|`.
pub(super) type ColumnMap = [(&'static str, &'static str)];

/// The columns common to all files of entries.
const SHARED: &ColumnMap = &[("unit", "province_slug"), ("sources", "source_id")];

/// Reads entries from the tables and collects flaws.
pub(super) struct EntryReader<'a> {
    pub(super) tables: &'a ShippedTables,
    pub(super) directory: &'a Directory,
    pub(super) flaws: &'a mut Flaws,
}

impl EntryReader<'_> {
    /// Returns the common part of a draft: the unit and source of a row, and a pillar.
    pub(super) fn common(&self, row: CsvRow<'_>, pillar: &str) -> CommonDraft {
        CommonDraft {
            unit: row.owned("province_slug"),
            pillar: pillar.to_owned(),
            fields: Vec::new(),
            sources: self.sources(&[row]),
            ..CommonDraft::default()
        }
    }

    /// Returns the sources of rows without duplicates. Unknown sources are reported by the checks
    /// between files.
    pub(super) fn sources(&self, rows: &[CsvRow<'_>]) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        for source in rows.iter().map(|row| row.owned("source_id")) {
            if !sources.contains(&source) && self.directory.source_by_code(&source).is_some() {
                sources.push(source);
            }
        }
        sources
    }

    /// Returns the content with the code of its row, or collects its problems as flaws of that row.
    pub(super) fn collect_coded<C>(
        &mut self,
        row: CsvRow<'_>,
        columns: &ColumnMap,
        outcome: Result<ParsedDraft<C>, Vec<ValidationError>>,
    ) -> Option<Coded<C>> {
        self.collect_coded_at(row.text("id"), outcome, |path| {
            column(columns, path).map(|column| (row, column)).ok_or(row)
        })
    }

    /// Like [`Self::collect_coded`], for a draft that was read from several rows: `place` returns row
    /// and column of a path, or the row if no column is known.
    pub(super) fn collect_coded_at<'t, C>(
        &mut self,
        code: &str,
        outcome: Result<ParsedDraft<C>, Vec<ValidationError>>,
        place: impl Fn(&str) -> Result<(CsvRow<'t>, &'static str), CsvRow<'t>>,
    ) -> Option<Coded<C>> {
        let problems = match outcome {
            Ok(parsed) => return Some(Coded { code: code.to_owned(), parsed }),
            Err(problems) => problems,
        };
        for problem in problems {
            let path = problem.path.join(".");
            self.flaws.push(match place(&path) {
                Ok((row, columns)) => flaw_at(row, columns, problem.reason),
                Err(row) => row.flaw(&path, problem.reason),
            });
        }
        None
    }
}

/// Returns a flaw at the column that has the text which the reason is about, else at the first
/// column that is not blank.
fn flaw_at(row: CsvRow<'_>, columns: &'static str, reason: Reason) -> Flaw {
    let mut given = columns.split('|').filter(|column| !row.text(column).is_empty());
    let quoted = given.clone().find(|column| reason.given() == Some(row.text(column)));
    let column = quoted.or_else(|| given.next()).or_else(|| columns.split('|').next());
    row.flaw(column.unwrap_or(columns), reason)
}

/// Returns the column of a path, or of its nearest known prefix.
pub(super) fn column(columns: &ColumnMap, path: &str) -> Option<&'static str> {
    let find = |path: &str| {
        columns.iter().chain(SHARED).find(|(known, _)| *known == path).map(|(_, column)| *column)
    };
    let mut path = path;
    loop {
        if let Some(column) = find(path) {
            return Some(column);
        }
        path = path.rsplit_once('.')?.0;
    }
}

/// Returns published entries for a directory, numbered within their logs.
pub(super) fn published<C: Content>(coded: &[Coded<C>]) -> Vec<Entry<C>> {
    let mut numbers: HashMap<Log, i32> = HashMap::new();
    let entries = coded.iter().map(|entry| {
        let number = numbers.entry(entry.parsed.log).or_default();
        *number += 1;
        let meta = EntryMeta {
            log: entry.parsed.log,
            number: *number,
            code: entry.code.clone(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        };
        Entry { meta, content: entry.parsed.content.clone() }
    });
    entries.collect()
}

/// Returns a period in EDTF from its first and last date; an empty date is an open end.
pub(super) fn period(start: &str, end: &str) -> String {
    match (start, end) {
        ("", "") => String::new(),
        (start, "") => format!("{start}/.."),
        ("", end) => format!("../{end}"),
        (start, end) if start == end => start.to_owned(),
        (start, end) => format!("{start}/{end}"),
    }
}
