//! The merges of a data set. A merge is loaded like the merge of a steward: the entries are published,
//! then merged, so that the log has their contents and people can undo it.

use super::DataSetLoad;
use crate::condition::PUBLISHED;
use crate::error::StoreError;
use crate::table::StoredContent;
use crate::write;
use caunoi_domain::change::{Change, Subject};
use caunoi_domain::data_set::{Coded, CodedMerge};
use caunoi_domain::entry::Entry;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::merge::{self, MergeWrite, Mergeable};
use caunoi_domain::merged_entry::{KeptEntry, MergeReason};
use caunoi_domain::publication::{EntryWrite, Versions};
use std::collections::HashMap;

impl DataSetLoad {
    /// Writes entries of a kind that is merged, then the merges of them that are new.
    pub(super) async fn merged_entries<C: StoredContent + Mergeable>(
        &mut self,
        entries: &[Coded<C>],
        merges: &[CodedMerge],
    ) -> Result<(), StoreError> {
        let by_code: HashMap<&str, &Coded<C>> =
            entries.iter().map(|coded| (coded.code.as_str(), coded)).collect();
        let mut published: HashMap<&str, Entry<C>> = HashMap::new();
        for coded in entries {
            if merges.iter().any(|merge| merge.merged == coded.code) && self.is_merged::<C>(&coded.code) {
                self.loaded.unchanged += 1;
                continue;
            }
            let with_merged = self.with_loaded_merges(coded, &by_code, merges);
            if let Some(entry) = self.entry(&with_merged).await? {
                published.insert(coded.code.as_str(), entry);
            }
        }
        self.writing.send().await?;
        for coded in entries {
            let Some(kept) = published.get(coded.code.as_str()) else { continue };
            let of_kept = merges.iter().filter(|merge| merge.kept == coded.code);
            let new: Vec<(&CodedMerge, Entry<C>)> = of_kept
                .filter_map(|merge| Some((merge, published.get(merge.merged.as_str())?.clone())))
                .collect();
            if !new.is_empty() {
                self.merge(kept.clone(), new).await?;
            }
        }
        self.writing.send().await
    }

    fn is_merged<C: StoredContent>(&self, code: &str) -> bool {
        self.last(Subject::Entry(C::KIND), code).is_some_and(|last| last.is_merged)
    }

    /// Returns an entry with the merges into it that were loaded before.
    fn with_loaded_merges<C: StoredContent + Mergeable>(
        &self,
        coded: &Coded<C>,
        by_code: &HashMap<&str, &Coded<C>>,
        merges: &[CodedMerge],
    ) -> Coded<C> {
        let mut coded = coded.clone();
        for merge in merges.iter().filter(|merge| merge.kept == coded.code) {
            let last = self.last(Subject::Entry(C::KIND), &merge.merged).filter(|last| last.is_merged);
            if let (Some(last), Some(other)) = (last, by_code.get(merge.merged.as_str())) {
                let mut other = super::to_entry(other);
                (other.meta.log, other.meta.number) = (last.log, last.number);
                coded.parsed.content = merge::absorb(coded.parsed.content, &other);
            }
        }
        coded
    }

    async fn merge<C: StoredContent + Mergeable>(
        &mut self,
        kept: Entry<C>,
        others: Vec<(&CodedMerge, Entry<C>)>,
    ) -> Result<(), StoreError> {
        let is_new = self.last(Subject::Entry(C::KIND), &kept.meta.code).is_none();
        let merged_into =
            KeptEntry { log: kept.meta.log, number: kept.meta.number, code: kept.meta.code.clone() };
        let (merges, others): (Vec<&CodedMerge>, Vec<Entry<C>>) = others.into_iter().unzip();
        let alone = |entry: Entry<C>| Versions { published: Some(entry), working: None };
        let versions = others.iter().cloned().map(alone).collect();
        let writes = merge::merge(alone(kept), versions, self.at_us);
        let MergeWrite { kept, merged } = writes.map_err(|problems| {
            let code = merged_into.code.clone();
            let problem = problems.first().map(ToString::to_string).unwrap_or_default();
            StoreError::corrupt(crate::entity::change::Column::Code, code, problem)
        })?;
        let reason =
            |reason: &Bilingual| MergeReason { reason: reason.clone(), merged_into: merged_into.clone() };
        for ((merge, write), other) in merges.iter().zip(merged).zip(&others) {
            self.writing.remove::<C>(other, PUBLISHED).await?;
            self.append_merge(&write, &reason(&merge.reason))?;
        }
        if let (Some(merge), Some(entry)) = (merges.first(), &kept.versions.published) {
            self.writing.save(entry, true).await?;
            self.append_merge(&kept, &reason(&merge.reason))?;
        }
        if !is_new {
            self.loaded.updated += 1;
        }
        Ok(())
    }

    /// Appends the change of a merge, also to the logs of the owners.
    fn append_merge<C: StoredContent>(
        &mut self,
        write: &EntryWrite<C>,
        reason: &MergeReason,
    ) -> Result<(), StoreError> {
        let meta = &write.shown.meta;
        let text = |content: &Option<C>| {
            content.as_ref().map(|content| write::canonical(content, &meta.code)).transpose()
        };
        let change = Change {
            log: meta.log,
            subject: Subject::Entry(C::KIND),
            number: meta.number,
            code: meta.code.clone(),
            version: meta.last_version,
            operation: write.operation,
            was: write.was,
            publication: meta.publication,
            is_public: write.is_public,
            author: self.author.clone(),
            at_us: self.at_us,
            idempotency_key: None,
            reason: serde_json::to_string(reason).ok(),
            before: text(&write.before)?,
            after: text(&write.after)?,
        };
        self.writing.append(&change);
        for owner in write.owner_logs(self.writing.directory()) {
            self.writing.append_shared(C::KIND, &change, owner);
        }
        Ok(())
    }
}
