//! The sizes of the register, and estimates of the rows that a field returns.

use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::reference::Vocabulary;
use caunoi_register::ReadModel;
use serde_json::Value;
use strum::VariantArray as _;

/// Rows of a table for which one condition of a filter costs one unit: it may be tested on every
/// row.
const ROWS_OF_A_SCAN: u64 = 10_000;
/// Changes that a narrow filter of the feed may skip for one unit.
const CHANGES_OF_A_UNIT: u64 = 4;
/// Changes from which a past state is computed for one unit.
const CHANGES_OF_A_PAST_UNIT: u64 = 100;
/// The typical values of one entry for a group key with several values: fields, countries,
/// localities.
const VALUES_OF_AN_ENTRY: u64 = 4;
/// The most units of the first tier on one day.
const UNITS_OF_A_DAY: u64 = 63;

/// The number of published rows of each kind in the register. Equal on every node at equal log
/// positions; drafts are not counted.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    provinces: u64,
    units: u64,
    countries: u64,
    localities: u64,
    occasions: u64,
    instruments: u64,
    /// Terms of the fields of cooperation.
    fields: u64,
    /// Terms of the largest vocabulary.
    terms: u64,
    relations: u64,
    agreements: u64,
    events: u64,
    organizations: u64,
    feed: Option<FeedPositions>,
}

/// The heads of the logs, and the key that verifies cursors.
#[derive(Debug, Clone)]
struct FeedPositions {
    positions: Positions,
    key: InstallationKey,
}

/// The expected rows at one location of a response.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowEstimate {
    /// Their number, under all parents together.
    pub(super) count: u64,
    /// Whether each row occurs only once.
    pub(super) are_distinct: bool,
}

impl Default for Sizes {
    /// Returns about the sizes of the shipped data.
    fn default() -> Self {
        Self {
            provinces: 34,
            units: 97,
            countries: 249,
            localities: 400,
            occasions: 33,
            instruments: 20,
            fields: 30,
            terms: 60,
            relations: 300,
            agreements: 150,
            events: 180,
            organizations: 64,
            feed: None,
        }
    }
}

impl Sizes {
    /// Reads the sizes of a read model; `key` verifies the cursors of its feed.
    pub(crate) fn of(read_model: &ReadModel, key: &InstallationKey) -> Self {
        let (directory, facts) = (&read_model.directory, &read_model.facts);
        let terms = |vocabulary: &Vocabulary| number(directory.terms(*vocabulary).count());
        Self {
            provinces: number(directory.provinces().len()),
            units: number(directory.units().len()),
            countries: number(directory.countries().len()),
            localities: number(directory.localities().len()),
            occasions: number(directory.occasions().len()),
            instruments: number(directory.instruments().len()),
            fields: terms(&Vocabulary::Field),
            terms: Vocabulary::VARIANTS.iter().map(terms).max().unwrap_or_default(),
            relations: number(facts.relations.len()),
            agreements: number(facts.agreements.len()),
            events: number(facts.events.len()),
            organizations: number(facts.organizations.len()),
            feed: Some(FeedPositions { positions: read_model.public_heads.clone(), key: key.clone() }),
        }
    }

    /// Returns the default sizes with a number of agreements.
    #[cfg(test)]
    pub(super) fn of_agreements(agreements: u64) -> Self {
        Self { agreements, ..Self::default() }
    }

    /// Estimates the rows of type `row` of pages on objects of type `ty`, `first` under each parent.
    pub(super) fn estimate_page(&self, ty: &str, row: &str, parents: RowEstimate, first: u64) -> RowEstimate {
        let all = self.table(row).unwrap_or(u64::MAX);
        let most = parents.count.saturating_mul(first.min(all));
        // An entry belongs to one province and one relation, but it may have several localities.
        let spread = if ty == "Locality" { VALUES_OF_AN_ENTRY } else { 1 };
        RowEstimate {
            count: if parents.are_distinct { most.min(all.saturating_mul(spread)) } else { most },
            are_distinct: parents.are_distinct && spread == 1,
        }
    }

    /// Estimates the groups of rows of type `row` by these keys, `first` under each parent.
    pub(super) fn estimate_groups(
        &self,
        row: &str,
        by: Option<&Value>,
        parents: RowEstimate,
        first: u64,
    ) -> RowEstimate {
        let one = by.map(std::slice::from_ref).unwrap_or_default();
        let keys = by.and_then(Value::as_array).map_or(one, Vec::as_slice);
        let values = keys.iter().fold(1_u64, |all, key| all.saturating_mul(self.count_values(key)));
        let most = parents.count.saturating_mul(first.min(values));
        // Each group has a row, and a row is in at most as many groups as it has values.
        let rows = self.table(row).unwrap_or_else(|| self.largest()).saturating_mul(VALUES_OF_AN_ENTRY);
        let count = if parents.are_distinct { most.min(rows) } else { most };
        RowEstimate { count, are_distinct: false }
    }

    /// Returns the most values of a group key.
    fn count_values(&self, key: &Value) -> u64 {
        if let Some(bucket) = key.get("bucket").filter(|bucket| !bucket.is_null()) {
            return match bucket["unit"].as_str().unwrap_or_default() {
                "DECADE" => 12,
                "YEAR" => 120,
                "QUARTER" => 480,
                _ => 1_440,
            };
        }
        match key["key"].as_str().unwrap_or_default() {
            "COUNTRY" => self.countries,
            "PROVINCE" => self.provinces.max(UNITS_OF_A_DAY),
            "UNIT" => self.units,
            "LOCALITY" => self.localities,
            "FIELD" => self.fields,
            "REGION" => 30,
            _ => self.terms,
        }
    }

    /// Returns the number of rows of type `row` in a list of all of them; none if the register does
    /// not count them.
    pub(super) fn whole_list(&self, row: &str) -> Option<u64> {
        match row {
            "Country" => Some(self.countries),
            "Occasion" => Some(self.occasions),
            "Instrument" => Some(self.instruments),
            "AdminUnit" => Some(self.units.min(UNITS_OF_A_DAY)),
            "Term" => Some(self.terms),
            "Province" => Some(self.provinces),
            _ => None,
        }
    }

    /// Returns the cost of one condition of a filter on rows of type `row`: it may be tested on
    /// every row.
    pub(super) fn scan_cost(&self, row: &str) -> u64 {
        self.table(row).unwrap_or_else(|| self.largest()) / ROWS_OF_A_SCAN
    }

    /// Returns the cost of a search in the tables of all kinds.
    pub(super) fn search_cost(&self) -> u64 {
        let rows = [self.relations, self.agreements, self.events, self.organizations, self.localities];
        rows.iter().fold(0, |sum: u64, rows| sum.saturating_add(*rows)) / ROWS_OF_A_SCAN
    }

    /// Returns the cost of a filter that may skip most of the changes after a cursor, at most
    /// `most`.
    pub(super) fn skipped_changes_cost(&self, cursor: Option<&str>, most: u64) -> u64 {
        let Some(FeedPositions { positions, key }) = &self.feed else { return most };
        let read = match cursor.map(|cursor| Positions::from_cursor(key, cursor)) {
            None => Positions::default(),
            Some(Ok(read)) => read,
            // The resolver refuses an invalid cursor.
            Some(Err(_)) => return 0,
        };
        let ahead = positions.iter().map(|(log, end)| u64::try_from(end - read.at(log)).unwrap_or(0));
        (ahead.fold(0, u64::saturating_add) / CHANGES_OF_A_UNIT).min(most)
    }

    /// Returns the cost of a past state, which is computed from the changes of all logs.
    pub(super) fn past_cost(&self) -> u64 {
        let Some(FeedPositions { positions, .. }) = &self.feed else { return 0 };
        let changes = positions.iter().map(|(_, end)| u64::try_from(end).unwrap_or(0));
        changes.fold(0, u64::saturating_add) / CHANGES_OF_A_PAST_UNIT
    }

    fn table(&self, row: &str) -> Option<u64> {
        match row {
            "Relation" => Some(self.relations),
            "Agreement" => Some(self.agreements),
            "Event" => Some(self.events),
            "Organization" => Some(self.organizations),
            "Locality" => Some(self.localities),
            _ => None,
        }
    }

    fn largest(&self) -> u64 {
        self.relations.max(self.agreements).max(self.events).max(self.organizations)
    }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
