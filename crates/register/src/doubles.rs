//! Suspected doubles: published entries of different provinces that may record the same document or
//! event.

use crate::error::Error;
use crate::{ReadModel, RegisterReader};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Actor, Scope, Visibility};
use caunoi_domain::similarity::{SimilarityKey, SimilarityReason};
use caunoi_domain::statistics::{DoubleCandidate, find_double_candidates};
use caunoi_store::StoredContent;
use std::collections::HashMap;

/// The kinds whose entries are merged, in the order of their keys.
const KINDS: [EntryKind; 2] = [EntryKind::Agreement, EntryKind::Event];
/// Limit of the pairs whose titles one request compares.
const MAX_COMPARED: usize = 1_000;
/// Most keys of one statement.
const KEYS_PER_READ: usize = 500;
/// The home country, which is no partner.
const HOME: &str = "VN";

/// Two entries that may record the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectedDouble {
    /// The entry whose key comes first.
    pub first: EntryKey,
    /// The other one.
    pub second: EntryKey,
    /// What they have in common.
    pub reasons: Vec<SimilarityReason>,
}

/// A pair of entries, by their keys.
pub type EntryPair = (EntryKey, EntryKey);

/// The result of a comparison of some pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleScan {
    /// The suspected doubles, by the keys of both.
    pub found: Vec<SuspectedDouble>,
    /// The last pair that was compared; `None` if there was none.
    pub last: Option<EntryPair>,
    /// Whether no pair follows.
    pub is_complete: bool,
}

impl RegisterReader {
    /// Compares published entries of different provinces, after a pair, until `most` are suspected
    /// or 1,000 pairs were compared. Only the ministry gets any.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn scan_doubles(&self, after: Option<EntryPair>, most: usize) -> Result<DoubleScan, Error> {
        self.reads().add_all_logs();
        if self.scope().visibility() != Visibility::Ministry {
            return Ok(DoubleScan { found: Vec::new(), last: None, is_complete: true });
        }
        let read_model = self.read_model();
        let find = move |read_model: &ReadModel| find_candidates(read_model, after);
        let candidates = read_model.scan_facts(find).await;
        self.checkpoint().await;
        let keys = self.similarity_keys(&candidates).await?;
        let (mut found, mut last) = (Vec::new(), None);
        for DoubleCandidate { first, second, countries } in &candidates {
            if found.len() == most {
                return Ok(DoubleScan { found, last, is_complete: false });
            }
            last = Some((*first, *second));
            let (Some(one), Some(other)) = (keys.get(first), keys.get(second)) else { continue };
            let key = |key: &SimilarityKey| key.clone().with_countries(countries.clone());
            let reasons = key(one).suspect(&key(other));
            if !reasons.is_empty() {
                found.push(SuspectedDouble { first: *first, second: *second, reasons });
            }
        }
        Ok(DoubleScan { found, last, is_complete: candidates.len() < MAX_COMPARED })
    }

    async fn similarity_keys(
        &self,
        candidates: &[DoubleCandidate],
    ) -> Result<HashMap<EntryKey, SimilarityKey>, Error> {
        let mut keys = HashMap::new();
        let all: Vec<EntryKey> = candidates.iter().flat_map(|pair| [pair.first, pair.second]).collect();
        self.add_similarity_keys::<Agreement>(&all, &mut keys).await?;
        self.add_similarity_keys::<Event>(&all, &mut keys).await?;
        Ok(keys)
    }

    async fn add_similarity_keys<C: StoredContent>(
        &self,
        of: &[EntryKey],
        keys: &mut HashMap<EntryKey, SimilarityKey>,
    ) -> Result<(), Error> {
        let mut of_kind: Vec<(Log, i32)> =
            of.iter().filter(|key| key.kind == C::KIND).map(|key| (key.log, key.number)).collect();
        of_kind.sort_unstable();
        of_kind.dedup();
        let scope = Scope::of(&Actor::public());
        for chunk in of_kind.chunks(KEYS_PER_READ) {
            for entry in self.acquire_store().await?.find_by_keys::<C>(scope, chunk).await? {
                keys.extend(entry.content.similarity_key().map(|key| (entry.key(), key)));
            }
        }
        Ok(())
    }
}

fn find_candidates(read_model: &ReadModel, after: Option<EntryPair>) -> Vec<DoubleCandidate> {
    let home = read_model.directory.country_by_iso2(HOME).map(|country| country.id);
    let mut candidates = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| after.is_none_or(|(first, _)| *kind >= first.kind)) {
        let Some(facts) = read_model.facts.of(kind) else { continue };
        let of_kind = after.filter(|(first, _)| first.kind == kind);
        candidates.extend(find_double_candidates(facts, home, of_kind, MAX_COMPARED - candidates.len()));
        if candidates.len() == MAX_COMPARED {
            break;
        }
    }
    candidates
}
