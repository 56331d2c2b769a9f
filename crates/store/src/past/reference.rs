//! The reference data at a position of the ministry's log.

use super::{LastPublic, TEXTS_PER_READ};
use crate::connect::Store;
use crate::entity::change::Column;
use crate::error::StoreError;
use caunoi_domain::change::Subject;
use caunoi_domain::directory::Reference;
use caunoi_domain::id::Log;
use serde::de::DeserializeOwned;

impl Store {
    /// Reads the reference data as the ministry's log contains it up to a position. Organizations
    /// and instruments are entries and are left out: numbers do not depend on them.
    pub(super) async fn past_reference(&self, position: i64) -> Result<Reference, StoreError> {
        let is_read = |subject: &str| subject == Subject::Reference.as_str();
        let last = self.last_public(Log::MINISTRY, position, is_read).await?;
        let mut rows: Vec<(String, LastPublic)> =
            last.into_iter().map(|((_, code), last)| (code, last)).collect();
        rows.sort_unstable_by_key(|(_, last)| last.position);
        let mut reference = Reference::default();
        for batch in rows.chunks(TEXTS_PER_READ) {
            let changes: Vec<LastPublic> = batch.iter().map(|(_, last)| *last).collect();
            let mut codes = batch.iter();
            for (change, (_, text)) in self.texts_at(Log::MINISTRY, &changes).await? {
                let row = codes.find(|(_, last)| last.position == change.position);
                let Some((code, _)) = row else { continue };
                add(&mut reference, code, &text)?;
            }
        }
        sort(&mut reference);
        Ok(reference)
    }
}

/// Adds a row, whose code begins with the name of its table.
fn add(reference: &mut Reference, code: &str, text: &str) -> Result<(), StoreError> {
    match code.split_once(':').map_or(code, |(table, _)| table) {
        "source" => reference.sources.push(parse(code, text)?),
        "country" => reference.countries.push(parse(code, text)?),
        "term" => reference.terms.push(parse(code, text)?),
        "occasion" => reference.occasions.push(parse(code, text)?),
        "locality" => reference.localities.push(parse(code, text)?),
        "unit" => reference.units.push(parse(code, text)?),
        "succession" => reference.successions.push(parse(code, text)?),
        "province" => reference.provinces.push(parse(code, text)?),
        _ => return Err(StoreError::corrupt(Column::Code, code, "no table of reference data")),
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(code: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::corrupt(Column::AfterText, code, error.to_string()))
}

/// Brings the rows into the order in which the tables are read.
fn sort(reference: &mut Reference) {
    reference.sources.sort_by_key(|source| source.id);
    reference.countries.sort_by_key(|country| country.id);
    reference.terms.sort_by_key(|term| term.id);
    reference.occasions.sort_by_key(|occasion| occasion.id);
    reference.localities.sort_by_key(|locality| locality.id);
    reference.units.sort_by_key(|unit| unit.id);
    reference.successions.sort_by_key(|step| step.predecessor);
    reference.provinces.sort_by_key(|province| province.log);
}
