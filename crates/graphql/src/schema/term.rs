//! Terms of vocabularies.

use super::cost_directives::TextSize;
use super::enums::{Locale, Vocabulary};
use super::global_id::GlobalId;
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::TermId;
use caunoi_domain::reference::Term;

/// The GraphQL object of a term.
pub(crate) struct TermObject(pub(crate) Term);

impl TermObject {
    pub(crate) fn find(request: &RequestContext, id: TermId) -> Option<Self> {
        request.directory().term(id).cloned().map(Self)
    }
}

/// A term of a vocabulary that the ministry maintains, for example a field of cooperation, a form
/// of agreement or an indicator.
#[Object(name = "Term")]
impl TermObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Term, self.0.id)
    }

    /// The vocabulary that the term belongs to.
    async fn vocabulary(&self) -> Vocabulary {
        self.0.vocabulary.into()
    }

    /// The code, unique within its vocabulary: `TRADE_SERVICES`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The name in the given language. If it does not exist in that language, the name in the other
    /// one.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.0.name.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The broader term of the same vocabulary. Null if there is none.
    async fn parent(&self, ctx: &Context<'_>) -> Option<TermObject> {
        self.0.parent.and_then(|parent| Self::find(RequestContext::of(ctx), parent))
    }

    /// The first day from which the term can be used. Null if it could always be used.
    async fn valid_from(&self) -> Option<LocalDate> {
        self.0.valid_from.map(LocalDate)
    }
}
