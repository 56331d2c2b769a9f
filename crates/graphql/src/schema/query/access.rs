//! The root fields of access: keys, revocations, blocked networks, administrative acts.

use crate::schema::access::{AdministrativeActPage, ApiKeyPage, BlockedNetworkPage, RevocationPage};
use crate::schema::api_error::ApiError;
use crate::schema::cost_directives::{PageSize, Weight};
use async_graphql::{Context, Object};

/// The root fields of access.
pub(crate) struct AccessQueries;

#[Object]
impl AccessQueries {
    /// The API keys of partners and machines, by name. The keys themselves are never returned.
    /// Requires the role analyst or steward.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns revoked keys instead of those that are not revoked.", default)]
        is_revoked: bool,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "A `cursor` of this list: it continues from there. The default is the start.")]
        after: Option<String>,
    ) -> Result<ApiKeyPage, ApiError> {
        ApiKeyPage::read(ctx, is_revoked, first, after).await
    }

    /// The revocations of tokens, by id. Requires the role analyst or steward.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn revocations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns lifted revocations instead of those in effect.", default)] is_lifted: bool,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "A `cursor` of this list: it continues from there. The default is the start.")]
        after: Option<String>,
    ) -> Result<RevocationPage, ApiError> {
        RevocationPage::read(ctx, is_lifted, first, after).await
    }

    /// The networks that were blocked at run time, by network, those whose time has passed included.
    /// Requires the role analyst or steward.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn blocked_networks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "A `cursor` of this list: it continues from there. The default is the start.")]
        after: Option<String>,
    ) -> Result<BlockedNetworkPage, ApiError> {
        BlockedNetworkPage::read(ctx, first, after).await
    }

    /// The administrative acts of stewards, the newest first: on API keys, revocations and blocked
    /// networks, and on the reference data. They are part of the log of the ministry and of no feed.
    /// Requires the role analyst or steward.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn administrative_acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A `cursor` of this list: it continues with older acts. The default is the newest."
        )]
        after: Option<String>,
    ) -> Result<AdministrativeActPage, ApiError> {
        AdministrativeActPage::read(ctx, first, after).await
    }
}
