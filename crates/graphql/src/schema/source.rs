//! Sources of facts.

use super::api_error::ApiError;
use super::connection::{Count, PageArgs, PageInfo};
use super::cost_directives::{TextSize, Weight};
use super::document::file_url;
use super::enums::{Locale, SourceKind};
use super::global_id::GlobalId;
use super::memory_page::{MemoryPage, SortedList};
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::value::FuzzyDate;
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::page::SortKey;
use caunoi_domain::source::{Source, SourceId};
use caunoi_domain::{change, collation, locale};

/// The GraphQL object of a source.
pub(crate) struct SourceObject(pub(crate) Source);

impl SourceObject {
    pub(crate) fn find(request: &RequestContext, id: SourceId) -> Option<Self> {
        request.source(id).cloned().map(Self)
    }
}

/// A document, web page or data set that states a fact. Everyone sees it as soon as it is named,
/// even if no published entry refers to it.
#[Object(name = "Source")]
impl SourceObject {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Source, self.0.id)
    }

    /// The printable code, by which entries name it, for example `seed-000` or `SRC-DONG_NAI-0042`.
    /// It never changes.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The title of the page or document in the given language. If it does not exist in that
    /// language, the title in the other one.
    #[graphql(directive = TextSize::apply(110))]
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.0.title_in(RequestContext::of(ctx).locale(locale))
    }

    /// The web address of the page or the name of a file. Empty if the source has neither.
    #[graphql(directive = TextSize::apply(100))]
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// The web address, which begins with `https://` or `http://`. Null if the source has none.
    #[graphql(directive = TextSize::apply(100))]
    async fn url(&self) -> Option<&str> {
        self.0.url()
    }

    /// The kind of source.
    async fn kind(&self) -> SourceKind {
        self.0.kind.into()
    }

    /// The person or body that published it, for example `Báo Đồng Nai`. Null if not recorded.
    #[graphql(directive = TextSize::apply(40))]
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// The date of publication, for example `2025-11-03`. Null if not recorded.
    async fn published(&self) -> Option<FuzzyDate> {
        self.0.published.clone().map(FuzzyDate)
    }

    /// The day on which the author of the entry read it. Null if not recorded.
    async fn accessed_on(&self) -> Option<LocalDate> {
        self.0.accessed_on.map(LocalDate)
    }

    /// The language of its text as an ISO 639 code, for example `vi`. Null if not recorded.
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// The licence under which it may be used, for example `CC BY 4.0`. Null if not recorded.
    #[graphql(directive = TextSize::apply(40))]
    async fn licence(&self) -> Option<&str> {
        self.0.licence.as_deref()
    }

    /// A copy that the register stores. Null if there is none.
    async fn file(&self) -> Option<SourceFile> {
        self.0.file.clone().map(SourceFile)
    }

    /// The province that named the source and may change it. Null if the ministry or a data set did.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.0.id.log())
    }

    /// An opaque tag of the present state, which differs after each change. `updateSource` names the
    /// revision that it is based on.
    async fn revision(&self) -> String {
        change::revision(&self.0)
    }
}

/// The GraphQL object of the copy of a source.
pub(crate) struct SourceFile(String);

/// A copy of a source, which the register stores. Everyone may read it.
#[Object]
impl SourceFile {
    /// The SHA-256 hash of its bytes: 64 lower-case hexadecimal digits.
    #[graphql(directive = TextSize::apply(70))]
    async fn sha256(&self) -> &str {
        &self.0
    }

    /// The path of the copy on this server: `/files/` and its hash. The response states its media
    /// type, size and name.
    #[graphql(directive = TextSize::apply(75))]
    async fn url(&self) -> String {
        file_url(&self.0)
    }
}

/// A row of a list of sources with its cursor.
#[derive(SimpleObject)]
pub(crate) struct SourceEdge {
    /// The cursor of this row: a page `after` it begins with the next row.
    #[graphql(directive = TextSize::apply(170))]
    cursor: String,
    /// The row.
    node: SourceObject,
}

/// A source with its sort key in a list.
type SortedSource = (SortKey, SourceId);

/// One page of a list of sources.
pub(crate) struct SourceConnection {
    page: MemoryPage<SortedSource>,
    total: usize,
}

impl SourceConnection {
    /// Returns a page of these sources, ordered by title in a language and then by code.
    pub(crate) fn new<'a>(
        ctx: &Context<'_>,
        purpose: String,
        sources: impl Iterator<Item = &'a Source>,
        locale: locale::Locale,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        let keyed = sources.map(|source| {
            let title = collation::key(source.title_in(locale), locale);
            (SortKey::default().text(title).number(source.id.number()), source.id)
        });
        let mut rows: Vec<SortedSource> = keyed.collect();
        rows.sort_unstable();
        let total = rows.len();
        let list = SortedList::new(rows, |(key, _): &SortedSource| key.clone());
        Ok(Self { page: MemoryPage::of(ctx, move || purpose, list, args)?, total })
    }
}

/// One page of a list of sources.
#[Object]
impl SourceConnection {
    /// The rows of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<SourceEdge> {
        let request = RequestContext::of(ctx);
        let edge = |(cursor, (_, id)): (String, &SortedSource)| {
            Some(SourceEdge { cursor, node: SourceObject::find(request, *id)? })
        };
        self.page.edges(request.signing_key()).filter_map(edge).collect()
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        let request = RequestContext::of(ctx);
        self.page.rows.iter().filter_map(|(_, id)| SourceObject::find(request, *id)).collect()
    }

    /// The position of the page in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// The number of rows of the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}
