//! Visits of several provinces to the same partner at the same time.

use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry;
use super::super::event::EventObject;
use super::super::loader::Loaders;
use super::super::locality::LocalityObject;
use super::super::request_context::RequestContext;
use super::super::scalar::LocalDate;
use crate::schema::cost_directives::AssumedSize;
use async_graphql::{Context, Object};
use caunoi_domain::event::Event;
use caunoi_domain::statistics::VisitConflict;
use futures_util::future::try_join_all;

/// The GraphQL object of a clash of visits.
pub(crate) struct ClashObject {
    pub(super) clash: VisitConflict,
}

/// Visits of several provinces to the same partner, each beginning within days of the end of the
/// earlier ones.
#[Object(name = "Clash")]
impl ClashObject {
    /// The locality that was visited.
    async fn partner_locality(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        LocalityObject::find(RequestContext::of(ctx), self.clash.partner)
    }

    /// The first day of the first visit.
    async fn from(&self) -> LocalDate {
        LocalDate(self.clash.from)
    }

    /// The last day of all visits.
    async fn to(&self) -> LocalDate {
        LocalDate(self.clash.to)
    }

    /// The first 20 visits, the earliest first.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn visits(&self, ctx: &Context<'_>) -> Result<Vec<EventObject>, ApiError> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let keys = self.clash.visits.iter().take(20);
        let read = keys.map(|key| loaders.find_by_key::<Event>(key.log, key.number));
        let found = try_join_all(read).await?.into_iter().flatten();
        Ok(found.map(Event::into_object).collect())
    }
}
