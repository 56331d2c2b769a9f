//! Relations and agreements with one partner that a unit has from several units.

use super::super::agreement::AgreementObject;
use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry;
use super::super::loader::Loaders;
use super::super::locality::LocalityObject;
use super::super::relation::RelationObject;
use super::super::request_context::RequestContext;
use super::super::unit::UnitObject;
use crate::schema::cost_directives::AssumedSize;
use async_graphql::{Context, Object};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::Entry;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{OriginKey, Overlap};
use caunoi_register::EntryContent;
use futures_util::future::try_join_all;

/// The maximum number of entries of a kind in one overlap.
const MOST_ENTRIES: usize = 20;

/// The GraphQL object of an overlap.
pub(crate) struct OverlapObject {
    pub(super) overlap: Overlap,
}

impl OverlapObject {
    async fn entries<C: EntryContent>(
        ctx: &Context<'_>,
        keys: &[OriginKey],
    ) -> Result<impl Iterator<Item = Entry<C>> + use<C>, ApiError> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let keys = keys.iter().take(MOST_ENTRIES);
        let read = keys.map(|(_, key)| loaders.find_by_key::<C>(key.log, key.number));
        Ok(try_join_all(read).await?.into_iter().flatten())
    }
}

/// Live relations or agreements with one partner locality that a unit has from several units of
/// origin, since units were merged. Each entry names its unit in `originUnit`.
#[Object(name = "Overlap")]
impl OverlapObject {
    /// The unit that has the entries on `asOf`, for example `HO_CHI_MINH`.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        UnitObject::find(RequestContext::of(ctx), self.overlap.unit)
    }

    /// The partner locality, for example `la-champasak`.
    async fn partner_locality(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        LocalityObject::find(RequestContext::of(ctx), self.overlap.partner)
    }

    /// The relations with status `ACTIVE` or `DORMANT` on `asOf`, at most 20; empty unless they are of
    /// at least two units of origin.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn relations(&self, ctx: &Context<'_>) -> Result<Vec<RelationObject>, ApiError> {
        let found = Self::entries::<Relation>(ctx, &self.overlap.relations).await?;
        Ok(found.map(Relation::into_object).collect())
    }

    /// The agreements in force on `asOf`, at most 20; empty unless they are of at least two units of
    /// origin.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn agreements(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, ApiError> {
        let found = Self::entries::<Agreement>(ctx, &self.overlap.agreements).await?;
        Ok(found.map(Agreement::into_object).collect())
    }
}
