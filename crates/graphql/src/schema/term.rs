//! Terms of vocabularies, and sources.

use super::asking::Asking;
use super::enums::{Locale, Vocabulary};
use super::global_id::GlobalId;
use super::scalar::LocalDate;
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::{SourceId, TermId};
use caunoi_domain::reference::{Source, Term};

/// A word of a vocabulary.
pub(crate) struct TermObject(pub(crate) Term);

impl TermObject {
    pub(crate) fn find(asking: &Asking, id: TermId) -> Option<Self> {
        asking.directory().term(id).cloned().map(Self)
    }
}

/// A word of a vocabulary that policy owns: a field, a form, a kind, an indicator.
#[Object(name = "Term")]
impl TermObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Term, self.0.id)
    }

    /// The list that it belongs to.
    async fn vocabulary(&self) -> Vocabulary {
        self.0.vocabulary.into()
    }

    /// Its code, unique within the vocabulary.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What people read.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.0.name.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The wider term of the same vocabulary.
    async fn parent(&self, ctx: &Context<'_>) -> Option<TermObject> {
        self.0.parent.and_then(|parent| Self::find(Asking::of(ctx), parent))
    }

    /// The first day on which it may be used; null: always.
    async fn valid_from(&self) -> Option<LocalDate> {
        self.0.valid_from.map(LocalDate)
    }
}

/// Where a fact was read.
pub(crate) struct SourceObject(pub(crate) Source);

impl SourceObject {
    pub(crate) fn find(asking: &Asking, id: SourceId) -> Option<Self> {
        asking.directory().source(id).cloned().map(Self)
    }
}

/// Where a fact was read.
#[Object(name = "Source")]
impl SourceObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Source, self.0.id)
    }

    /// Its printable code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The title of the page or document.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// A web address, or the name of a file.
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// `SEED`, `NEWS`, `PORTAL` or `DATASET`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }
}
