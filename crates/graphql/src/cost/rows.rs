//! The sizes of the register, and estimates of the rows that a field returns.

use super::weights;
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
/// The most changes that one page of the feed reads.
const MAX_CHANGES: u64 = 2_000;
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
            feed: Some(FeedPositions { positions: read_model.positions.clone(), key: key.clone() }),
        }
    }

    /// Returns the default sizes with a number of agreements.
    #[cfg(test)]
    pub(super) fn of_agreements(agreements: u64) -> Self {
        Self { agreements, ..Self::default() }
    }

    /// Estimates the rows of a page of type `page` on objects of type `ty`, `first` under each
    /// parent.
    pub(super) fn estimate_page(
        &self,
        (ty, page): (&str, &str),
        parents: RowEstimate,
        first: u64,
    ) -> RowEstimate {
        let all = self.table(page).unwrap_or(u64::MAX);
        let most = parents.count.saturating_mul(first.min(all));
        // An entry belongs to one province and one relation, but it may have several localities.
        let spread = if ty == "Locality" { VALUES_OF_AN_ENTRY } else { 1 };
        RowEstimate {
            count: if parents.are_distinct { most.min(all.saturating_mul(spread)) } else { most },
            are_distinct: parents.are_distinct && spread == 1,
        }
    }

    /// Estimates the groups of the rows of a list by these keys, `first` under each parent.
    pub(super) fn estimate_groups(
        &self,
        list: &str,
        by: Option<&Value>,
        parents: RowEstimate,
        first: u64,
    ) -> RowEstimate {
        let one = by.map(std::slice::from_ref).unwrap_or_default();
        let keys = by.and_then(Value::as_array).map_or(one, Vec::as_slice);
        let values = keys.iter().fold(1_u64, |all, key| all.saturating_mul(self.count_values(key)));
        let most = parents.count.saturating_mul(first.min(values));
        // Each group has a row, and a row is in at most as many groups as it has values.
        let rows = self.table(list).unwrap_or_else(|| self.largest()).saturating_mul(VALUES_OF_AN_ENTRY);
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

    /// Returns the expected rows of a list without pages, under one parent.
    pub(super) fn list_length(&self, ty: &str, field: &str) -> u64 {
        match (ty, field) {
            ("Query", "countries") => self.countries,
            ("Query", "occasions") => self.occasions,
            ("Query", "instruments") => self.instruments,
            ("Query", "units") => self.units.min(UNITS_OF_A_DAY),
            ("Query", "terms") => self.terms,
            ("Query", "provinces") | (_, "missing" | "byProvince") => self.provinces,
            _ => weights::list_length(field).unwrap_or(4),
        }
    }

    /// Returns the cost of one condition of a filter on this page: it may be tested on every row.
    pub(super) fn scan_cost(&self, page: &str) -> u64 {
        self.table(page).unwrap_or_else(|| self.largest()) / ROWS_OF_A_SCAN
    }

    /// Returns the cost of a search in the tables of all kinds.
    pub(super) fn search_cost(&self) -> u64 {
        let rows = [self.relations, self.agreements, self.events, self.organizations, self.localities];
        rows.iter().fold(0, |sum: u64, rows| sum.saturating_add(*rows)) / ROWS_OF_A_SCAN
    }

    /// Returns the cost of a filter that may skip most of the changes after a cursor.
    pub(super) fn skipped_changes_cost(&self, cursor: Option<&str>) -> u64 {
        let Some(FeedPositions { positions, key }) = &self.feed else {
            return MAX_CHANGES / CHANGES_OF_A_UNIT;
        };
        let read = match cursor.map(|cursor| Positions::from_cursor(key, cursor)) {
            None => Positions::default(),
            Some(Ok(read)) => read,
            // The resolver refuses an invalid cursor.
            Some(Err(_)) => return 0,
        };
        let ahead = positions.iter().map(|(log, end)| u64::try_from(end - read.at(log)).unwrap_or(0));
        ahead.fold(0, u64::saturating_add).min(MAX_CHANGES) / CHANGES_OF_A_UNIT
    }

    fn table(&self, page: &str) -> Option<u64> {
        match page {
            "RelationConnection" => Some(self.relations),
            "AgreementConnection" => Some(self.agreements),
            "EventConnection" => Some(self.events),
            "OrganizationConnection" => Some(self.organizations),
            "LocalityConnection" => Some(self.localities),
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
