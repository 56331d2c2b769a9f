//! Who asks, as the register knows them.

use super::asking::{Asking, View};
use super::enums::Role;
use super::province::ProvinceObject;
use async_graphql::{Context, ID, Object};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{self, Actor};

/// Somebody with a token.
pub(crate) struct Viewer(Actor);

impl Viewer {
    /// The caller; none for the public.
    pub(crate) fn of(ctx: &Context<'_>) -> Option<Self> {
        let actor = Asking::of(ctx).actor();
        (actor.role() != policy::Role::Public).then(|| Self(actor.clone()))
    }
}

/// Who asks, as the token says.
#[Object]
impl Viewer {
    /// An opaque name of the caller: the same for every token of the same name, role and province.
    async fn id(&self) -> ID {
        let home = self.0.province().map_or(0, Log::number);
        ID(URL_SAFE_NO_PAD.encode(format!("Viewer:{}:{home}:{}", self.0.role(), self.0.name())))
    }

    /// What the caller is to the register.
    async fn role(&self) -> Role {
        self.0.role().into()
    }

    /// The province that the caller acts for; null for a role that belongs to none.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.0.province().and_then(|log| ProvinceObject::of_log(Asking::of(ctx), log, View::NOW))
    }

    /// What the token is good for: `read`, and `write` where it lets its bearer change what the
    /// role may.
    async fn scopes(&self) -> &'static [&'static str] {
        if self.0.may_write() { &["read", "write"] } else { &["read"] }
    }
}
