//! The caller.

use super::cost_directives::AssumedSize;
use super::enums::Role;
use super::province::ProvinceObject;
use super::request_context::{RequestContext, View};
use async_graphql::{Context, ID, Object};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{self, Actor};

/// The GraphQL object of a caller with a token.
pub(crate) struct Viewer(Actor);

impl Viewer {
    /// Returns the caller; `None` for the public.
    pub(crate) fn of(ctx: &Context<'_>) -> Option<Self> {
        let actor = RequestContext::of(ctx).actor();
        (actor.role() != policy::Role::Public).then(|| Self(actor.clone()))
    }
}

/// The caller, as identified by the token.
#[Object]
impl Viewer {
    /// An opaque id of the caller. It is the same for all tokens with the same name, role and
    /// province.
    async fn id(&self) -> ID {
        let home = self.0.province().map_or(0, Log::number);
        ID(URL_SAFE_NO_PAD.encode(format!("Viewer:{}:{home}:{}", self.0.role(), self.0.name())))
    }

    /// The role of the caller.
    async fn role(&self) -> Role {
        self.0.role().into()
    }

    /// The province of the caller. Null for roles that belong to no province.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.0.province().and_then(|log| ProvinceObject::of_log(RequestContext::of(ctx), log, View::NOW))
    }

    /// The scopes of the token: `read`, and `write` if it permits the changes that the role allows.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn scopes(&self) -> &'static [&'static str] {
        if self.0.may_write() { &["read", "write"] } else { &["read"] }
    }
}
