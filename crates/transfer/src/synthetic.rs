//! Synthetic entries for load tests. A seed always gives the same entries, and each is marked as
//! synthetic by code, title or note, source and author.
//!
//! Provinces, partners and terms are real, the rest is random: a few provinces, countries and
//! fields have most of the entries, and dates cover thirty years. Every entry is parsed by the same
//! draft as the input of a mutation.

mod entries;
mod reference_sample;
mod rng;
#[cfg(test)]
mod tests;

use crate::shipped::COMPILED_ON;
use caunoi_domain::data_set::Batch;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::validation::Reason;
use reference_sample::ReferenceSample;
use std::sync::Arc;

/// The prefix of the author of synthetic entries; the seed follows.
pub const AUTHOR: &str = "synthetic:";
/// The code of the source of all synthetic entries.
pub const SOURCE_CODE: &str = "synthetic";
/// The title of that source.
pub const SOURCE_TITLE: &str = "synthetic, made by caunoi generate (dữ liệu giả lập)";
/// The mark in Vietnamese titles.
pub const MARK_VI: &str = "dữ liệu giả lập";
/// The mark in English titles.
pub const MARK_EN: &str = "synthetic";
/// Limit of the entries of one kind.
pub const MAX_ENTRIES: u32 = 10_000_000;

/// The last day of synthetic entries. It does not depend on the clock, so that a seed gives the
/// same entries on every day.
const LAST_DAY: Day = COMPILED_ON;
/// The number of entries from which a batch is full.
const BATCH_ENTRIES: usize = 1_000;

/// The number of synthetic entries of each kind, and the seed.
#[derive(Debug, Clone, Copy)]
pub struct SyntheticSpec {
    /// Relations; each agreement and event belongs to one.
    pub relations: u32,
    /// Agreements; one in 200 is a draft.
    pub agreements: u32,
    /// Events.
    pub events: u32,
    /// The random seed.
    pub seed: u64,
}

impl SyntheticSpec {
    /// Returns the total number of entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        [self.relations, self.agreements, self.events].map(u64::from).iter().sum()
    }

    /// Returns whether no entries are to be generated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the author for the log.
    #[must_use]
    pub fn author(&self) -> String {
        format!("{AUTHOR}{}", self.seed)
    }
}

/// An iterator over batches of entries, relation by relation; no batch refers to another one.
#[derive(Debug)]
pub struct Synthetic {
    spec: SyntheticSpec,
    sample: ReferenceSample,
    next: u32,
}

impl Synthetic {
    /// Returns the iterator. The directory must contain the source of synthetic entries.
    ///
    /// # Errors
    /// Returns `Invalid` if the directory lacks required reference data.
    pub fn new(spec: SyntheticSpec, directory: Arc<Directory>) -> Result<Self, Reason> {
        Ok(Self { spec, sample: ReferenceSample::new(directory)?, next: 0 })
    }

    /// Returns the numbers of the entries, out of `total`, that belong to a relation. Three
    /// quarters are spread evenly, the rest belongs to the first relations.
    fn numbers_of_relation(&self, total: u32, relation: u32) -> std::ops::Range<u32> {
        let all = u128::from(total);
        let even = all * 3 / 4;
        let of = u128::from(self.spec.relations);
        let until = |at: u32| {
            let at = u128::from(at);
            let crowded = ((all - even) * ((at << 40) / of).isqrt()) >> 20;
            u32::try_from(even * at / of + crowded).unwrap_or(total)
        };
        until(relation)..until(relation + 1)
    }

    fn add_relation(&self, number: u32, batch: &mut Batch) -> Result<(), Reason> {
        let relation_generator = entries::RelationGenerator::new(&self.sample, self.spec.seed, number);
        let mut activity = Vec::new();
        for number in self.numbers_of_relation(self.spec.agreements, number) {
            let (agreement, is_draft) = relation_generator.agreement(number)?;
            if is_draft {
                batch.drafts.push(agreement);
            } else {
                activity.extend(agreement.parsed.content.activity_on());
                batch.agreements.push(agreement);
            }
        }
        for number in self.numbers_of_relation(self.spec.events, number) {
            let event = relation_generator.event(number)?;
            activity.extend(event.parsed.content.activity_on());
            batch.events.push(event);
        }
        activity.sort_unstable();
        activity.dedup();
        batch.relations.push(relation_generator.relation(&activity)?);
        Ok(())
    }
}

impl Iterator for Synthetic {
    type Item = Result<Batch, Reason>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Batch::default();
        while self.next < self.spec.relations && batch.len() < BATCH_ENTRIES {
            if let Err(refusal) = self.add_relation(self.next, &mut batch) {
                self.next = self.spec.relations;
                return Some(Err(refusal));
            }
            self.next += 1;
        }
        if batch.is_empty() { None } else { Some(Ok(batch)) }
    }
}
