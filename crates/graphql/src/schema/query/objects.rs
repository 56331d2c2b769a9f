//! The root fields of the caller and of objects by their global ids.

use crate::schema::api_error::ApiError;
use crate::schema::cost_directives::AssumedSize;
use crate::schema::node::Node;
use crate::schema::rate_limit::RateLimit;
use crate::schema::viewer::Viewer;
use crate::schema::webhook::{self, WebhookObject};
use async_graphql::{Context, ID, Object};
use caunoi_texts::ApiText;
use futures_util::future::try_join_all;

/// The maximum number of ids of `nodes`.
const MOST_IDS: u16 = 100;

/// The root fields of the caller and of objects by their global ids.
pub(crate) struct ObjectQueries;

#[Object]
impl ObjectQueries {
    /// The caller. Null without a token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        Viewer::of(ctx)
    }

    /// The rate limit of the caller and the cost of this query. What the caller may spend is refilled
    /// evenly; a request that exceeds it is refused with `RATE_LIMITED`.
    async fn rate_limit(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether to leave out all other fields of the query: they are not executed and are absent from the response, and `cost` is what the query would cost. Then it costs one unit itself.",
            default = false
        )]
        dry_run: bool,
    ) -> RateLimit {
        // The executor has removed the other fields.
        let _ = dry_run;
        RateLimit::of(ctx)
    }

    /// The webhooks of the caller, the oldest first. Requires the role `PARTNER` and a token with
    /// the scope `write`.
    #[graphql(directive = AssumedSize::apply(20))]
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<WebhookObject>, ApiError> {
        webhook::list(ctx).await
    }

    /// The object with a global id. Null if no such object is visible to the caller.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.")]
        id: ID,
    ) -> Option<Result<Node, ApiError>> {
        Node::find(ctx, &id).await.transpose()
    }

    /// The objects with several global ids, in the given order, with null for each id that no
    /// visible object has.
    #[graphql(directive = AssumedSize::apply(MOST_IDS))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global ids. More are an error.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() > usize::from(MOST_IDS) {
            return Err(ApiError::bad_input(ApiText::TooManyIds { most: usize::from(MOST_IDS) }));
        }
        // Concurrently, so that entries of one kind are read in one statement.
        try_join_all(ids.iter().map(|id| Node::find(ctx, id))).await
    }
}
