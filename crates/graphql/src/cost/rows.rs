//! How many rows the register holds, and how many of them a part of a document can be expected to
//! return.

use super::weights;
use caunoi_domain::cursor::{Positions, SealingKey};
use caunoi_domain::reference::Vocabulary;
use caunoi_register::Replica;
use serde_json::Value;
use strum::VariantArray as _;

/// Rows of a table for which one part of a filter counts one unit: it may be asked of every row.
const ROWS_OF_A_SCAN: u64 = 10_000;
/// Changes that a narrow filter of the feed may read past for one unit.
const CHANGES_OF_A_UNIT: u64 = 4;
/// Changes that one page of the feed reads at most.
const MOST_CHANGES: u64 = 2_000;
/// Values of one entry in a group key that has several: fields, countries, localities.
const VALUES_OF_AN_ENTRY: u64 = 4;
/// Units of the first tier that existed on one day, at most.
const UNITS_OF_A_DAY: u64 = 63;

/// How many rows of each kind the published register holds. Equal on every node at equal positions
/// of the logs; drafts are not counted.
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
    feed: Option<Feed>,
}

/// How far the logs have come, and what opens the cursors that say how far they were read.
#[derive(Debug, Clone)]
struct Feed {
    positions: Positions,
    key: SealingKey,
}

/// Rows that are expected in one place of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    /// How many, under all parents together.
    pub(super) count: u64,
    /// Whether no row comes twice.
    pub(super) are_distinct: bool,
}

impl Default for Sizes {
    /// About those of the shipped data.
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
    /// The sizes of what a node holds; `key` opens the cursors of its feed.
    pub(crate) fn of(replica: &Replica, key: &SealingKey) -> Self {
        let (directory, facts) = (&replica.directory, &replica.facts);
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
            feed: Some(Feed { positions: replica.positions.clone(), key: key.clone() }),
        }
    }

    /// The usual sizes with so many agreements.
    #[cfg(test)]
    pub(super) fn of_agreements(agreements: u64) -> Self {
        Self { agreements, ..Self::default() }
    }

    /// Rows of a page of this field of this type, `first` under each parent.
    pub(super) fn page(&self, (ty, page): (&str, &str), parents: Rows, first: u64) -> Rows {
        let all = self.table(page).unwrap_or(u64::MAX);
        let most = parents.count.saturating_mul(first.min(all));
        // An entry belongs to one province and one relation, but it may have several localities.
        let spread = if ty == "Locality" { VALUES_OF_AN_ENTRY } else { 1 };
        Rows {
            count: if parents.are_distinct { most.min(all.saturating_mul(spread)) } else { most },
            are_distinct: parents.are_distinct && spread == 1,
        }
    }

    /// Groups of the rows of a list, `first` under each parent, by these keys.
    pub(super) fn groups(&self, list: &str, by: Option<&Value>, parents: Rows, first: u64) -> Rows {
        let one = by.map(std::slice::from_ref).unwrap_or_default();
        let keys = by.and_then(Value::as_array).map_or(one, Vec::as_slice);
        let values = keys.iter().fold(1_u64, |all, key| all.saturating_mul(self.values(key)));
        let most = parents.count.saturating_mul(first.min(values));
        // Each group has a row, and a row is in no more groups than it has values.
        let rows = self.table(list).unwrap_or_else(|| self.largest()).saturating_mul(VALUES_OF_AN_ENTRY);
        let count = if parents.are_distinct { most.min(rows) } else { most };
        Rows { count, are_distinct: false }
    }

    /// How many values a group key can have.
    fn values(&self, key: &Value) -> u64 {
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

    /// Rows of a list without a page, under one parent.
    pub(super) fn list(&self, ty: &str, field: &str) -> u64 {
        match (ty, field) {
            ("Query", "countries") => self.countries,
            ("Query", "occasions") => self.occasions,
            ("Query", "instruments") => self.instruments,
            ("Query", "units") => self.units.min(UNITS_OF_A_DAY),
            ("Query", "terms") => self.terms,
            ("Query", "provinces") | (_, "missing" | "byProvince") => self.provinces,
            _ => weights::closed_list(field).unwrap_or(4),
        }
    }

    /// What one part of a filter on this page counts: it may be asked of every row.
    pub(super) fn scan(&self, page: &str) -> u64 {
        self.table(page).unwrap_or_else(|| self.largest()) / ROWS_OF_A_SCAN
    }

    /// What a search through all kinds counts for the rows of their tables.
    pub(super) fn search(&self) -> u64 {
        let rows = [self.relations, self.agreements, self.events, self.organizations, self.localities];
        rows.iter().fold(0, |sum: u64, rows| sum.saturating_add(*rows)) / ROWS_OF_A_SCAN
    }

    /// What a filter counts that may pass over most of the changes after a cursor.
    pub(super) fn changes_after(&self, cursor: Option<&str>) -> u64 {
        let Some(Feed { positions, key }) = &self.feed else { return MOST_CHANGES / CHANGES_OF_A_UNIT };
        let read = match cursor.map(|cursor| Positions::open(key, cursor)) {
            None => Positions::default(),
            Some(Ok(read)) => read,
            // It is refused when it is read.
            Some(Err(_)) => return 0,
        };
        let ahead = positions.iter().map(|(log, end)| u64::try_from(end - read.at(log)).unwrap_or(0));
        ahead.fold(0, u64::saturating_add).min(MOST_CHANGES) / CHANGES_OF_A_UNIT
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
