//! Tombstones of withdrawn entries.

use super::cost_directives::TextSize;
use super::enums::{EntryType, Locale};
use super::global_id::GlobalId;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::DateTime;
use async_graphql::{Context, ID, Object};
use caunoi_domain::tombstone::Tombstone;

/// The GraphQL object of a tombstone.
#[derive(Debug, Clone)]
pub(crate) struct TombstoneObject(pub(crate) Tombstone);

/// What remains of an entry that was published and then withdrawn (thu hồi): its code and the
/// reason; its content is no longer available. `node(id:)` returns it under the id of the entry.
#[Object(name = "Tombstone")]
impl TombstoneObject {
    /// The global id of the withdrawn entry.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Entry(self.0.key).encode()
    }

    /// The printable code of the entry, for example `AGR-DONG_NAI-0045`. No other entry gets it.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The type of the entry, for example `AGREEMENT`.
    async fn entry_type(&self) -> EntryType {
        self.0.key.kind.into()
    }

    /// The province that owned the entry. Null if the ministry owned it.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.0.key.log)
    }

    /// The time at which the entry was withdrawn.
    async fn withdrawn_at(&self) -> DateTime {
        DateTime::from_us(self.0.withdrawn_at_us)
    }

    /// The reason for the withdrawal, in the given language if it was written in it. Null if none
    /// was given, which is possible only for withdrawals before a reason was required.
    #[graphql(directive = TextSize::apply(150))]
    async fn reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<&str> {
        let reason = self.0.reason.as_ref()?;
        Some(reason.in_locale(RequestContext::of(ctx).locale(locale)))
    }
}
