//! What the readers of all kinds of entries share.

use super::files::Tables;
use crate::table::{Flaw, Flaws, Row};
use caunoi_domain::data_set::Coded;
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{CommonDraft, Placed};
use caunoi_domain::entry::{Content, Entry, Publication, Stamp};
use caunoi_domain::id::Log;
use caunoi_domain::refusal::{Problem, Refusal};
use std::collections::HashMap;

/// Paths in a draft and the column that each is read from; several with `|` between them.
pub(super) type Columns = [(&'static str, &'static str)];

/// The columns that files of entries share.
const SHARED: &Columns = &[("unit", "province_slug"), ("sources", "source_id")];

/// What a reader of entries works with.
pub(super) struct Desk<'a> {
    pub(super) tables: &'a Tables,
    pub(super) directory: &'a Directory,
    pub(super) flaws: &'a mut Flaws,
}

impl Desk<'_> {
    /// The shared part of a draft: the unit and the source of a row, and a pillar.
    pub(super) fn common(&self, row: Row<'_>, pillar: &str) -> CommonDraft {
        CommonDraft {
            unit: row.owned("province_slug"),
            pillar: pillar.to_owned(),
            fields: Vec::new(),
            sources: self.sources(&[row]),
            ..CommonDraft::default()
        }
    }

    /// The sources of rows, each once; unknown ones are refused where all files are checked.
    pub(super) fn sources(&self, rows: &[Row<'_>]) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        for source in rows.iter().map(|row| row.owned("source_id")) {
            if !sources.contains(&source) && self.directory.source_by_code(&source).is_some() {
                sources.push(source);
            }
        }
        sources
    }

    /// The content under the code of its row, or its problems as flaws of that row.
    pub(super) fn settle<C>(
        &mut self,
        row: Row<'_>,
        columns: &Columns,
        outcome: Result<Placed<C>, Vec<Problem>>,
    ) -> Option<Coded<C>> {
        self.settle_at(row.text("id"), outcome, |path| {
            column(columns, path).map(|column| (row, column)).ok_or(row)
        })
    }

    /// The same where the draft was made of several rows: `place` finds row and column of a
    /// path, or the row where no column is known for it.
    pub(super) fn settle_at<'t, C>(
        &mut self,
        code: &str,
        outcome: Result<Placed<C>, Vec<Problem>>,
        place: impl Fn(&str) -> Result<(Row<'t>, &'static str), Row<'t>>,
    ) -> Option<Coded<C>> {
        let problems = match outcome {
            Ok(placed) => return Some(Coded { code: code.to_owned(), placed }),
            Err(problems) => problems,
        };
        for problem in problems {
            let path = problem.path.join(".");
            self.flaws.note(match place(&path) {
                Ok((row, columns)) => blame(row, columns, &problem.refusal),
                Err(row) => row.flaw(&path, problem.refusal),
            });
        }
        None
    }
}

/// The flaw at the one of several columns whose text the refusal quotes, else at the first that
/// is not blank.
fn blame(row: Row<'_>, columns: &'static str, refusal: &Refusal) -> Flaw {
    let reason = refusal.to_string();
    let mut given = columns.split('|').filter(|column| !row.text(column).is_empty());
    let quoted = given.clone().find(|column| reason.contains(row.text(column)));
    let column = quoted.or_else(|| given.next()).or_else(|| columns.split('|').next());
    row.flaw(column.unwrap_or(columns), reason)
}

/// The column of a path, or of the nearest path around it.
pub(super) fn column(columns: &Columns, path: &str) -> Option<&'static str> {
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

/// The entries as the directory holds published ones, numbered within their logs.
pub(super) fn published<C: Content>(coded: &[Coded<C>]) -> Vec<Entry<C>> {
    let mut numbers: HashMap<Log, i32> = HashMap::new();
    let entries = coded.iter().map(|entry| {
        let number = numbers.entry(entry.placed.log).or_default();
        *number += 1;
        let stamp = Stamp {
            log: entry.placed.log,
            number: *number,
            code: entry.code.clone(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        };
        Entry { stamp, content: entry.placed.content.clone() }
    });
    entries.collect()
}

/// A period from its first and last date: one date, an interval, or one with an open end.
pub(super) fn period(start: &str, end: &str) -> String {
    match (start, end) {
        ("", "") => String::new(),
        (start, "") => format!("{start}/.."),
        ("", end) => format!("../{end}"),
        (start, end) if start == end => start.to_owned(),
        (start, end) => format!("{start}/{end}"),
    }
}
