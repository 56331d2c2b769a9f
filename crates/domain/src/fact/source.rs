//! The facts of each kind of entry.

use super::{DateBounds, Fact};
use crate::agreement::Agreement;
use crate::directory::Directory;
use crate::entry::Content;
use crate::event::{Event, QuantityKey};
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::party::PartyRef;
use crate::programme::Programme;
use crate::relation::Relation;
use crate::status::{Span, Status};
use crate::text::fold_name;

/// Content that statistics may count.
pub trait FactSource: Content {
    /// Returns the fact of a version, from `_shared` with the values common to all kinds; None for
    /// kinds that are not counted.
    fn complete_fact(&self, _shared: Fact, _directory: &Directory) -> Option<Fact> {
        None
    }
}

impl FactSource for Relation {
    fn complete_fact(&self, shared: Fact, directory: &Directory) -> Option<Fact> {
        Some(Fact {
            localities: vec![self.partner],
            country: directory.locality(self.partner).map(|partner| partner.country),
            tier: Some(self.tier),
            first: DateBounds::from_date(self.established.as_ref()),
            spans: Span::map_status(&self.spans, Status::Relation),
            activity: self.status_history().activity_periods(),
            ..shared
        })
    }
}

impl FactSource for Agreement {
    fn complete_fact(&self, shared: Fact, _directory: &Directory) -> Option<Fact> {
        let localities = self.parties.iter().filter_map(|party| match party.party {
            PartyRef::Locality(locality) => Some(locality),
            PartyRef::Organization(_) | PartyRef::Named(_) => None,
        });
        Some(Fact {
            localities: localities.collect(),
            country: self.country,
            level: self.level,
            term: Some(self.form),
            first: DateBounds::from_date(self.signed.as_ref()),
            expires: DateBounds::from_date(self.term()),
            spans: Span::map_status(&self.spans, Status::Agreement),
            lapses: self.lapses(),
            ..shared
        })
    }
}

impl FactSource for Event {
    fn complete_fact(&self, shared: Fact, directory: &Directory) -> Option<Fact> {
        Some(Fact {
            localities: self.partners.clone(),
            country: self.country,
            countries: self.countries(directory),
            term: Some(self.kind),
            direction: self.direction,
            event_level: self.level,
            mode: self.mode,
            state: self.state,
            series: self.series.as_deref().map(fold_name),
            edition: self.edition.as_deref().map(fold_name),
            delegates: self.quantity(QuantityKey::Delegates),
            connections: self.quantity(QuantityKey::Connections),
            first: DateBounds::from_date(self.when.as_ref()),
            ..shared
        })
    }
}

impl FactSource for Organization {
    fn complete_fact(&self, shared: Fact, _directory: &Directory) -> Option<Fact> {
        Some(Fact {
            country: self.target_country,
            term: self.kind,
            stage: Some(self.stage),
            stage_starts: self.stage_starts(),
            first: DateBounds::from_date(self.founded.as_ref()),
            ..shared
        })
    }
}

impl FactSource for Programme {}

impl FactSource for Figure {}

impl FactSource for Instrument {}
