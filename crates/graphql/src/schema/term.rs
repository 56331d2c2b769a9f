//! Terms of vocabularies, and sources.

use super::cost_directives::TextSize;
use super::enums::{Locale, SourceKind, Vocabulary};
use super::global_id::GlobalId;
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::{SourceId, TermId};
use caunoi_domain::reference::{Source, Term};

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

/// The GraphQL object of a source.
pub(crate) struct SourceObject(pub(crate) Source);

impl SourceObject {
    pub(crate) fn find(request: &RequestContext, id: SourceId) -> Option<Self> {
        request.directory().source(id).cloned().map(Self)
    }
}

/// A document, web page or data set that states a fact.
#[Object(name = "Source")]
impl SourceObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Source, self.0.id)
    }

    /// The printable code, for example `seed-000`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The title of the page or document.
    #[graphql(directive = TextSize::apply(110))]
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The web address of the page or the name of a file.
    #[graphql(directive = TextSize::apply(100))]
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// The kind of source.
    async fn kind(&self) -> SourceKind {
        self.0.kind.into()
    }
}
