//! Reads of one request, with the dependencies of its response.

mod proposals;
mod read_state;
mod readable;

pub use readable::ReadableContent;

use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::rule_scan::{self, RuleScan, ScanRange};
use crate::{Countable, FeedPage, FeedQuery, LatestChanges, ReadModel, Register, ScopeSnapshot, Selection};
use arc_swap::ArcSwap;
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::date::Day;
use caunoi_domain::dependency::{Dependencies, ReadSet};
use caunoi_domain::entry::{Entry, EntryKey};
use caunoi_domain::feed::FeedFilter;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::page::{ListQuery, Page, Parent};
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::rules::RuleContext;
use caunoi_domain::tombstone::Tombstone;
use caunoi_store::StoredContent;
use read_state::ReadState;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::SemaphorePermit;

/// Reads the register for one request and records the logs that are read. A cached response is
/// valid until one of its logs has moved. Clones record to the same set.
///
/// A read that no rule confines to named logs is recorded as all logs. So a read outside the narrow
/// methods ([`RegisterReader::register`]) costs cache hits, and never returns a stale response.
///
/// For a scope that sees unpublished entries, all rows and numbers of a query come from one state,
/// which is pinned at its first use (`snapshot.rs`).
#[derive(Clone)]
pub struct RegisterReader {
    register: Arc<Register>,
    snapshot: ScopeSnapshot,
    reads: Arc<ReadSet>,
    pins_snapshot: bool,
    state: Arc<ArcSwap<ReadState>>,
    cancellation: Cancellation,
}

impl RegisterReader {
    /// Returns a reader for a query or an event of a subscription.
    #[must_use]
    pub fn new(register: Arc<Register>, scope: Scope) -> Self {
        let pins_snapshot = scope.visibility() != Visibility::Published;
        Self { pins_snapshot, ..Self::for_mutation(register, scope) }
    }

    /// Returns a reader for a mutation, which reads the current state instead of a pinned one. Its
    /// numbers come from one state all the same.
    #[must_use]
    pub fn for_mutation(register: Arc<Register>, scope: Scope) -> Self {
        let snapshot = register.scope_snapshot(scope);
        Self {
            register,
            snapshot,
            reads: Arc::default(),
            pins_snapshot: false,
            state: Arc::default(),
            cancellation: Cancellation::default(),
        }
    }

    /// Returns the read model of the query: the pinned one, else that of its start.
    #[must_use]
    pub fn read_model(&self) -> Arc<ReadModel> {
        let state = self.state.load();
        let pinned = state.pinned.get().map(|pinned| &pinned.read_model);
        Arc::clone(pinned.unwrap_or(&self.snapshot.read_model))
    }

    /// Returns the reader with a cancellation of its operation.
    #[must_use]
    pub fn with_cancellation(self, cancellation: Cancellation) -> Self {
        Self { cancellation, ..self }
    }

    /// Returns while the operation is wanted; see [`Cancellation::checkpoint`].
    pub async fn checkpoint(&self) {
        self.cancellation.checkpoint().await;
    }

    /// Returns the state of the register before anything was read.
    #[must_use]
    pub fn scope_snapshot(&self) -> &ScopeSnapshot {
        &self.snapshot
    }

    /// Returns the dependencies of the response once it is complete; `None` if it is private to one
    /// person.
    #[must_use]
    pub fn dependencies(&self) -> Option<Dependencies> {
        Dependencies::from_reads(&self.reads, &self.snapshot)
    }

    /// Returns the recorder of dependencies.
    #[must_use]
    pub fn reads(&self) -> &ReadSet {
        &self.reads
    }

    /// Returns the scope of the request.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.snapshot.scope
    }

    /// Returns the current day, and records that the response depends on it.
    #[must_use]
    pub fn today(&self) -> Day {
        self.reads.add_day();
        self.snapshot.today
    }

    /// Returns the register itself: for writes, or for reads not offered here.
    #[must_use]
    pub fn register(&self) -> &Arc<Register> {
        self.reads.add_all_logs();
        &self.register
    }

    /// Returns the register, for reads that record their dependencies themselves.
    pub(crate) fn uncounted_register(&self) -> &Arc<Register> {
        &self.register
    }

    pub(crate) fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// Waits until the operation may send another statement.
    pub(crate) async fn acquire_statement(&self) -> Option<SemaphorePermit<'_>> {
        self.cancellation.acquire_statement().await
    }

    /// Returns the key that signs log cursors; it never changes.
    #[must_use]
    pub fn cursor_key(&self) -> &InstallationKey {
        self.register.signing_key()
    }

    /// Returns the key that signs page cursors; it does not change within an epoch.
    #[must_use]
    pub fn page_key(&self) -> &InstallationKey {
        &self.snapshot.read_model.page_key
    }

    /// Returns one page of a list, in one statement.
    ///
    /// # Errors
    /// Returns an error if the cursor belongs to another list, or if the database does not respond.
    pub async fn list<C: ReadableContent>(&self, query: &ListQuery) -> Result<Page<Entry<C>>, Error> {
        C::list(self, query).await
    }

    async fn list_entries<C: StoredContent>(&self, query: &ListQuery) -> Result<Page<Entry<C>>, Error> {
        self.record_filter(&query.filter);
        let page = self.acquire_store().await?.list(self.scope(), query, self.page_key()).await?;
        self.cancellation.add_rows(page.rows.len());
        Ok(page)
    }

    /// Returns one page of entries under each of these parents, in one statement. All parents must
    /// be of one kind.
    ///
    /// # Errors
    /// Returns an error if the cursor belongs to another list, or if the database does not respond.
    pub async fn list_under<C: ReadableContent>(
        &self,
        parents: &[Parent],
        query: &ListQuery,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, Error> {
        C::list_under(self, parents, query).await
    }

    async fn list_entries_under<C: StoredContent>(
        &self,
        parents: &[Parent],
        query: &ListQuery,
    ) -> Result<HashMap<Parent, Page<Entry<C>>>, Error> {
        for parent in parents {
            self.record_filter(&parent.filter().and(query.filter.clone()));
        }
        let store = self.acquire_store().await?;
        let pages = store.list_under(self.scope(), parents, query, self.page_key()).await?;
        self.cancellation.add_rows(pages.values().map(|page| page.rows.len()).sum());
        Ok(pages)
    }

    /// Records the logs that a filter names. The log of a further owner has the public changes of a
    /// shared entry; a scope that sees unpublished versions depends on the logs that have those too.
    fn record_filter(&self, filter: &Filter) {
        self.reads.add_filter(filter);
        if !filter.names_owners() {
            return;
        }
        match self.scope().visibility() {
            Visibility::Published => {}
            Visibility::Province(own) => self.reads.add_log(own),
            Visibility::Ministry => self.reads.add_all_logs(),
        }
    }

    /// Returns the number of entries of a list, for kinds that have no facts in memory.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn count<C: ReadableContent>(&self, query: &ListQuery) -> Result<u64, Error> {
        C::count(self, query).await
    }

    async fn count_entries<C: StoredContent>(&self, query: &ListQuery) -> Result<u64, Error> {
        self.record_filter(&query.filter);
        Ok(self.acquire_store().await?.count::<C>(self.scope(), query).await?)
    }

    /// Returns the entries with these codes, in one statement; for the code of a merged entry the one
    /// that it was merged into, in a second one.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_by_codes<C: ReadableContent>(&self, codes: &[String]) -> Result<Vec<Entry<C>>, Error> {
        C::find_by_codes(self, codes).await
    }

    async fn find_entries_by_codes<C: StoredContent>(
        &self,
        codes: &[String],
    ) -> Result<Vec<Entry<C>>, Error> {
        let store = self.acquire_store().await?;
        let mut found = store.find_by_codes::<C>(self.scope(), codes).await?;
        let missing = |found: &[Entry<C>]| -> Vec<&str> {
            let has =
                |code: &&str| found.iter().any(|entry| entry.codes_with_merged().any(|own| own == *code));
            codes.iter().map(String::as_str).filter(|code| !has(code)).collect()
        };
        let absent = missing(&found);
        if !absent.is_empty() {
            found.extend(store.find_kept_by_codes::<C>(self.scope(), &absent).await?);
        }
        self.cancellation.add_rows(found.len());
        for entry in &found {
            self.reads.add_log(entry.meta.log);
        }
        // A code that does not exist may be assigned in any log.
        if !missing(&found).is_empty() {
            self.reads.add_all_logs();
        }
        Ok(found)
    }

    /// Returns the entries with these numbers in their logs, in one statement; for a merged entry the
    /// one that it was merged into, in a second one.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_by_keys<C: ReadableContent>(
        &self,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, Error> {
        C::find_by_keys(self, keys).await
    }

    async fn find_entries_by_keys<C: StoredContent>(
        &self,
        keys: &[(Log, i32)],
    ) -> Result<Vec<Entry<C>>, Error> {
        for (log, _) in keys {
            self.reads.add_log(*log);
        }
        let store = self.acquire_store().await?;
        let mut found = store.find_by_keys::<C>(self.scope(), keys).await?;
        let is_found = |key: &(Log, i32)| {
            let own = |entry: &Entry<C>| (entry.meta.log, entry.meta.number) == *key;
            found.iter().any(|entry| own(entry) || entry.content.common().has_merged(key.0, key.1))
        };
        let absent: Vec<(Log, i32)> = keys.iter().copied().filter(|key| !is_found(key)).collect();
        if !absent.is_empty() {
            let kept = store.find_kept_by_keys::<C>(self.scope(), &absent).await?;
            for entry in &kept {
                self.reads.add_log(entry.meta.log);
            }
            found.extend(kept);
        }
        self.cancellation.add_rows(found.len());
        Ok(found)
    }

    /// Returns the tombstones of those of these entries that were withdrawn, in one statement.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_tombstones(&self, keys: &[EntryKey]) -> Result<Vec<Tombstone>, Error> {
        for key in keys {
            self.reads.add_log(key.log);
        }
        Ok(self.acquire_store().await?.find_tombstones(keys).await?)
    }

    /// Returns the tombstone of the entry with this code, if it was withdrawn.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_tombstone_by_code(&self, code: &str) -> Result<Option<Tombstone>, Error> {
        let found = self.acquire_store().await?.find_tombstone_by_code(code).await?;
        match &found {
            // A withdrawal is final.
            Some(tombstone) => self.reads.add_log(tombstone.key.log),
            None => self.reads.add_all_logs(),
        }
        Ok(found)
    }

    /// Returns the agreements that refer to an entry with one of these codes, in one statement: for
    /// each code the newest 100, the newest first.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_linked(
        &self,
        link: AgreementLink,
        codes: &[String],
    ) -> Result<Vec<Entry<Agreement>>, Error> {
        // Any province may refer to an entry of any other.
        self.reads.add_all_logs();
        let found = self.acquire_store().await?.find_linked(self.scope(), link, codes).await?;
        self.cancellation.add_rows(found.len());
        Ok(found)
    }

    /// See [`Register::changes`].
    ///
    /// # Errors
    /// Returns the errors of [`Register::changes`].
    pub async fn changes(&self, query: &FeedQuery) -> Result<FeedPage, Error> {
        self.reads.add_all_logs();
        let rows = self.acquire_store().await?;
        self.register.feed_reader(&rows, self.scope()).changes(query).await
    }

    /// Returns the latest changes that the scope sees, at most `first`.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn latest(&self, filter: &FeedFilter, first: usize) -> Result<LatestChanges, Error> {
        self.reads.add_all_logs();
        let rows = self.acquire_store().await?;
        self.register.feed_reader(&rows, self.scope()).latest(filter, first).await
    }

    /// Checks published entries for violations of rules, after a key, until `most` with violations
    /// are found or 2,000 were read: for a province its own, for the ministry all.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn scan_rules(&self, after: Option<EntryKey>, most: usize) -> Result<RuleScan, Error> {
        self.reads.add_all_logs();
        let log = match self.scope().visibility() {
            Visibility::Province(log) => Some(log),
            Visibility::Ministry => None,
            Visibility::Published => {
                return Ok(RuleScan { found: Vec::new(), last: None, is_complete: true });
            }
        };
        let context = RuleContext { directory: &self.read_model().directory, today: self.today() };
        let store = self.acquire_store().await?;
        rule_scan::scan(&store, context, ScanRange::page(after, log, most)).await
    }

    /// Returns the facts that pass a filter in the scoped read model. Searches in the filter must
    /// have been replaced by their results.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn select<C: Countable>(
        &self,
        read_model: &Arc<ReadModel>,
        filter: Filter,
    ) -> Result<Selection, Error> {
        self.record_filter(&filter);
        self.checkpoint().await;
        let selection = self.scoped_model(read_model).await?.select::<C>(filter, &self.cancellation).await;
        // If the work was cancelled, the selection is incomplete.
        self.checkpoint().await;
        Ok(selection)
    }
}

impl std::fmt::Debug for RegisterReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisterReader").field("reads", &self.reads).finish_non_exhaustive()
    }
}
