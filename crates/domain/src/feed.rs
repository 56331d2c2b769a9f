//! What a change means to somebody: which content a scope saw before and sees now, whether that
//! enters, leaves or changes what a filter matches, and which fields differ.

pub mod name;

use crate::agreement::Agreement;
use crate::change::Change;
use crate::directory::Directory;
use crate::entry::{Content, CountryId, EntryKind, Publication, TermId, UnitId};
use crate::event::Event;
use crate::figure::Figure;
use crate::id::Log;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::place::LocalityId;
use crate::policy::{Scope, Sees};
use crate::programme::Programme;
use crate::relation::Relation;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How a change moves an entry in somebody's sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// It matches now and did not before.
    Entered,
    /// It matched before and does now.
    Stayed,
    /// It matched before and does no more.
    Left,
}

/// What somebody wants to hear of; none means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interest {
    /// Logs that the entry may be in.
    pub logs: Option<BTreeSet<Log>>,
    /// Of these logs only what came from these units.
    pub units: BTreeMap<Log, BTreeSet<UnitId>>,
    /// Kinds of entries.
    pub kinds: Option<BTreeSet<EntryKind>>,
    /// Countries that it has to do with.
    pub countries: Option<BTreeSet<CountryId>>,
    /// Localities that take part.
    pub localities: Option<BTreeSet<LocalityId>>,
    /// Fields of cooperation.
    pub fields: Option<BTreeSet<TermId>>,
}

/// The version of an entry that a scope sees: how far it has come, and what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// How far the version has come.
    pub publication: Publication,
    /// Its content, as canonical JSON text.
    pub content: String,
}

impl Sight {
    fn of(publication: Publication, content: Option<&String>) -> Option<Self> {
        content.map(|content| Self { publication, content: content.clone() })
    }
}

/// Whether a scope sees more of this log than what is published.
#[must_use]
pub fn is_inside(scope: Scope, log: Log) -> bool {
    match scope.sees() {
        Sees::Published => false,
        Sees::Province(own) => own == log,
        Sees::Ministry => !log.is_province(),
    }
}

/// What a scope saw of the entry before a change and sees after it. `published` is the content
/// that stood published before the change; it matters to the ministry, which sees submitted
/// versions beside it.
#[must_use]
pub fn sights(scope: Scope, change: &Change, published: Option<&String>) -> (Option<Sight>, Option<Sight>) {
    let shows = |publication: Publication| publication != Publication::Withdrawn;
    if is_inside(scope, change.log) {
        // Publishing shows to all what its province saw already.
        let before = match change.was {
            Some(Publication::Draft | Publication::Submitted) if change.is_public => change.after.as_ref(),
            _ => change.before.as_ref(),
        };
        let before = change.was.filter(|was| shows(*was)).and_then(|was| Sight::of(was, before));
        let after = Some(change.publication).filter(|is| shows(*is));
        return (before, after.and_then(|is| Sight::of(is, change.after.as_ref())));
    }
    let published_before = Sight::of(Publication::Published, published);
    if scope.sees() == Sees::Ministry {
        let submitted = |is: Publication, content: Option<&String>| {
            if is == Publication::Submitted { Sight::of(is, content) } else { None }
        };
        let handed = if change.is_public { change.after.as_ref() } else { change.before.as_ref() };
        let before = change.was.and_then(|was| submitted(was, handed)).or_else(|| published_before.clone());
        let after = if change.is_public {
            Sight::of(Publication::Published, change.after.as_ref())
        } else {
            submitted(change.publication, change.after.as_ref()).or(published_before)
        };
        return (before, after);
    }
    if !change.is_public {
        return (published_before.clone(), published_before);
    }
    let before = Sight::of(Publication::Published, change.before.as_ref());
    (before, Sight::of(Publication::Published, change.after.as_ref()))
}

impl Interest {
    /// How an entry of this log and kind moves, given what was seen before and is seen now; none
    /// where nothing of it matters.
    #[must_use]
    pub fn movement(
        &self,
        log: Log,
        kind: EntryKind,
        (before, after): (Option<&Sight>, Option<&Sight>),
        directory: &Directory,
    ) -> Option<Movement> {
        if before == after {
            return None;
        }
        let matches = |sight: Option<&Sight>| {
            sight.is_some_and(|sight| self.accepts(log, kind, &sight.content, directory))
        };
        match (matches(before), matches(after)) {
            (false, false) => None,
            (false, true) => Some(Movement::Entered),
            (true, true) => Some(Movement::Stayed),
            (true, false) => Some(Movement::Left),
        }
    }

    /// Restricts it to what provinces with these slugs own today; the slug of a former unit means
    /// what came from that unit. Slugs that no unit ever had mean nothing.
    #[must_use]
    pub fn within(self, slugs: &[String], directory: &Directory) -> Self {
        let mut logs = BTreeSet::new();
        let mut units: BTreeMap<Log, BTreeSet<UnitId>> = BTreeMap::new();
        for slug in slugs {
            if let Some(province) = directory.province_by_slug(slug) {
                logs.insert(province.log);
                continue;
            }
            for unit in directory.units_by_slug(slug) {
                if let Some(province) = directory.province_of(*unit) {
                    units.entry(province.log).or_default().insert(*unit);
                }
            }
        }
        units.retain(|log, _| !logs.contains(log));
        logs.extend(units.keys());
        Self { logs: Some(logs), units, ..self }
    }

    /// Whether contents have to be read to know what is wanted.
    #[must_use]
    pub fn asks_for_contents(&self) -> bool {
        let by_content = self.countries.is_some() || self.localities.is_some() || self.fields.is_some();
        by_content || !self.units.is_empty()
    }

    fn accepts(&self, log: Log, kind: EntryKind, content: &str, directory: &Directory) -> bool {
        let is_in = |set: &Option<BTreeSet<Log>>| set.as_ref().is_none_or(|logs| logs.contains(&log));
        if !is_in(&self.logs) || !self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind)) {
            return false;
        }
        if !self.asks_for_contents() {
            return true;
        }
        let Some(marks) = Marks::read(kind, content, directory) else { return false };
        let came_from = |units: &BTreeSet<UnitId>| marks.unit.is_some_and(|unit| units.contains(&unit));
        self.units.get(&log).is_none_or(came_from)
            && meets(self.countries.as_ref(), &marks.countries)
            && meets(self.localities.as_ref(), &marks.localities)
            && meets(self.fields.as_ref(), &marks.fields)
    }
}

fn meets<T: Ord>(wanted: Option<&BTreeSet<T>>, given: &[T]) -> bool {
    wanted.is_none_or(|wanted| given.iter().any(|mark| wanted.contains(mark)))
}

/// What an entry can be filtered by, read from its content.
#[derive(Default)]
struct Marks {
    countries: Vec<CountryId>,
    localities: Vec<LocalityId>,
    fields: Vec<TermId>,
    unit: Option<UnitId>,
}

impl Marks {
    fn read(kind: EntryKind, content: &str, directory: &Directory) -> Option<Self> {
        let mut marks = Self::default();
        match kind {
            EntryKind::Relation => {
                let relation: Relation = marks.parse(content)?;
                marks.localities.push(relation.partner);
            }
            EntryKind::Agreement => {
                let agreement: Agreement = marks.parse(content)?;
                marks.countries.extend(agreement.country);
                marks.localities.extend(agreement.partner());
            }
            EntryKind::Event => {
                let event: Event = marks.parse(content)?;
                marks.countries = event.countries(directory);
                marks.localities.clone_from(&event.partners);
            }
            EntryKind::Organization => {
                let organization: Organization = marks.parse(content)?;
                marks.countries.extend(organization.target_country.into_iter().chain(organization.country));
            }
            EntryKind::Programme => {
                let programme: Programme = marks.parse(content)?;
                marks.countries = programme.countries;
                marks.localities = programme.partners;
            }
            EntryKind::Figure => drop(marks.parse::<Figure>(content)?),
            EntryKind::Instrument => drop(marks.parse::<Instrument>(content)?),
        }
        let of_partners = marks.localities.iter().filter_map(|partner| directory.locality(*partner));
        let countries: Vec<CountryId> = of_partners.map(|partner| partner.country).collect();
        marks.countries.extend(countries);
        Some(marks)
    }

    fn parse<C: Content>(&mut self, content: &str) -> Option<C> {
        let content: C = serde_json::from_str(content).ok()?;
        self.fields.clone_from(&content.common().fields);
        self.unit = content.common().origin_unit;
        Some(content)
    }
}

/// The fields in which two sights of an entry differ, in the words of the public face, sorted.
#[must_use]
pub fn changed_fields(before: Option<&Sight>, after: Option<&Sight>) -> Vec<String> {
    let flat = |sight: Option<&Sight>| {
        let value = sight.and_then(|sight| serde_json::from_str(&sight.content).ok());
        let mut fields: Map<String, Value> = value.unwrap_or_default();
        if let Some(Value::Object(common)) = fields.remove("common") {
            fields.extend(common);
        }
        fields.retain(|_, value| !is_empty(value));
        fields
    };
    let (was, is) = (flat(before), flat(after));
    let mut changed: BTreeSet<String> = was
        .keys()
        .chain(is.keys())
        .filter(|key| was.get(*key) != is.get(*key))
        .map(|key| public_name(key))
        .collect();
    if before.map(|sight| sight.publication) != after.map(|sight| sight.publication) {
        changed.insert("publication".to_owned());
    }
    changed.into_iter().collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A field of a content as the public face calls it.
fn public_name(key: &str) -> String {
    match key {
        "spans" | "stated" => return "status".to_owned(),
        "audience" => return "audienceCountries".to_owned(),
        "connections" => return "connectionsMade".to_owned(),
        _ => {}
    }
    let mut name = String::with_capacity(key.len());
    let mut rises = false;
    for letter in key.chars() {
        if letter == '_' {
            rises = true;
        } else if rises {
            name.extend(letter.to_uppercase());
            rises = false;
        } else {
            name.push(letter);
        }
    }
    name
}

#[cfg(test)]
mod tests;
