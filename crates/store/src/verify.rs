//! The integrity check: every link of the logs is valid, and every row is what its log says.

mod consistency;
mod expected;
mod sharing;

use crate::column::Table;
use crate::condition::{PUBLISHED, WORKING};
use crate::connect::Store;
use crate::entity::{
    EntryColumn, admin_unit, country, locality, occasion, province, province_head, source, succession, term,
};
use crate::error::StoreError;
use crate::facts::packed;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::search::document;
use crate::table::StoredContent;
use crate::{access_rule, changes, filing, proposal, reference, row};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::{ChainHash, LoggedChange, Subject};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::proposal::StoredProposal;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::Filing;
use consistency::select_if_consistent;
use expected::{ExpectedEntries, ExpectedVersion, apply_change};
use sea_orm::sea_query::{Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityName, FromQueryResult, IdenStatic};
use serde::Serialize;
use sharing::Sharing;
use std::collections::{BTreeMap, BTreeSet};

/// Changes that are read at a time.
const CHANGES_PER_READ: u64 = 1_000;

/// The numbers of checked items, if no violation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IntegrityReport {
    /// Logs.
    pub logs: usize,
    /// Changes in them.
    pub changes: usize,
    /// Versions of entries.
    pub versions: usize,
    /// Rows of reference data.
    pub references: usize,
}

/// The first violation that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Violation {
    /// A position of a log, or a row of a table.
    pub place: String,
    /// A description of the violation.
    pub why: String,
}

/// The result of an integrity check.
pub type IntegrityResult = Result<IntegrityReport, Violation>;

impl Store {
    /// Checks everything in one state of the database; writers are not blocked.
    ///
    /// # Errors
    /// Returns an error if the database fails. A row that cannot be parsed is a violation.
    pub async fn verify(&self) -> Result<IntegrityResult, StoreError> {
        let tx = self.begin_snapshot(Rights::Owner).await?;
        let result = IntegrityCheck { tx: &tx, report: IntegrityReport::default() }.run().await;
        tx.commit().await?;
        match result {
            Ok(report) => Ok(Ok(report)),
            Err(VerifyError::Violation(violation)) => Ok(Err(violation)),
            // The program never writes such a row, so it was altered.
            Err(VerifyError::Store(StoreError::Corrupt { table, column, id, why })) => {
                Ok(Err(Violation { place: format!("{table} {id}"), why: format!("{column}: {why}") }))
            }
            Err(VerifyError::Store(error)) => Err(error),
        }
    }
}

/// The reason why a check ended early.
enum VerifyError {
    Violation(Violation),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for VerifyError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

fn violation<T>(place: String, why: impl Into<String>) -> Result<T, VerifyError> {
    Err(VerifyError::Violation(Violation { place, why: why.into() }))
}

/// The state of the register according to the logs read so far.
struct WalkedLogs<'a> {
    expected: &'a mut ExpectedEntries,
    filings: &'a mut BTreeSet<(Log, Filing)>,
    sharing: &'a mut Sharing,
}

struct IntegrityCheck<'a> {
    tx: &'a DatabaseTransaction,
    report: IntegrityReport,
}

impl IntegrityCheck<'_> {
    async fn run(mut self) -> Result<IntegrityReport, VerifyError> {
        let columns = [
            province_head::Column::ProvinceId,
            province_head::Column::Position,
            province_head::Column::PublicPosition,
            province_head::Column::Link,
            province_head::Column::NextNumber,
            province_head::Column::ClockUs,
            province_head::Column::NodeUs,
        ];
        let query = Query::select()
            .columns(columns)
            .from(Table::of(province_head::Entity))
            .order_by(province_head::Column::ProvinceId, Order::Asc)
            .to_owned();
        let mut expected = ExpectedEntries::new();
        let mut expected_filings = BTreeSet::new();
        let mut sharing = Sharing::default();
        for row in self.tx.query_all(&query).await? {
            let head = province_head::Model::from_query_result(&row, "")?;
            let (log, last_allocated) = (Log::new(head.province_id), head.next_number);
            let mut walked =
                WalkedLogs { expected: &mut expected, filings: &mut expected_filings, sharing: &mut sharing };
            let highest = self.log(log, head, &mut walked).await?;
            if last_allocated < highest {
                let why =
                    format!("its last allocated number is {last_allocated}, the log contains {highest}");
                return violation(format!("head of log {}", log.number()), why);
            }
            self.report.logs += 1;
        }
        let stored_filings: BTreeSet<(Log, Filing)> = filing::read_all(self.tx).await?.into_iter().collect();
        if let Some((log, filing)) = stored_filings.symmetric_difference(&expected_filings).next() {
            let why = format!("differs from the log: {filing:?}");
            return violation(format!("filing of log {}", log.number()), why);
        }
        self.proposals(&expected).await?;
        self.access_rules(&expected).await?;
        let reference = reference::read(self.tx).await?;
        self.reference(&reference, &mut expected)?;
        let directory = Directory::new(reference);
        if let Some((log, shared)) = sharing.find_violation(&directory) {
            let why = format!("differs from the shared entries: {shared:?}");
            return violation(format!("log {}", log.number()), why);
        }
        self.entries::<Relation>(&directory, &expected).await?;
        self.entries::<Agreement>(&directory, &expected).await?;
        self.entries::<Event>(&directory, &expected).await?;
        self.entries::<Organization>(&directory, &expected).await?;
        self.entries::<Programme>(&directory, &expected).await?;
        self.entries::<Figure>(&directory, &expected).await?;
        self.entries::<Instrument>(&directory, &expected).await?;
        Ok(self.report)
    }

    /// Checks one log: positions without gap, every link over the one before, and the head at the
    /// end. Returns the highest number of an entry in it.
    async fn log(
        &mut self,
        log: Log,
        head: province_head::Model,
        walked: &mut WalkedLogs<'_>,
    ) -> Result<i32, VerifyError> {
        let (mut at, mut public, mut last): (i64, i64, ChainHash) = (0, 0, [0; 32]);
        let mut highest = 0_i32;
        loop {
            let after = BTreeMap::from([(log, at)]);
            let query = changes::select_changes()
                .cond_where(changes::after(&after))
                .limit(CHANGES_PER_READ)
                .to_owned();
            let rows = self.tx.query_all(&query).await?;
            for row in &rows {
                let LoggedChange { position, change, link } = changes::read(row)?;
                let place = format!("log {} position {position}", log.number());
                if position != at + 1 {
                    return violation(place, format!("comes after position {at}"));
                }
                if change.chain_hash(position, &last) != link {
                    return violation(place, "the change does not match its link");
                }
                (at, last) = (position, link);
                highest = Ord::max(highest, change.number);
                if change.is_public {
                    public = position;
                }
                walked.sharing.add(&change, position);
                apply_change(walked.expected, &change);
                walked.filings.extend(Filing::of(&change).map(|filing| (log, filing)));
                self.report.changes += 1;
            }
            if (rows.len() as u64) < CHANGES_PER_READ {
                break;
            }
        }
        let province_head::Model { position, public_position, link, .. } = head;
        if (at, public, last.as_slice()) != (position, public_position, link.as_slice()) {
            let place = format!("head of log {}", log.number());
            let why = format!(
                "names position {position}, public {public_position}; the log ends at {at}, public {public}, \
                 or with another link"
            );
            return violation(place, why);
        }
        Ok(highest)
    }

    /// Checks that each proposal is what the last change of it in its log says.
    async fn proposals(&self, expected: &ExpectedEntries) -> Result<(), VerifyError> {
        let mut missing: BTreeMap<(Log, i32), &ExpectedVersion> = BTreeMap::new();
        for (_, expected) in expected.iter().filter(|((subject, _), _)| *subject == Subject::Proposal) {
            missing.extend(expected.place.zip(expected.working.as_ref()));
        }
        for (StoredProposal { key, .. }, text) in proposal::read_all(self.tx).await? {
            let version = missing.remove(&(key.log, key.number));
            if version.and_then(|version| version.content.as_ref()) != Some(&text) {
                let place = format!("{} {}/{}", proposal::table().name(), key.log.number(), key.number);
                return violation(place, "differs from the log");
            }
        }
        match missing.keys().next() {
            Some((log, number)) => {
                let place = format!("{} {}/{number}", proposal::table().name(), log.number());
                violation(place, "the row is missing")
            }
            None => Ok(()),
        }
    }

    /// Checks that each access rule is what the last change of it in the log of the ministry says.
    async fn access_rules(&self, expected: &ExpectedEntries) -> Result<(), VerifyError> {
        let of_rules = expected.iter().filter(|((subject, _), _)| *subject == Subject::AccessRule);
        let mut missing: BTreeMap<&str, &ExpectedVersion> = BTreeMap::new();
        for ((_, code), expected) in of_rules {
            missing.extend(expected.working.as_ref().map(|version| (code.as_str(), version)));
        }
        for (code, text) in access_rule::read_all(self.tx).await? {
            let version = missing.remove(code.as_str());
            if version.and_then(|version| version.content.as_ref()) != Some(&text) {
                return violation(format!("{} {code}", access_rule::table().name()), "differs from the log");
            }
        }
        match missing.keys().next() {
            Some(code) => violation(format!("{} {code}", access_rule::table().name()), "the row is missing"),
            None => Ok(()),
        }
    }

    fn reference(
        &mut self,
        reference: &Reference,
        expected: &mut ExpectedEntries,
    ) -> Result<(), VerifyError> {
        let mut texts = BTreeSet::new();
        expected.retain(|(subject, _), expected| {
            if *subject == Subject::Reference {
                texts.extend(expected.published.take().and_then(|version| version.content));
            }
            *subject != Subject::Reference
        });
        self.rows(source::Entity, &reference.sources, &mut texts)?;
        self.rows(country::Entity, &reference.countries, &mut texts)?;
        self.rows(term::Entity, &reference.terms, &mut texts)?;
        self.rows(occasion::Entity, &reference.occasions, &mut texts)?;
        self.rows(locality::Entity, &reference.localities, &mut texts)?;
        self.rows(admin_unit::Entity, &reference.units, &mut texts)?;
        self.rows(succession::Entity, &reference.successions, &mut texts)?;
        self.rows(province::Entity, &reference.provinces, &mut texts)?;
        match texts.first() {
            Some(text) => violation(
                "reference data".to_owned(),
                format!("a row is missing or differs from the log: {text}"),
            ),
            None => Ok(()),
        }
    }

    fn rows<T: Serialize>(
        &mut self,
        entity: impl EntityName,
        items: &[T],
        texts: &mut BTreeSet<String>,
    ) -> Result<(), VerifyError> {
        for item in items {
            let text = serde_json::to_string(item).unwrap_or_default();
            if !texts.remove(&text) {
                return violation(entity.table_name().to_owned(), format!("differs from the log: {text}"));
            }
            self.report.references += 1;
        }
        Ok(())
    }

    /// Checks the rows of one kind: each content is the one of the last change, and every other
    /// column and child row follows from it.
    async fn entries<C: StoredContent>(
        &mut self,
        directory: &Directory,
        expected: &ExpectedEntries,
    ) -> Result<(), VerifyError> {
        let entries = C::tables().entries;
        let query = select_entries(&C::tables()).column((entries, EntryColumn::Slot)).to_owned();
        let mut seen = BTreeSet::new();
        for row in self.tx.query_all(&query).await? {
            let entry: Entry<C> = row::read(&row)?;
            let slot: String = row.try_get("", EntryColumn::Slot.as_str())?;
            let content: String = row.try_get("", EntryColumn::Content.as_str())?;
            let place = format!("{} {} ({slot})", entries.name(), entry.meta.code);
            let key = (Subject::Entry(C::KIND), entry.meta.code.clone());
            let Some(expected) = expected.get(&key) else { return violation(place, "no log contains it") };
            let version = if slot == PUBLISHED { &expected.published } else { &expected.working };
            let Some(version) = version else { return violation(place, "the log contains no such version") };
            if version.content.as_ref() != Some(&content) {
                return violation(place, "the content differs from its last change");
            }
            if expected.meta(version, &entry.meta.code).as_ref() != Some(&entry.meta) {
                return violation(place, "number, versions, states or times differ from the log");
            }
            let slot = if slot == PUBLISHED { PUBLISHED } else { WORKING };
            if self.tx.query_one(&select_if_consistent(&entry, slot, directory)?).await?.is_none() {
                return violation(
                    place,
                    "a column, a child row, the fact or the search document does not follow from the content",
                );
            }
            self.report.versions += 1;
            seen.insert((entry.meta.code, slot));
        }
        let kind = Subject::Entry(C::KIND);
        for ((_, code), expected) in expected.iter().filter(|((subject, _), _)| *subject == kind) {
            for (slot, version) in [(PUBLISHED, &expected.published), (WORKING, &expected.working)] {
                if version.is_some() && !seen.contains(&(code.clone(), slot)) {
                    return violation(format!("{} {code} ({slot})", entries.name()), "the row is missing");
                }
            }
        }
        let facts = packed::count(self.tx, C::KIND).await?;
        if C::KIND.is_counted() && facts != seen.len() {
            let why = format!("{facts} rows for {} versions", seen.len());
            return violation(format!("{} of {}", packed::table().name(), entries.name()), why);
        }
        let documents = document::count(self.tx, C::KIND).await?;
        if documents != seen.len() {
            let why = format!("{documents} rows for {} versions", seen.len());
            return violation(format!("{} of {}", document::table().name(), entries.name()), why);
        }
        Ok(())
    }
}
