//! The published entries that break rules: shipped ones, and those published before the rules.

use crate::commands::WritableContent;
use crate::error::Error;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryKey, EntryKind};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::rules::{RULES, RuleContext, RuleViolation};
use caunoi_store::{DatabaseLocation, Store};

/// Entries that are read in one statement.
const BATCH: u64 = 500;
/// Limit of the entries that one request checks.
const MAX_SCANNED: usize = 2_000;

/// A published entry that breaks rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryViolations {
    /// The key.
    pub key: EntryKey,
    /// The printable code.
    pub code: String,
    /// The violations; at least one.
    pub violations: Vec<RuleViolation>,
}

/// The result of a check of some entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleScan {
    /// The entries that break rules, by kind, log and number.
    pub found: Vec<EntryViolations>,
    /// The last entry that was checked; `None` if there was none.
    pub last: Option<EntryKey>,
    /// Whether no entry follows.
    pub is_complete: bool,
}

/// Where a scan reads, and where it stops.
pub(crate) struct ScanRange {
    /// The entry after which it begins.
    pub(crate) after: Option<EntryKey>,
    /// Only entries of this log; `None` for all.
    pub(crate) log: Option<Log>,
    /// The limit of the entries found.
    pub(crate) most_found: usize,
    /// The limit of the entries read.
    pub(crate) most_read: usize,
}

impl ScanRange {
    /// The range of a page.
    pub(crate) fn page(after: Option<EntryKey>, log: Option<Log>, most_found: usize) -> Self {
        Self { after, log, most_found, most_read: MAX_SCANNED }
    }
}

/// Checks published entries of all kinds, within a range.
pub(crate) async fn scan(
    store: &Store,
    context: RuleContext<'_>,
    range: ScanRange,
) -> Result<RuleScan, Error> {
    let (after, found) = (range.after, Vec::new());
    let mut scanner = Scanner { store, context, range, found, last: after, read: 0 };
    let kinds = RULES.iter().map(|(kind, _)| *kind);
    for kind in kinds.filter(|kind| after.is_none_or(|after| *kind >= after.kind)) {
        let is_done = match kind {
            EntryKind::Relation => scanner.scan_kind::<Relation>().await?,
            EntryKind::Agreement => scanner.scan_kind::<Agreement>().await?,
            EntryKind::Event => scanner.scan_kind::<Event>().await?,
            EntryKind::Organization => scanner.scan_kind::<Organization>().await?,
            EntryKind::Programme => scanner.scan_kind::<Programme>().await?,
            EntryKind::Figure => scanner.scan_kind::<Figure>().await?,
            EntryKind::Instrument => scanner.scan_kind::<Instrument>().await?,
        };
        if !is_done {
            return Ok(RuleScan { found: scanner.found, last: scanner.last, is_complete: false });
        }
    }
    Ok(RuleScan { found: scanner.found, last: scanner.last, is_complete: true })
}

struct Scanner<'a> {
    store: &'a Store,
    context: RuleContext<'a>,
    range: ScanRange,
    found: Vec<EntryViolations>,
    last: Option<EntryKey>,
    read: usize,
}

impl Scanner<'_> {
    /// Checks the entries of one kind. Returns whether all of them were checked.
    async fn scan_kind<C: WritableContent>(&mut self) -> Result<bool, Error> {
        let scope = Scope::of(&Actor::public());
        loop {
            if self.found.len() >= self.range.most_found || self.read >= self.range.most_read {
                return Ok(false);
            }
            let after = self.last.filter(|key| key.kind == C::KIND).map(|key| (key.log, key.number));
            let entries: Vec<Entry<C>> =
                self.store.list_published_after(scope, self.range.log, after, BATCH).await?;
            let is_last = (entries.len() as u64) < BATCH;
            for entry in entries {
                if self.found.len() >= self.range.most_found {
                    return Ok(false);
                }
                self.check(&entry);
            }
            if is_last {
                return Ok(true);
            }
        }
    }

    fn check<C: WritableContent>(&mut self, entry: &Entry<C>) {
        let (key, violations) = (entry.key(), entry.content.violations(self.context));
        self.last = Some(key);
        self.read += 1;
        if !violations.is_empty() {
            self.found.push(EntryViolations { key, code: entry.meta.code.clone(), violations });
        }
    }
}

/// Checks all published entries of a database on the day `today`. Takes no lock, so a server may be running, and
/// applies no migration.
///
/// # Errors
/// Returns an error if the database does not respond.
pub async fn find_rule_violations(
    place: &DatabaseLocation,
    today: Day,
) -> Result<Vec<EntryViolations>, Error> {
    let store = Store::open(place).await?;
    let found = find_all(&store, today).await;
    store.close().await;
    found
}

async fn find_all(store: &Store, today: Day) -> Result<Vec<EntryViolations>, Error> {
    let directory = Directory::new(store.reference().await?);
    let range = ScanRange { after: None, log: None, most_found: usize::MAX, most_read: usize::MAX };
    Ok(scan(store, RuleContext { directory: &directory, today }, range).await?.found)
}
