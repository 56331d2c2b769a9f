//! Suspected doubles: entries of different provinces that may record the same.

use super::api_error::ApiError;
use super::cost_directives::{AssumedSize, TextSize};
use super::entry::EntryInterface;
use super::enums::{EntryType, SimilarityReason};
use super::loader::Loaders;
use super::node::Node;
use super::request_context::RequestContext;
use super::rule_violation::{parse_place, place_bytes};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::entry::EntryKey;
use caunoi_domain::page::Window;
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

/// A part of the comparison of all published entries.
#[derive(SimpleObject)]
pub(crate) struct SuspectedDoublePage {
    /// The pairs found, by type and province. There may be fewer than requested, even none, while
    /// `hasMore` is true: a request compares at most 1,000 pairs.
    nodes: Vec<SuspectedDoubleObject>,
    /// The place at which the comparison stopped: `suspectedDoubles(after:)` continues from here. Null
    /// if the caller has no entries to compare.
    #[graphql(directive = TextSize::apply(60))]
    cursor: Option<String>,
    /// Whether there are further pairs to compare. They may be no doubles.
    has_more: bool,
}

impl SuspectedDoublePage {
    /// Compares the published entries after a cursor.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let window = Window::parse(first, after, None, None)?;
        let purpose = format!("suspected doubles {:?}", request.scope);
        let key = request.signing_key();
        let after =
            window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor)).transpose()?;
        let after = after.as_deref().and_then(parse_pair);
        let DoubleScan { found, last, is_complete } =
            request.reader.scan_doubles(after, usize::from(window.size)).await?;
        let cursor = |pair: EntryPair| key.sign(purpose.as_bytes(), &pair_bytes(pair));
        Ok(Self {
            nodes: found.into_iter().map(SuspectedDoubleObject).collect(),
            cursor: last.map(cursor),
            has_more: !is_complete,
        })
    }
}

fn pair_bytes((first, second): EntryPair) -> Vec<u8> {
    [place_bytes(first), place_bytes(second)].concat()
}

fn parse_pair(pair: &[u8]) -> Option<(EntryKey, EntryKey)> {
    let (first, second) = pair.split_at_checked(pair.len() / 2)?;
    Some((parse_place(first)?, parse_place(second)?))
}
