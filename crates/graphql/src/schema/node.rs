//! The interface `Node`: objects with a global id.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::country::CountryObject;
use super::entry::EntryInterface;
use super::event::EventObject;
use super::figure::FigureObject;
use super::global_id::GlobalId;
use super::instrument::InstrumentObject;
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::proposal::ProposalObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::request_context::RequestContext;
use super::source::SourceObject;
use super::term::TermObject;
use super::tombstone::TombstoneObject;
use super::unit::UnitObject;
use super::viewer::Viewer;
use super::webhook::{self, DeliveryObject, WebhookObject};
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
use caunoi_domain::statistics::GroupKeyValue;

/// An object with a global id.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "The global id, opaque and stable within this installation: `RXZlbnQ6NzoxMg`."
))]
pub(crate) enum Node {
    /// A province or centrally run city of Vietnam.
    Province(ProvinceObject),
    /// An administrative unit of the first tier, current or former.
    AdminUnit(UnitObject),
    /// A country or territory.
    Country(CountryObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// A term of a vocabulary.
    Term(TermObject),
    /// A source.
    Source(SourceObject),
    /// A relation with a locality abroad.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A programme.
    Programme(ProgrammeObject),
    /// A reported figure.
    Figure(FigureObject),
    /// A policy or legal document.
    Instrument(InstrumentObject),
    /// What remains of a withdrawn entry.
    Tombstone(TombstoneObject),
    /// A request of a province for a new locality.
    LocalityProposal(ProposalObject),
    /// A webhook of the caller.
    Webhook(WebhookObject),
    /// An attempt to deliver a message of a webhook of the caller.
    WebhookDelivery(DeliveryObject),
    /// The caller.
    Viewer(Viewer),
}

impl Node {
    /// Returns the object with this id, the tombstone of a withdrawn entry; `None` if it does not
    /// exist or is not visible to the caller.
    pub(crate) async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, ApiError> {
        let request = RequestContext::of(ctx);
        Ok(match GlobalId::decode(id) {
            None => Self::find_of_caller(ctx, id).await?,
            Some(GlobalId::Proposal(key)) => {
                request.reader.find_proposal(key).await?.map(ProposalObject).map(Self::LocalityProposal)
            }
            Some(GlobalId::Province(log)) => ProvinceObject::of_log(request, log).map(Self::Province),
            Some(GlobalId::Unit(id)) => UnitObject::find(request, Id::new(id)).map(Self::AdminUnit),
            Some(GlobalId::Country(id)) => CountryObject::find(request, Id::new(id)).map(Self::Country),
            Some(GlobalId::Locality(id)) => LocalityObject::find(request, Id::new(id)).map(Self::Locality),
            Some(GlobalId::Term(id)) => TermObject::find(request, Id::new(id)).map(Self::Term),
            Some(GlobalId::Source(id)) => SourceObject::find(request, Id::new(id)).map(Self::Source),
            Some(GlobalId::Entry(key)) => {
                let loaders = ctx.data_unchecked::<Loaders>();
                match Self::find_entry(loaders, key).await? {
                    Some(entry) => Some(entry),
                    None => loaders.find_tombstone(key).await?.map(TombstoneObject).map(Self::Tombstone),
                }
            }
        })
    }

    /// Returns the object of the caller alone with this id: the caller itself, a webhook, a
    /// delivery.
    async fn find_of_caller(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, ApiError> {
        if let Some(webhook) = webhook::find(ctx, id).await? {
            return Ok(Some(Self::Webhook(webhook)));
        }
        if let Some(delivery) = webhook::find_delivery(ctx, id).await? {
            return Ok(Some(Self::WebhookDelivery(delivery)));
        }
        Ok(Viewer::of(ctx).filter(|viewer| viewer.global_id() == id).map(Self::Viewer))
    }

    /// Returns the entry with this key; `None` if it does not exist or is not visible to the
    /// caller.
    pub(crate) async fn find_entry(loaders: &Loaders, key: EntryKey) -> Result<Option<Self>, ApiError> {
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

    /// Converts to the interface `Entry`; `None` for other types.
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
            | Self::Instrument(_)
            | Self::Tombstone(_)
            | Self::LocalityProposal(_)
            | Self::Webhook(_)
            | Self::WebhookDelivery(_)
            | Self::Viewer(_) => None,
        }
    }

    /// Returns the object behind the value of a group key; `None` if it is not an object.
    pub(crate) fn of_key(request: &RequestContext, value: &GroupKeyValue) -> Option<Self> {
        match value {
            GroupKeyValue::Log(log) => ProvinceObject::of_log(request, *log).map(Self::Province),
            GroupKeyValue::Unit(id) => UnitObject::find(request, *id).map(Self::AdminUnit),
            GroupKeyValue::Country(id) => CountryObject::find(request, *id).map(Self::Country),
            GroupKeyValue::Locality(id) => LocalityObject::find(request, *id).map(Self::Locality),
            GroupKeyValue::Term(id) => TermObject::find(request, *id).map(Self::Term),
            GroupKeyValue::Region(_)
            | GroupKeyValue::Pillar(_)
            | GroupKeyValue::Tier(_)
            | GroupKeyValue::Level(_)
            | GroupKeyValue::Status(_)
            | GroupKeyValue::Stage(_)
            | GroupKeyValue::Direction(_)
            | GroupKeyValue::Bucket { .. } => None,
        }
    }
}

async fn entry<C: GraphqlEntry>(
    loaders: &Loaders,
    key: EntryKey,
) -> Result<Option<C::GraphqlObject>, ApiError> {
    let found = loaders.find_by_key::<C>(key.log, key.number).await?;
    Ok(found.map(C::into_object))
}
