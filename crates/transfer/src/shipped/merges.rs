//! The reader of merges: rows of agreements and events that record the same document or event.

use super::csv_schemas::ShippedFile;
use super::files::ShippedTables;
use crate::table::{CsvRow, Flaws};
use caunoi_domain::data_set::CodedMerge;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind};

/// The files of the entries that are merged.
const FILES: [ShippedFile; 2] = [ShippedFile::Agreements, ShippedFile::Events];

/// Reads the merges. Each row names two entries of one file; an entry that is kept is not merged.
pub(super) fn read(tables: &ShippedTables, flaws: &mut Flaws) -> Vec<CodedMerge> {
    let merge = |row: CsvRow<'_>| {
        check(tables, row, flaws);
        CodedMerge {
            kept: row.owned("kept_id"),
            merged: row.owned("merged_id"),
            reason: Bilingual { vi: None, en: Some(row.owned("reason")) },
        }
    };
    tables[ShippedFile::Merges].rows().map(merge).collect()
}

fn check(tables: &ShippedTables, row: CsvRow<'_>, flaws: &mut Flaws) {
    let (kept, merged) = (row.text("kept_id"), row.text("merged_id"));
    let file = FILES.into_iter().find(|file| tables[*file].find("id", kept).is_some());
    let Some(file) = file else {
        flaws.push(row.flaw("kept_id", Reason::unknown(ReferenceKind::Entry, kept)));
        return;
    };
    if tables[file].find("id", merged).is_none() {
        flaws.push(row.flaw("merged_id", Reason::unknown(ReferenceKind::Entry, merged)));
    }
    if kept == merged {
        flaws.push(row.flaw("merged_id", Reason::from(InvalidReason::OwnEntry)));
    } else if let Some(other) = tables[ShippedFile::Merges].find("merged_id", kept) {
        let into = other.owned("kept_id");
        flaws.push(row.flaw("kept_id", Reason::from(InvalidReason::AlreadyMerged { into })));
    }
    if row.text("reason").is_empty() {
        flaws.push(row.flaw("reason", Reason::Required));
    }
}
