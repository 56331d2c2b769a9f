//! Pages of access rules and administrative acts.

use super::{AdministrativeActObject, ApiKeyObject, BlockedNetworkObject, RevocationObject};
use crate::schema::api_error::ApiError;
use crate::schema::cost_directives::TextSize;
use crate::schema::request_context::RequestContext;
use async_graphql::{Context, SimpleObject};
use caunoi_domain::access::{AccessRecord, AccessRuleKind, AccessRuleList};
use caunoi_domain::page::Window;
use caunoi_domain::policy::AccessReview;

/// A page of API keys.
#[derive(SimpleObject)]
pub(crate) struct ApiKeyPage {
    /// The keys.
    nodes: Vec<ApiKeyObject>,
    /// The place of the last key: `apiKeys(after:)` continues from here. Null for an empty page.
    #[graphql(directive = TextSize::apply(100))]
    cursor: Option<String>,
    /// Whether there are further keys.
    has_more: bool,
}

/// A page of revocations.
#[derive(SimpleObject)]
pub(crate) struct RevocationPage {
    /// The revocations.
    nodes: Vec<RevocationObject>,
    /// The place of the last revocation: `revocations(after:)` continues from here. Null for an empty
    /// page.
    #[graphql(directive = TextSize::apply(100))]
    cursor: Option<String>,
    /// Whether there are further revocations.
    has_more: bool,
}

/// A page of blocked networks.
#[derive(SimpleObject)]
pub(crate) struct BlockedNetworkPage {
    /// The networks.
    nodes: Vec<BlockedNetworkObject>,
    /// The place of the last network: `blockedNetworks(after:)` continues from here. Null for an empty
    /// page.
    #[graphql(directive = TextSize::apply(100))]
    cursor: Option<String>,
    /// Whether there are further networks.
    has_more: bool,
}

/// A page of administrative acts.
#[derive(SimpleObject)]
pub(crate) struct AdministrativeActPage {
    /// The acts, the newest first.
    nodes: Vec<AdministrativeActObject>,
    /// The place of the last act: `administrativeActs(after:)` continues with older ones. Null for an
    /// empty page.
    #[graphql(directive = TextSize::apply(100))]
    cursor: Option<String>,
    /// Whether there are older acts.
    has_more: bool,
}

impl ApiKeyPage {
    /// Reads a page of the keys that are revoked, or of those that are not.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        is_revoked: bool,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let list = AccessRuleList { kind: AccessRuleKind::ApiKey, is_active: !is_revoked };
        let RulePage { rows, cursor, has_more } = RulePage::read(ctx, list, first, after).await?;
        let nodes = rows.into_iter().filter_map(|(record, used)| ApiKeyObject::of(record, used));
        Ok(Self { nodes: nodes.collect(), cursor, has_more })
    }
}

impl RevocationPage {
    /// Reads a page of the revocations that are lifted, or of those in effect.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        is_lifted: bool,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let list = AccessRuleList { kind: AccessRuleKind::Revocation, is_active: !is_lifted };
        let RulePage { rows, cursor, has_more } = RulePage::read(ctx, list, first, after).await?;
        let nodes = rows.into_iter().filter_map(|(record, _)| RevocationObject::of(record));
        Ok(Self { nodes: nodes.collect(), cursor, has_more })
    }
}

impl BlockedNetworkPage {
    /// Reads a page of the networks that are not unblocked.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let list = AccessRuleList { kind: AccessRuleKind::BlockedNetwork, is_active: true };
        let RulePage { rows, cursor, has_more } = RulePage::read(ctx, list, first, after).await?;
        let nodes = rows.into_iter().filter_map(|(record, _)| BlockedNetworkObject::of(record));
        Ok(Self { nodes: nodes.collect(), cursor, has_more })
    }
}

impl AdministrativeActPage {
    /// Reads a page of the acts, the newest first.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        const PURPOSE: &[u8] = b"administrative acts";
        let request = RequestContext::of(ctx);
        let review = review(request)?;
        let window = Window::parse(first, after, None, None)?;
        let (key, size) = (request.signing_key(), usize::from(window.size));
        let place = window.cursor.as_deref().map(|cursor| key.verify(PURPOSE, cursor)).transpose()?;
        let before = place.and_then(|place| place.try_into().ok()).map(i64::from_be_bytes);
        // One row more than the page shows whether the list continues.
        let mut acts = request.register().administrative_acts(review, before, size as u64 + 1).await?;
        let has_more = acts.len() > size;
        acts.truncate(size);
        let cursor = acts.last().map(|act| key.sign(PURPOSE, &act.position.to_be_bytes()));
        Ok(Self { nodes: acts.into_iter().map(AdministrativeActObject).collect(), cursor, has_more })
    }
}

/// A page of access rules of one kind.
struct RulePage {
    /// The rules, each with the time of the last use.
    rows: Vec<(AccessRecord, Option<i64>)>,
    cursor: Option<String>,
    has_more: bool,
}

impl RulePage {
    /// Reads the whole list, which is short, and returns a page of it.
    async fn read(
        ctx: &Context<'_>,
        list: AccessRuleList,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let review = review(request)?;
        let window = Window::parse(first, after, None, None)?;
        let (key, purpose) = (request.signing_key(), format!("access rules {list:?}"));
        let place =
            window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor)).transpose()?;
        let is_after = |record: &AccessRecord| {
            place.as_ref().is_none_or(|place| record.rule.name().as_bytes() > place.as_slice())
        };
        let mut rows = request.register().access_rules(review, list).await?;
        rows.retain(|(record, _)| is_after(record));
        let size = usize::from(window.size);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let sign = |record: &AccessRecord| key.sign(purpose.as_bytes(), record.rule.name().as_bytes());
        let cursor = rows.last().map(|(record, _)| sign(record));
        Ok(Self { rows, cursor, has_more })
    }
}

/// Returns the proof that the caller may read access rules. The response is private to the caller, so
/// no cache keeps it.
fn review(request: &RequestContext) -> Result<AccessReview, ApiError> {
    Ok(request.actor().access_review().map_err(caunoi_register::Error::from)?)
}
