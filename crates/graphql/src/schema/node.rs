//! Anything that has a global id.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::connection::Kind;
use super::country::CountryObject;
use super::entry::EntryInterface;
use super::event::EventObject;
use super::fault::Fault;
use super::figure::FigureObject;
use super::global_id::GlobalId;
use super::instrument::InstrumentObject;
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use async_graphql::{Context, ID, Interface};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Id;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::KeyValue;

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque, and stable for this installation."))]
pub(crate) enum Node {
    /// A province.
    Province(ProvinceObject),
    /// A unit of administration.
    AdminUnit(UnitObject),
    /// A country or territory.
    Country(CountryObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// A term.
    Term(TermObject),
    /// A source.
    Source(SourceObject),
    /// A relation.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A programme.
    Programme(ProgrammeObject),
    /// A figure.
    Figure(FigureObject),
    /// A policy or legal document.
    Instrument(InstrumentObject),
}

impl Node {
    /// What an id names, if the caller may see it.
    pub(crate) async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, Fault> {
        let (asking, view) = (Asking::of(ctx), View::NOW);
        Ok(match GlobalId::decode(id) {
            // Proposals are no nodes: they are listed.
            None | Some(GlobalId::Proposal(_)) => None,
            Some(GlobalId::Province(log)) => ProvinceObject::of_log(asking, log, view).map(Self::Province),
            Some(GlobalId::Unit(id)) => UnitObject::find(asking, Id::new(id), view).map(Self::AdminUnit),
            Some(GlobalId::Country(id)) => CountryObject::find(asking, Id::new(id), view).map(Self::Country),
            Some(GlobalId::Locality(id)) => {
                LocalityObject::find(asking, Id::new(id), view).map(Self::Locality)
            }
            Some(GlobalId::Term(id)) => TermObject::find(asking, Id::new(id)).map(Self::Term),
            Some(GlobalId::Source(id)) => SourceObject::find(asking, Id::new(id)).map(Self::Source),
            Some(GlobalId::Entry(key)) => Self::find_entry(ctx.data_unchecked::<Loaders>(), key).await?,
        })
    }

    /// The entry of a key, if the caller may see it.
    pub(crate) async fn find_entry(loaders: &Loaders, key: EntryKey) -> Result<Option<Self>, Fault> {
        Ok(match key.kind {
            EntryKind::Relation => entry::<Relation>(loaders, key).await?.map(Self::Relation),
            EntryKind::Agreement => entry::<Agreement>(loaders, key).await?.map(Self::Agreement),
            EntryKind::Event => entry::<Event>(loaders, key).await?.map(Self::Event),
            EntryKind::Organization => entry::<Organization>(loaders, key).await?.map(Self::Organization),
            EntryKind::Programme => entry::<Programme>(loaders, key).await?.map(Self::Programme),
            EntryKind::Figure => entry::<Figure>(loaders, key).await?.map(Self::Figure),
            EntryKind::Instrument => entry::<Instrument>(loaders, key).await?.map(Self::Instrument),
        })
    }

    /// As an entry of a province; none for anything else.
    pub(crate) fn into_entry(self) -> Option<EntryInterface> {
        match self {
            Self::Relation(relation) => Some(relation.into()),
            Self::Agreement(agreement) => Some(agreement.into()),
            Self::Event(event) => Some(event.into()),
            Self::Organization(organization) => Some(organization.into()),
            Self::Programme(programme) => Some(programme.into()),
            Self::Province(_)
            | Self::AdminUnit(_)
            | Self::Country(_)
            | Self::Locality(_)
            | Self::Term(_)
            | Self::Source(_)
            | Self::Figure(_)
            | Self::Instrument(_) => None,
        }
    }

    /// What the value of a group key stands for, where that is an object.
    pub(crate) fn of_key(asking: &Asking, value: &KeyValue, view: View) -> Option<Self> {
        match value {
            KeyValue::Log(log) => ProvinceObject::of_log(asking, *log, view).map(Self::Province),
            KeyValue::Unit(id) => UnitObject::find(asking, *id, view).map(Self::AdminUnit),
            KeyValue::Country(id) => CountryObject::find(asking, *id, view).map(Self::Country),
            KeyValue::Locality(id) => LocalityObject::find(asking, *id, view).map(Self::Locality),
            KeyValue::Term(id) => TermObject::find(asking, *id).map(Self::Term),
            KeyValue::Region(_)
            | KeyValue::Pillar(_)
            | KeyValue::Tier(_)
            | KeyValue::Level(_)
            | KeyValue::Status(_)
            | KeyValue::Stage(_)
            | KeyValue::Direction(_)
            | KeyValue::Bucket { .. } => None,
        }
    }
}

async fn entry<C: Kind>(loaders: &Loaders, key: EntryKey) -> Result<Option<C::Object>, Fault> {
    let found = loaders.by_key::<C>(key.log, key.number).await?;
    Ok(found.map(|entry| C::object(entry, View::NOW)))
}
