//! The change feed of one scope: the versions that it sees before and after a change, whether the
//! entry enters or leaves a filter, and which fields differ.

pub mod id;

use crate::agreement::Agreement;
use crate::change::Change;
use crate::content_fields::content_fields;
use crate::directory::Directory;
use crate::entry::{Content, CountryId, EntryKind, Publication, TermId, UnitId};
use crate::event::Event;
use crate::figure::Figure;
use crate::id::Log;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::place::LocalityId;
use crate::policy::{Scope, Visibility};
use crate::programme::Programme;
use crate::relation::Relation;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// The effect of a change on the result of a filter, as visible to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Movement {
    /// The entry matches now and did not match before.
    Entered,
    /// The entry matched before and still matches.
    Stayed,
    /// The entry matched before and does not match any more: it was withdrawn, or its values
    /// changed.
    Left,
}

/// A filter for changes; a part that is None matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// The logs.
    pub logs: Option<BTreeSet<Log>>,
    /// For these logs, only entries with these units as owners.
    pub units: BTreeMap<Log, BTreeSet<UnitId>>,
    /// Kinds of entries.
    pub kinds: Option<BTreeSet<EntryKind>>,
    /// Countries of the entry, as in [`crate::fact::Fact::countries`].
    pub countries: Option<BTreeSet<CountryId>>,
    /// Partner localities.
    pub localities: Option<BTreeSet<LocalityId>>,
    /// Fields of cooperation.
    pub fields: Option<BTreeSet<TermId>>,
}

/// The version of an entry that a scope sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleVersion {
    /// The publication state of the version.
    pub publication: Publication,
    /// Its content, as canonical JSON text.
    pub content: String,
}

impl VisibleVersion {
    fn from_content(publication: Publication, content: Option<&String>) -> Option<Self> {
        content.map(|content| Self { publication, content: content.clone() })
    }
}

/// Returns whether a scope sees the unpublished versions of this log.
#[must_use]
pub fn sees_unpublished(scope: Scope, log: Log) -> bool {
    match scope.visibility() {
        Visibility::Published => false,
        Visibility::Province(own) => own == log,
        Visibility::Ministry => !log.is_province(),
    }
}

/// Returns the versions that a scope sees before and after a change; None where it sees none.
/// `published` is the content of the published version before the change.
#[must_use]
pub fn visible_versions(
    scope: Scope,
    change: &Change,
    published: Option<&String>,
) -> (Option<VisibleVersion>, Option<VisibleVersion>) {
    if sees_unpublished(scope, change.log) {
        return own_versions(change);
    }
    let published = VisibleVersion::from_content(Publication::Published, published);
    match scope.visibility() {
        Visibility::Ministry => versions_for_ministry(change, published),
        // What the public does not see leaves the published version as it was.
        Visibility::Published | Visibility::Province(_) if !change.is_public => {
            (published.clone(), published)
        }
        Visibility::Published | Visibility::Province(_) => (
            VisibleVersion::from_content(Publication::Published, change.before.as_ref()),
            VisibleVersion::from_content(Publication::Published, change.after.as_ref()),
        ),
    }
}

/// Returns the working versions before and after a change, for the owner of the log, who sees all
/// but withdrawn ones.
fn own_versions(change: &Change) -> (Option<VisibleVersion>, Option<VisibleVersion>) {
    let before = match change.was {
        // The change that publishes a draft has the content of the draft as `after`; its `before` is
        // the published content that the draft replaces.
        Some(Publication::Draft | Publication::Submitted) if change.is_public => change.after.as_ref(),
        Some(_) | None => change.before.as_ref(),
    };
    let version = |publication: Publication, content: Option<&String>| {
        let is_visible = publication != Publication::Withdrawn;
        VisibleVersion::from_content(publication, content.filter(|_| is_visible))
    };
    (change.was.and_then(|was| version(was, before)), version(change.publication, change.after.as_ref()))
}

/// Returns the versions before and after a change in the log of a province, for the ministry: a
/// submitted version hides the published one.
fn versions_for_ministry(
    change: &Change,
    published: Option<VisibleVersion>,
) -> (Option<VisibleVersion>, Option<VisibleVersion>) {
    let submitted = |publication: Publication, content: Option<&String>| {
        let is_submitted = publication == Publication::Submitted;
        VisibleVersion::from_content(publication, content.filter(|_| is_submitted))
    };
    // As for the owner: a submitted version is published with the content that it had.
    let submitted_content = if change.is_public { change.after.as_ref() } else { change.before.as_ref() };
    let before = change.was.and_then(|was| submitted(was, submitted_content)).or_else(|| published.clone());
    let after = if change.is_public {
        VisibleVersion::from_content(Publication::Published, change.after.as_ref())
    } else {
        submitted(change.publication, change.after.as_ref()).or(published)
    };
    (before, after)
}

/// The versions of an entry that a scope sees before and after a change.
#[derive(Debug, Clone, Copy)]
pub struct BeforeAndAfter<'a> {
    /// The version before; None where the scope saw none.
    pub before: Option<&'a VisibleVersion>,
    /// The version after; None where the scope sees none.
    pub after: Option<&'a VisibleVersion>,
}

impl FeedFilter {
    /// Returns how an entry of this log and kind moves, from the versions that the scope sees
    /// before and after; None where both are equal or neither matches.
    #[must_use]
    pub fn movement(
        &self,
        log: Log,
        kind: EntryKind,
        versions: BeforeAndAfter<'_>,
        directory: &Directory,
    ) -> Option<Movement> {
        let BeforeAndAfter { before, after } = versions;
        if before == after {
            return None;
        }
        let matches = |version: Option<&VisibleVersion>| {
            version.is_some_and(|version| self.accepts(log, kind, &version.content, directory))
        };
        match (matches(before), matches(after)) {
            (false, false) => None,
            (false, true) => Some(Movement::Entered),
            (true, true) => Some(Movement::Stayed),
            (true, false) => Some(Movement::Left),
        }
    }

    /// Restricts the filter to the logs of the provinces with these slugs or names; the slug of a
    /// former unit matches the entries of that unit. An entry matches if any of its owners does.
    /// Unknown slugs match nothing.
    #[must_use]
    pub fn within(self, slugs: &[String], directory: &Directory) -> Self {
        let mut logs = BTreeSet::new();
        let mut units: BTreeMap<Log, BTreeSet<UnitId>> = BTreeMap::new();
        for slug in slugs.iter().filter_map(|given| directory.find_unit_slug(given)) {
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

    /// Returns whether the filter can only be evaluated with the content of the entry.
    #[must_use]
    pub fn needs_content(&self) -> bool {
        let by_content = self.countries.is_some() || self.localities.is_some() || self.fields.is_some();
        by_content || !self.units.is_empty()
    }

    /// Returns whether an entry with this content passes the filter; content that cannot be parsed
    /// passes no filter that needs it.
    fn accepts(&self, log: Log, kind: EntryKind, content: &str, directory: &Directory) -> bool {
        if !self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind)) {
            return false;
        }
        if !self.needs_content() && self.includes_log(log) {
            return true;
        }
        let Some(values) = FilterValues::parse(kind, content, directory) else { return false };
        let further = values
            .shared_with
            .iter()
            .filter_map(|unit| Some((directory.province_of(*unit)?.log, Some(*unit))));
        std::iter::once((log, values.unit)).chain(further).any(|(log, unit)| self.includes_owner(log, unit))
            && intersects(self.countries.as_ref(), &values.countries)
            && intersects(self.localities.as_ref(), &values.localities)
            && intersects(self.fields.as_ref(), &values.fields)
    }

    /// Returns whether changes of this log are read.
    #[must_use]
    pub fn includes_log(&self, log: Log) -> bool {
        self.logs.as_ref().is_none_or(|logs| logs.contains(&log))
    }

    fn includes_owner(&self, log: Log, unit: Option<UnitId>) -> bool {
        let is_unit = |units: &BTreeSet<UnitId>| unit.is_some_and(|unit| units.contains(&unit));
        self.includes_log(log) && self.units.get(&log).is_none_or(is_unit)
    }
}

fn intersects<T: Ord>(wanted: Option<&BTreeSet<T>>, given: &[T]) -> bool {
    wanted.is_none_or(|wanted| given.iter().any(|value| wanted.contains(value)))
}

/// The values of a content that a filter compares.
#[derive(Default)]
struct FilterValues {
    countries: Vec<CountryId>,
    localities: Vec<LocalityId>,
    fields: Vec<TermId>,
    unit: Option<UnitId>,
    shared_with: Vec<UnitId>,
}

impl FilterValues {
    fn parse(kind: EntryKind, content: &str, directory: &Directory) -> Option<Self> {
        let mut values = Self::default();
        match kind {
            EntryKind::Relation => {
                let relation: Relation = values.read_content(content)?;
                values.localities.push(relation.partner);
            }
            EntryKind::Agreement => {
                let agreement: Agreement = values.read_content(content)?;
                values.countries.extend(agreement.country);
                values.localities.extend(agreement.localities());
            }
            EntryKind::Event => {
                let event: Event = values.read_content(content)?;
                values.countries = event.countries(directory);
                values.localities.clone_from(&event.partners);
            }
            EntryKind::Organization => {
                let organization: Organization = values.read_content(content)?;
                values.countries.extend(organization.target_country.into_iter().chain(organization.country));
            }
            EntryKind::Programme => {
                let programme: Programme = values.read_content(content)?;
                values.countries = programme.countries;
                values.localities = programme.partners;
            }
            EntryKind::Figure => drop(values.read_content::<Figure>(content)?),
            EntryKind::Instrument => drop(values.read_content::<Instrument>(content)?),
        }
        let of_partners = values.localities.iter().filter_map(|partner| directory.locality(*partner));
        let countries: Vec<CountryId> = of_partners.map(|partner| partner.country).collect();
        values.countries.extend(countries);
        Some(values)
    }

    fn read_content<C: Content>(&mut self, content: &str) -> Option<C> {
        let content: C = serde_json::from_str(content).ok()?;
        self.fields.clone_from(&content.common().fields);
        self.unit = content.common().origin_unit;
        self.shared_with.clone_from(&content.common().shared_with);
        Some(content)
    }
}

/// Returns the names in the API of the fields in which two versions of an entry differ, sorted.
#[must_use]
pub fn changed_fields(
    kind: EntryKind,
    before: Option<&VisibleVersion>,
    after: Option<&VisibleVersion>,
) -> Vec<&'static str> {
    let parse = |version: Option<&VisibleVersion>| serde_json::from_str::<Value>(&version?.content).ok();
    let (old, new) = (parse(before), parse(after));
    let mut changed: BTreeSet<&'static str> = content_fields(kind)
        .filter(|field| value_at(old.as_ref(), field.pointer) != value_at(new.as_ref(), field.pointer))
        .filter_map(|field| field.name)
        .collect();
    if before.map(|version| version.publication) != after.map(|version| version.publication) {
        changed.insert("publication");
    }
    changed.into_iter().collect()
}

/// Returns the value at a JSON pointer; None if it is absent or empty.
fn value_at<'v>(content: Option<&'v Value>, pointer: &str) -> Option<&'v Value> {
    content?.pointer(pointer).filter(|value| !is_empty(value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests;
