//! Tombstones of entries that were withdrawn or merged.

use super::api_error::ApiError;
use super::cost_directives::TextSize;
use super::entry::EntryInterface;
use super::enums::{EntryType, Locale};
use super::global_id::GlobalId;
use super::node::Node;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::DateTime;
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::EntryKey;
use caunoi_domain::tombstone::Tombstone;

/// The GraphQL object of a tombstone.
#[derive(Debug, Clone)]
pub(crate) struct TombstoneObject(pub(crate) Tombstone);

/// What remains of an entry that was published and then withdrawn (thu hồi), or merged (gộp) into
/// another one: its code and the reason. Under the id of a withdrawn entry `node(id:)` returns it; under
/// that of a merged one, the entry that it was merged into.
#[Object(name = "Tombstone")]
impl TombstoneObject {
    /// The global id of the entry.
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

    /// The entry that it was merged into. Null if it was withdrawn.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<EntryInterface, ApiError>> {
        let kept = self.0.merged_into.as_ref()?;
        let key = EntryKey { kind: self.0.key.kind, log: kept.log, number: kept.number };
        let found = Node::find_entry(ctx.data_unchecked(), key).await;
        found.map(|node| node.and_then(Node::into_entry)).transpose()
    }

    /// The printable code of the entry that it was merged into, for example `AGR-0113`. Null if it was
    /// withdrawn.
    async fn merged_into_code(&self) -> Option<&str> {
        self.0.merged_into.as_ref().map(|kept| kept.code.as_str())
    }

    /// The time at which the entry was withdrawn or merged.
    async fn withdrawn_at(&self) -> DateTime {
        DateTime::from_us(self.0.withdrawn_at_us)
    }

    /// The reason for the withdrawal or the merge, in the given language if it was written in it. Null if none
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
