//! The entries that were merged into others.

use super::api_error::ApiError;
use super::enums::EntryType;
use super::global_id::GlobalId;
use super::loader::Loaders;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::tombstone::TombstoneObject;
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::merged_entry::MergedEntry;

/// The GraphQL object of a merged entry.
#[derive(Debug, Clone)]
pub(crate) struct MergedEntryObject {
    key: EntryKey,
    code: String,
}

impl MergedEntryObject {
    /// Creates the object of a merged entry of this kind.
    pub(crate) fn new(kind: EntryKind, entry: &MergedEntry) -> Self {
        let key = EntryKey { kind, log: entry.log, number: entry.number };
        Self { key, code: entry.code.clone() }
    }
}

/// An entry that recorded the same as another one and was merged into it (gộp).
#[Object(name = "MergedEntry")]
impl MergedEntryObject {
    /// The global id of the merged entry. `unmergeEntry` takes it; `node(id:)` returns the entry that
    /// it was merged into.
    async fn entry_id(&self) -> ID {
        GlobalId::Entry(self.key).encode()
    }

    /// The printable code of the merged entry, for example `AGR-HUE-0012`.
    async fn code(&self) -> &str {
        &self.code
    }

    /// The type of the entry, for example `AGREEMENT`.
    async fn entry_type(&self) -> EntryType {
        self.key.kind.into()
    }

    /// The province that registered it. Null if the ministry did.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.key.log)
    }

    /// The time of the merge and the reason.
    async fn tombstone(&self, ctx: &Context<'_>) -> Result<Option<TombstoneObject>, ApiError> {
        let found = ctx.data_unchecked::<Loaders>().find_tombstone(self.key).await?;
        Ok(found.map(TombstoneObject))
    }
}
