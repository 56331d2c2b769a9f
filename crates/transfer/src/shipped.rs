//! The data set that is shipped with the program, read into what the register can write.
//!
//! Every row goes through the same drafts as a mutation; this module knows only which column
//! means what, and how the words of the files map to those of the register.

mod agreements;
mod bodies;
mod checks;
mod entries;
mod events;
mod figures;
mod files;
mod geography;
mod instruments;
mod localities;
mod organizations;
mod programmes;
mod reference;
mod relations;
mod shapes;
#[cfg(test)]
mod tests;
mod units;

pub use files::Files;

use crate::table::Flaws;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::date::Day;
use caunoi_domain::directory::{Directory, Reference};
use entries::Desk;
use files::Tables;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The day on which the shipped files were compiled: what they state without a date, they state
/// for this day.
pub const COMPILED_ON: Day = match Day::from_ymd_opt(2026, 11, 22) {
    Some(day) => day,
    None => Day::MIN,
};

/// What [`read`] makes of the files that are built into the program.
///
/// # Errors
/// As [`read`] has them.
pub fn data_set(known: &Reference) -> Result<DataSet, Flaws> {
    read(&Files::shipped(), known)
}

/// The day that the shipped files were compiled on, and the first 16 hexadecimal digits of the
/// SHA-256 over their names and texts: `2026-11-22.a3811f0138ff96ef`.
#[must_use]
pub fn version() -> String {
    version_of(&Files::shipped())
}

fn version_of(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files.named() {
        hash.update(name);
        hash.update([0]);
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).fold(format!("{COMPILED_ON}."), |mut digits, byte| {
        // Writing to a String never fails.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The data set of these files; rows that the register knows keep their keys, new ones get the
/// next.
///
/// # Errors
/// Everything that is wrong with the files, by file, line and column.
pub fn read(files: &Files, known: &Reference) -> Result<DataSet, Flaws> {
    let mut flaws = Flaws::default();
    let tables = Tables::read(files, &mut flaws)?;
    checks::check(&tables, &mut flaws);
    let reference = reference::read(&tables, known, &mut flaws);
    let directory = Directory::new(reference.clone());
    let mut desk = Desk { tables: &tables, directory: &directory, flaws: &mut flaws };
    let organizations = organizations::read(&mut desk);
    let instruments = instruments::read(&mut desk);
    let programmes = programmes::read(&mut desk);
    let figures = figures::read(&mut desk);
    let events = events::read(&mut desk);
    let bodies = entries::published(&organizations);
    let directory = Directory::new(Reference { organizations: bodies, ..reference.clone() });
    let mut desk = Desk { tables: &tables, directory: &directory, flaws: &mut flaws };
    let agreements = agreements::read(&mut desk);
    let relations = relations::read(&mut desk, &agreements, &events);
    flaws.settle(DataSet {
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
    })
}
