//! Synthetic entries: as many as a load test wants, always the same for a seed, and marked as such
//! wherever somebody could take them for real: code, title or remark, source, author.
//!
//! Provinces, partners and words are those of the register, the rest is made up: a few provinces,
//! countries and fields have most of the entries, dates lie within thirty years. Every entry goes
//! through the same draft as a mutation.

mod chance;
mod entries;
mod scene;
#[cfg(test)]
mod tests;

use crate::shipped::COMPILED_ON;
use caunoi_domain::data_set::Batch;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::refusal::Refusal;
use scene::Scene;
use std::sync::Arc;

/// What every author of synthetic entries is called; the seed follows.
pub const AUTHOR: &str = "synthetic:";
/// The code of the source that all of them name.
pub const SOURCE_CODE: &str = "synthetic";
/// The title of that source.
pub const SOURCE_TITLE: &str = "synthetic, made by caunoi generate (dữ liệu giả lập)";
/// What stands behind their Vietnamese titles.
pub const MARK_VI: &str = "dữ liệu giả lập";
/// What stands behind their English titles.
pub const MARK_EN: &str = "synthetic";
/// The most entries of one kind.
pub const MOST: u32 = 10_000_000;

/// The last day that anything synthetic happened on. It is no day of the machine's, so that a seed
/// gives the same entries tomorrow.
const LAST_DAY: Day = COMPILED_ON;
/// Entries from which on a batch is full.
const FULL: usize = 1_000;

/// How many entries, and which.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Relations; each agreement and event belongs to one.
    pub relations: u32,
    /// Agreements; one in 200 is a draft.
    pub agreements: u32,
    /// Events.
    pub events: u32,
    /// Another number gives other entries.
    pub seed: u64,
}

impl Wish {
    /// How many entries in all.
    #[must_use]
    pub fn len(&self) -> u64 {
        [self.relations, self.agreements, self.events].map(u64::from).iter().sum()
    }

    /// Whether nothing is wished for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who is to stand in the log.
    #[must_use]
    pub fn author(&self) -> String {
        format!("{AUTHOR}{}", self.seed)
    }
}

/// The entries, relation by relation, in batches that stand for themselves.
#[derive(Debug)]
pub struct Synthetic {
    wish: Wish,
    scene: Scene,
    next: u32,
}

impl Synthetic {
    /// Makes ready; the directory must hold the source that synthetic entries name.
    ///
    /// # Errors
    /// The directory lacks what entries are made of.
    pub fn new(wish: Wish, directory: Arc<Directory>) -> Result<Self, Refusal> {
        Ok(Self { wish, scene: Scene::new(directory)?, next: 0 })
    }

    /// The numbers of the entries, out of so many, that belong to a relation. Three of four are
    /// spread evenly, the others lie with the first relations.
    fn share(&self, total: u32, relation: u32) -> std::ops::Range<u32> {
        let all = u128::from(total);
        let even = all * 3 / 4;
        let of = u128::from(self.wish.relations);
        let until = |at: u32| {
            let at = u128::from(at);
            let crowded = ((all - even) * ((at << 40) / of).isqrt()) >> 20;
            u32::try_from(even * at / of + crowded).unwrap_or(total)
        };
        until(relation)..until(relation + 1)
    }

    fn add_relation(&self, number: u32, batch: &mut Batch) -> Result<(), Refusal> {
        let tie = entries::Tie::new(&self.scene, self.wish.seed, number);
        let mut activity = Vec::new();
        for number in self.share(self.wish.agreements, number) {
            let (agreement, is_draft) = tie.agreement(number)?;
            if is_draft {
                batch.drafts.push(agreement);
            } else {
                activity.extend(agreement.placed.content.activity_on());
                batch.agreements.push(agreement);
            }
        }
        for number in self.share(self.wish.events, number) {
            let event = tie.event(number)?;
            activity.extend(event.placed.content.activity_on());
            batch.events.push(event);
        }
        activity.sort_unstable();
        activity.dedup();
        batch.relations.push(tie.relation(&activity)?);
        Ok(())
    }
}

impl Iterator for Synthetic {
    type Item = Result<Batch, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Batch::default();
        while self.next < self.wish.relations && batch.len() < FULL {
            if let Err(refusal) = self.add_relation(self.next, &mut batch) {
                self.next = self.wish.relations;
                return Some(Err(refusal));
            }
            self.next += 1;
        }
        if batch.is_empty() { None } else { Some(Ok(batch)) }
    }
}
