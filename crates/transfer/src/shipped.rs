//! The data set shipped with the program.
//!
//! Every row is parsed by the same drafts as the input of a mutation; this module only maps columns
//! and words of the files to those of the register.

mod agreements;
mod checks;
mod csv_schemas;
mod entries;
mod events;
mod figures;
mod files;
mod geography;
mod instruments;
mod localities;
mod merges;
mod named_organizations;
mod organizations;
mod participants;
mod programmes;
mod reference;
mod relations;
#[cfg(test)]
mod tests;
mod unit_changes;
mod units;

pub use files::Files;

use crate::table::Flaws;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::date::Day;
use caunoi_domain::directory::{Directory, Reference};
use data_encoding::HEXLOWER;
use entries::EntryReader;
use files::ShippedTables;
use sha2::{Digest, Sha256};

/// The day on which the shipped files were compiled; undated statements hold for this day.
pub const COMPILED_ON: Day = match Day::from_ymd_opt(2026, 11, 22) {
    Some(day) => day,
    // A constant cannot unwrap under our lints; the day above exists.
    None => Day::MIN,
};

/// The revision of the reading: what the same files mean to the register. It is part of the version,
/// so a register that has loaded the files under another revision loads them again.
const READING: &str = "2";

/// Reads the files compiled into the program; see [`read`].
///
/// # Errors
/// Returns the errors of [`read`].
pub fn data_set(known: &Reference) -> Result<DataSet, Flaws> {
    read(&Files::shipped(), known)
}

/// Returns the version: the day on which the shipped files were compiled, and the first 16
/// hexadecimal digits of the SHA-256 of how they are read, their names and texts, such as
/// `2026-11-22.a3811f0138ff96ef`.
#[must_use]
pub fn version() -> String {
    version_of(&Files::shipped())
}

fn version_of(files: &Files) -> String {
    let mut hash = Sha256::new();
    hash.update(READING);
    for (name, text) in files.named() {
        hash.update(name);
        hash.update([0]);
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    format!("{COMPILED_ON}.{}", HEXLOWER.encode(&hash.finalize()[..8]))
}

/// Returns the data set of these files. `known` is the reference data that the register contains:
/// its rows keep their ids, new rows get the next ones.
///
/// # Errors
/// Returns every flaw of the files, by file, line and column.
pub fn read(files: &Files, known: &Reference) -> Result<DataSet, Flaws> {
    let mut flaws = Flaws::default();
    let tables = ShippedTables::read(files, &mut flaws)?;
    checks::check(&tables, &mut flaws);
    participants::check(&tables, &mut flaws);
    let merges = merges::read(&tables, &mut flaws);
    let reference = reference::read(&tables, known, &mut flaws);
    let directory = Directory::new(reference.clone());
    let mut reader = EntryReader { tables: &tables, directory: &directory, flaws: &mut flaws };
    let organizations = organizations::read(&mut reader);
    let instruments = instruments::read(&mut reader);
    let programmes = programmes::read(&mut reader);
    let figures = figures::read(&mut reader);
    // Agreements and events refer to organizations of the same files, so their directory contains
    // these.
    let published = entries::published(&organizations);
    let directory = Directory::new(Reference { organizations: published, ..reference.clone() });
    let mut reader = EntryReader { tables: &tables, directory: &directory, flaws: &mut flaws };
    let agreements = agreements::read(&mut reader);
    let events = events::read(&mut reader);
    let relations = relations::read(&mut reader, &agreements, &events);
    flaws.into_result(DataSet {
        version: version_of(files),
        on: COMPILED_ON,
        reference,
        organizations,
        instruments,
        relations,
        agreements,
        events,
        programmes,
        figures,
        merges,
    })
}
