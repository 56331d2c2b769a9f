//! The rows of the reference data by code or name, for values that people write instead of codes.

use super::Reference;
use super::country_names::other_country_names;
use crate::locale::{Bilingual, Locale};
use crate::reference::Vocabulary;
use crate::spelling::joined_forms;
use crate::text::{fold_marked, fold_name, normalise};
use crate::unit::{AdminUnit, UnitKind};
use std::collections::HashMap;

/// Rows by their names with marks, by the folded text of their codes and names, and by the joined
/// forms of these.
#[derive(Debug)]
pub(super) struct Names<T> {
    marked: HashMap<String, Vec<T>>,
    folded: HashMap<String, Vec<T>>,
    forms: HashMap<String, Vec<T>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { marked: HashMap::new(), folded: HashMap::new(), forms: HashMap::new() }
    }
}

impl<T: PartialEq + Clone> Names<T> {
    fn add_code(&mut self, code: &str, row: &T) {
        add(&mut self.folded, fold_name(code), row);
        for form in joined_forms(code) {
            add(&mut self.forms, form, row);
        }
    }

    fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, row: &T) {
        for name in names {
            add(&mut self.marked, marked(name), row);
            self.add_code(name, row);
        }
    }

    /// Returns the row with this code or name; None where there is none, or more than one. A name as
    /// written, with its marks, precedes codes and names without marks: "Nga" is Russia, although NGA
    /// is the code of Nigeria. A name in another spelling, joined, or without the word for the kind of
    /// a place is certain where no row has it as written and one row has such a form.
    pub(super) fn only(&self, given: &str) -> Option<&T> {
        if let Some(rows) = self.marked.get(&marked(given)).filter(|_| !fold_name(given).is_empty()) {
            return only(rows);
        }
        if let Some(rows) = self.folded.get(&fold_name(given)).filter(|_| !fold_name(given).is_empty()) {
            return only(rows);
        }
        let forms = joined_forms(given);
        forms.iter().find_map(|form| self.forms.get(form)).and_then(|rows| only(rows))
    }
}

fn marked(name: &str) -> String {
    fold_marked(&normalise(name))
}

fn add<T: PartialEq + Clone>(rows: &mut HashMap<String, Vec<T>>, name: String, row: &T) {
    let rows = rows.entry(name).or_default();
    if !rows.contains(row) {
        rows.push(row.clone());
    }
}

fn only<T>(rows: &[T]) -> Option<&T> {
    if let [row] = rows { Some(row) } else { None }
}

/// The indexes of the directory by name. Rows are indexes of the lists of [`Reference`]; units are
/// slugs, because several units may have had one in turn.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    pub(super) units: Names<String>,
    pub(super) countries: Names<usize>,
    pub(super) localities: Names<usize>,
    pub(super) terms: HashMap<Vocabulary, Names<usize>>,
}

impl NameIndex {
    /// Folds the codes and names of the reference data.
    pub(super) fn of(reference: &Reference) -> Self {
        let mut index = Self::default();
        for unit in &reference.units {
            index.units.add_code(&unit.slug, &unit.slug);
            index.units.add(unit_names(unit).iter().map(String::as_str), &unit.slug);
        }
        for (row, country) in reference.countries.iter().enumerate() {
            index.countries.add_code(&country.iso2, &row);
            index.countries.add_code(&country.iso3, &row);
            index.countries.add(both(&country.name), &row);
            index.countries.add(other_country_names(&country.iso2).iter().copied(), &row);
        }
        for (row, locality) in reference.localities.iter().enumerate() {
            let aliases = locality.aliases.iter().map(|alias| alias.name.as_str());
            index.localities.add_code(&locality.slug, &row);
            index.localities.add(both(&locality.name), &row);
            index.localities.add(locality.native_name.as_deref().into_iter().chain(aliases), &row);
        }
        for (row, term) in reference.terms.iter().enumerate() {
            let names = index.terms.entry(term.vocabulary).or_default();
            names.add_code(&term.code, &row);
            names.add(both(&term.name), &row);
        }
        index
    }
}

/// Returns the names that a unit has or had, alone and with the word for its kind, as documents
/// print them: "Đồng Nai", "tỉnh Đồng Nai", "Dong Nai province".
fn unit_names(unit: &AdminUnit) -> Vec<String> {
    let mut names = Vec::new();
    for designation in &unit.designations {
        let (vi, en) = match designation.kind {
            UnitKind::Province => (["tỉnh"].as_slice(), "province"),
            UnitKind::City => (["thành phố", "TP"].as_slice(), "city"),
        };
        names.extend(both(&designation.name).map(str::to_owned));
        let name = designation.name.in_locale(Locale::Vi);
        names.extend(vi.iter().map(|kind| format!("{kind} {name}")));
        names.push(format!("{} {en}", designation.name.in_locale(Locale::En)));
    }
    names
}

pub(super) fn both(name: &Bilingual) -> [&str; 2] {
    Locale::ALL.map(|locale| name.in_locale(locale))
}
