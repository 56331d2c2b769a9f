//! Provinces that go to the same partner at the same time.

use super::super::asking::{Asking, View};
use super::super::connection::Kind;
use super::super::event::EventObject;
use super::super::fault::Fault;
use super::super::loader::Loaders;
use super::super::locality::LocalityObject;
use super::super::scalar::LocalDate;
use async_graphql::{Context, Object};
use caunoi_domain::event::Event;
use caunoi_domain::statistics::Clash;
use futures_util::future::try_join_all;

/// Visits of several provinces to one partner.
pub(crate) struct ClashObject {
    pub(super) clash: Clash,
    pub(super) view: View,
}

/// Visits of several provinces to one partner, each within days of the one before.
#[Object(name = "Clash")]
impl ClashObject {
    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        LocalityObject::find(Asking::of(ctx), self.clash.partner, self.view)
    }

    /// The first day of the first visit.
    async fn from(&self) -> LocalDate {
        LocalDate(self.clash.from)
    }

    /// The last day of the last one.
    async fn to(&self) -> LocalDate {
        LocalDate(self.clash.to)
    }

    /// The visits, in order of time, the first 20 of them.
    async fn visits(&self, ctx: &Context<'_>) -> Result<Vec<EventObject>, Fault> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let keys = self.clash.visits.iter().take(20);
        let read = keys.map(|key| loaders.by_key::<Event>(key.log, key.number));
        let found = try_join_all(read).await?.into_iter().flatten();
        Ok(found.map(|entry| Event::object(entry, self.view)).collect())
    }
}
