//! Past states of the public register, read from the logs.
//!
//! The published content of an entry at a position of its log is the text after its last public
//! change up to there; none if that change withdrew it. Reference data is read in the same way from
//! the log of the ministry. Logs are only appended to, so the statements need no common transaction.
//!
//! Each log is read twice: first the positions of its public changes, then the texts of those that
//! no later one replaced, in the order of the entries. So memory holds the positions of one log and
//! a few texts, and facts are built on another thread while the next texts are read.

mod content;
mod reference;

use crate::changes::{self, in_each_log};
use crate::column::column;
use crate::connect::Store;
use crate::entity::change::Column;
use crate::entity::filing::Column as FilingColumn;
use crate::error::StoreError;
use crate::filing;
use crate::pools::Rights;
use crate::statement::literal;
use crate::task::join_task;
use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Entry, EntryKind};
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{FactTable, Filing};
use content::{PastBuilder, PublishedText};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Changes whose positions one statement reads.
const KEYS_PER_READ: u64 = 20_000;
/// Changes whose texts one statement reads.
const TEXTS_PER_READ: usize = 500;
/// Batches of texts that may wait for the builder.
const MAX_QUEUED_BATCHES: usize = 2;

/// The public register at a position of each log.
#[derive(Debug)]
pub struct PastSnapshot {
    /// The reference data as it was recorded, without organizations and instruments.
    pub directory: Arc<Directory>,
    /// The facts of the entries that were published.
    pub facts: FactTable,
    /// The figures that were published.
    pub figures: Vec<Entry<Figure>>,
    /// The filings that had been made.
    pub filings: Vec<(Log, Filing)>,
}

/// The last public change of a subject.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastPublic {
    position: i64,
    number: i32,
    /// The time of the first public change.
    published_at_us: i64,
}

impl Store {
    /// Reads the public register at these positions of the current epoch.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn past_snapshot(&self, positions: &Positions) -> Result<PastSnapshot, StoreError> {
        let directory = Arc::new(Directory::new(self.past_reference(positions.at(Log::MINISTRY)).await?));
        let (sender, mut receiver) = mpsc::channel::<Vec<PublishedText>>(MAX_QUEUED_BATCHES);
        let mut builder = PastBuilder::new(Arc::clone(&directory));
        let building = tokio::task::spawn_blocking(move || {
            while let Some(texts) = receiver.blocking_recv() {
                for text in texts {
                    builder.add(&text)?;
                }
            }
            Ok::<_, StoreError>(builder.finish())
        });
        for (log, position) in positions.iter() {
            self.send_published(log, position, &sender).await?;
        }
        drop(sender);
        let (facts, figures) = join_task(building).await?;
        let filings = self.filings_until(positions).await?;
        Ok(PastSnapshot { directory, facts, figures, filings })
    }

    /// Returns the position of the last public change of each log up to a time, in microseconds
    /// since 1970.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn positions_at(&self, at_us: i64) -> Result<Positions, StoreError> {
        let heads = self.heads().await?;
        let one = |log, head| last_until(log, head, at_us);
        let Some(each) = in_each_log(self.engine(), &heads.all, &changes::CHANGE_KEY, one) else {
            return Ok(Positions::new(heads.epoch.tag(), BTreeMap::new()));
        };
        let mut by_log = BTreeMap::new();
        for row in self.all(Rights::Public, &each).await? {
            by_log.insert(Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
        }
        Ok(Positions::new(heads.epoch.tag(), by_log))
    }

    /// Sends the texts of the entries that were published at a position of a log, in the order of
    /// their numbers.
    async fn send_published(
        &self,
        log: Log,
        position: i64,
        sender: &mpsc::Sender<Vec<PublishedText>>,
    ) -> Result<(), StoreError> {
        let is_read =
            |subject: &str| EntryKind::from_str(subject).is_ok_and(|kind| content::IS_READ.contains(&kind));
        let mut last: Vec<LastPublic> =
            self.last_public(log, position, is_read).await?.into_values().collect();
        last.sort_unstable_by_key(|last| last.number);
        for batch in last.chunks(TEXTS_PER_READ) {
            let texts = self.texts_at(log, batch).await?;
            let read = |(change, text): (LastPublic, (String, String))| {
                let (subject, text) = text;
                PublishedText::new(log, &subject, change, text)
            };
            let published = texts.into_iter().filter_map(read).collect();
            if sender.send(published).await.is_err() {
                // The builder failed on a corrupt text and returns the error.
                break;
            }
        }
        Ok(())
    }

    /// Returns the last public change, up to a position, of each subject and code that `is_read`.
    async fn last_public(
        &self,
        log: Log,
        position: i64,
        is_read: impl Fn(&str) -> bool,
    ) -> Result<HashMap<(String, String), LastPublic>, StoreError> {
        let mut last: HashMap<(String, String), LastPublic> = HashMap::new();
        let mut after = 0;
        loop {
            let rows = self.all(Rights::Public, &public_keys(log, after, position)).await?;
            for row in &rows {
                let (position, subject, code, number, at_us): (i64, String, String, i32, i64) =
                    row.try_get_many_by_index()?;
                after = position;
                if is_read(&subject) {
                    let fresh = LastPublic { position, number, published_at_us: at_us };
                    last.entry((subject, code)).and_modify(|last| last.position = position).or_insert(fresh);
                }
            }
            if (rows.len() as u64) < KEYS_PER_READ {
                return Ok(last);
            }
        }
    }

    /// Returns these changes with their subjects and the texts after them, in the same order; those
    /// without a text are left out.
    async fn texts_at(
        &self,
        log: Log,
        last: &[LastPublic],
    ) -> Result<Vec<(LastPublic, (String, String))>, StoreError> {
        let query = Query::select()
            .columns(
                [Column::Position, Column::Subject, Column::AfterText].map(|name| (changes::table(), name)),
            )
            .from(changes::table())
            .and_where(column(Column::ProvinceId).eq(log.number()))
            .and_where(column(Column::Position).is_in(last.iter().map(|last| last.position)))
            .and_where(column(Column::IsPublic).eq(literal(true)))
            .to_owned();
        let mut texts = HashMap::new();
        for row in self.all(Rights::Public, &query).await? {
            let (position, subject, text): (i64, String, Option<String>) = row.try_get_many_by_index()?;
            texts.extend(text.map(|text| (position, (subject, text))));
        }
        Ok(last.iter().filter_map(|last| Some((*last, texts.remove(&last.position)?))).collect())
    }

    /// Returns the filings that had been made at these positions.
    async fn filings_until(&self, positions: &Positions) -> Result<Vec<(Log, Filing)>, StoreError> {
        let columns = filing::COLUMNS.into_iter().chain([FilingColumn::ProvinceId, FilingColumn::Position]);
        let query = Query::select().columns(columns).from(filing::table()).to_owned();
        let mut filings = Vec::new();
        for row in self.all(Rights::ReadModel, &query).await? {
            let at = filing::COLUMNS.len();
            let (log, position): (Log, i64) =
                (Log::new(row.try_get_by_index(at)?), row.try_get_by_index(at + 1)?);
            if position <= positions.at(log) {
                filings.extend(filing::read(&row, 0, log)?.map(|filing| (log, filing)));
            }
        }
        Ok(filings)
    }
}

/// Selects the keys of the public changes of a log between two positions.
fn public_keys(log: Log, after: i64, until: i64) -> SelectStatement {
    let columns = [Column::Position, Column::Subject, Column::Code, Column::Number, Column::AtUs];
    Query::select()
        .columns(columns.map(|name| (changes::table(), name)))
        .from(changes::table())
        .and_where(column(Column::ProvinceId).eq(log.number()))
        .and_where(column(Column::Position).gt(after))
        .and_where(column(Column::Position).lte(until))
        .and_where(column(Column::IsPublic).eq(literal(true)))
        .order_by((changes::table(), Column::Position), Order::Asc)
        .limit(KEYS_PER_READ)
        .to_owned()
}

/// Selects the key of the last public change of one log up to a time. The log is read backwards
/// along its key: times almost follow positions, so no index is needed.
fn last_until(log: Expr, head: Expr, at_us: i64) -> SelectStatement {
    Query::select()
        .columns(changes::CHANGE_KEY.map(|name| (changes::table(), name)))
        .from(changes::table())
        .and_where(column(Column::ProvinceId).eq(log))
        .and_where(column(Column::Position).lte(head))
        .and_where(column(Column::AtUs).lte(at_us))
        .and_where(column(Column::IsPublic).eq(literal(true)))
        .order_by((changes::table(), Column::Position), Order::Desc)
        .limit(1)
        .to_owned()
}
