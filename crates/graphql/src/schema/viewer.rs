//! The caller.

use super::cost_directives::AssumedSize;
use super::enums::Role;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
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

    /// Returns the global id: base64url of role, province, scopes and name.
    pub(super) fn global_id(&self) -> String {
        let (home, scopes) = (self.0.province().map_or(0, Log::number), self.scopes_of_token().join("+"));
        URL_SAFE_NO_PAD.encode(format!("Viewer:{}:{home}:{scopes}:{}", self.0.role(), self.0.name()))
    }

    fn scopes_of_token(&self) -> &'static [&'static str] {
        if self.0.may_write() { &["read", "write"] } else { &["read"] }
    }
}

/// The caller, as identified by the token.
#[Object]
impl Viewer {
    /// The global id of the caller, opaque. It is the same for all tokens with the same name, role,
    /// province and scopes; `node(id:)` returns the caller for its own.
    pub(crate) async fn id(&self) -> ID {
        ID(self.global_id())
    }

    /// The role of the caller.
    async fn role(&self) -> Role {
        self.0.role().into()
    }

    /// The province of the caller. Null for roles that belong to no province.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.0.province().and_then(|log| ProvinceObject::of_log(RequestContext::of(ctx), log))
    }

    /// The scopes of the token: `read`, and `write` if it permits the changes that the role allows.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn scopes(&self) -> &'static [&'static str] {
        self.scopes_of_token()
    }
}
