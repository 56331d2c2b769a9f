//! Contents of the logs as facts and figures.

use super::LastPublic;
use crate::entity::change::Column;
use crate::error::StoreError;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content, Entry, EntryKind, EntryMeta, Publication};
use caunoi_domain::event::Event;
use caunoi_domain::fact::{Fact, FactSource};
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::organization::Organization;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{FactTable, FactTableBuilder};
use serde::de::DeserializeOwned;
use std::str::FromStr;
use std::sync::Arc;

/// The kinds that numbers are computed from.
pub(super) const IS_READ: [EntryKind; 5] =
    [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event, EntryKind::Organization, EntryKind::Figure];

/// The content of an entry that was published.
#[derive(Debug)]
pub(super) struct PublishedText {
    kind: EntryKind,
    log: Log,
    change: LastPublic,
    text: String,
}

impl PublishedText {
    /// Returns the content of an entry; `None` for other subjects.
    pub(super) fn new(log: Log, subject: &str, change: LastPublic, text: String) -> Option<Self> {
        Some(Self { kind: EntryKind::from_str(subject).ok()?, log, change, text })
    }

    fn entry<C: Content + DeserializeOwned>(&self) -> Result<Entry<C>, StoreError> {
        let LastPublic { position, number, published_at_us } = self.change;
        let id = || format!("{}/{position}", self.log.number());
        let content = serde_json::from_str(&self.text)
            .map_err(|error| StoreError::corrupt(Column::AfterText, id(), error.to_string()))?;
        // Numbers depend on neither code nor versions, which the log contains too.
        let meta = EntryMeta {
            log: self.log,
            number,
            code: String::new(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: Some(published_at_us),
            updated_at_us: published_at_us,
        };
        Ok(Entry { meta, content })
    }
}

/// Builds facts and figures from contents, in the order of log and number.
pub(super) struct PastBuilder {
    directory: Arc<Directory>,
    facts: FactTableBuilder,
    figures: Vec<Entry<Figure>>,
}

impl PastBuilder {
    pub(super) fn new(directory: Arc<Directory>) -> Self {
        Self { directory, facts: FactTableBuilder::default(), figures: Vec::new() }
    }

    pub(super) fn add(&mut self, text: &PublishedText) -> Result<(), StoreError> {
        match text.kind {
            EntryKind::Relation => self.add_fact::<Relation>(text)?,
            EntryKind::Agreement => self.add_fact::<Agreement>(text)?,
            EntryKind::Event => self.add_fact::<Event>(text)?,
            EntryKind::Organization => self.add_fact::<Organization>(text)?,
            EntryKind::Figure => self.figures.push(text.entry()?),
            EntryKind::Programme | EntryKind::Instrument => {}
        }
        Ok(())
    }

    fn add_fact<C: FactSource + DeserializeOwned>(&mut self, text: &PublishedText) -> Result<(), StoreError> {
        if let Some(fact) = Fact::from_entry(&text.entry::<C>()?, &self.directory) {
            self.facts.push(fact);
        }
        Ok(())
    }

    pub(super) fn finish(self) -> (FactTable, Vec<Entry<Figure>>) {
        (self.facts.finish(), self.figures)
    }
}
