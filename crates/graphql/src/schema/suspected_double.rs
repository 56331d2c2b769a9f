//! Suspected doubles: entries of different provinces that may record the same.

use super::api_error::ApiError;
use super::connection::{PageArgs, PageInfo};
use super::cost_directives::AssumedSize;
use super::entry::EntryInterface;
use super::enums::{EntryType, SimilarityReason};
use super::loader::Loaders;
use super::node::Node;
use super::request_context::RequestContext;
use super::rule_violation::{parse_place, place_bytes};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::entry::EntryKey;
use caunoi_register::{DoubleScan, EntryPair, SuspectedDouble};

/// The GraphQL object of a pair.
pub(crate) struct SuspectedDoubleObject(SuspectedDouble);

/// Two published entries of different provinces that may record the same document or event. If they
/// do, `mergeEntries` makes them one.
#[Object(name = "SuspectedDouble")]
impl SuspectedDoubleObject {
    /// The type of both entries: `AGREEMENT` or `EVENT`.
    async fn entry_type(&self) -> EntryType {
        self.0.first.kind.into()
    }

    /// The two entries.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn entries(&self, ctx: &Context<'_>) -> Result<Vec<EntryInterface>, ApiError> {
        let mut entries = Vec::with_capacity(2);
        for key in [self.0.first, self.0.second] {
            let found = Node::find_entry(ctx.data_unchecked::<Loaders>(), key).await?;
            entries.extend(found.and_then(Node::into_entry));
        }
        Ok(entries)
    }

    /// What they have in common: partner or country first, then the date, the title and the form or
    /// kind.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn reasons(&self) -> Vec<SimilarityReason> {
        self.0.reasons.iter().copied().map(Into::into).collect()
    }
}

/// One page of the suspected doubles.
#[derive(SimpleObject)]
pub(crate) struct SuspectedDoubleConnection {
    /// The pairs on this page, by type and province. It may have fewer than requested, even none,
    /// while there are more: a request compares at most 1,000 pairs.
    nodes: Vec<SuspectedDoubleObject>,
    /// The position of the page in the list. `endCursor` is where the comparison stopped.
    page_info: PageInfo,
}

impl SuspectedDoubleConnection {
    /// Compares the published entries after a cursor.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let window = PageArgs::forwards(first, after).into_window()?;
        let purpose = format!("suspected doubles {:?}", request.scope);
        let key = request.signing_key();
        let after =
            window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor)).transpose()?;
        let after = after.as_deref().and_then(parse_pair);
        let has_previous_page = after.is_some();
        let DoubleScan { found, last, is_complete } =
            request.reader.scan_doubles(after, usize::from(window.size)).await?;
        let cursor = |pair: EntryPair| key.sign(purpose.as_bytes(), &pair_bytes(pair));
        let page_info = PageInfo {
            has_next_page: !is_complete,
            has_previous_page,
            start_cursor: found.first().map(|pair| cursor((pair.first, pair.second))),
            end_cursor: last.map(cursor),
        };
        Ok(Self { nodes: found.into_iter().map(SuspectedDoubleObject).collect(), page_info })
    }
}

fn pair_bytes((first, second): EntryPair) -> Vec<u8> {
    [place_bytes(first), place_bytes(second)].concat()
}

fn parse_pair(pair: &[u8]) -> Option<(EntryKey, EntryKey)> {
    let (first, second) = pair.split_at_checked(pair.len() / 2)?;
    Some((parse_place(first)?, parse_place(second)?))
}
