//! The objects of entries, and the fields that several kinds share: each kind flattens them into
//! its own.

use super::api_error::ApiError;
use super::change::ChangeConnection;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, PageSize, TextSize, Weight};
use super::display_title::DisplayTitle;
use super::enums::{Action, Locale, Pillar, Publication};
use super::global_id::GlobalId;
use super::province::ProvinceObject;
use super::request_context::{RequestContext, View};
use super::scalar::DateTime;
use super::source::SourceObject;
use super::term::TermObject;
use super::unit::UnitObject;
use super::value::{Text, texts};
use async_graphql::{Context, ID, Object, TypeName};
use caunoi_domain::display_title::Titled;
use caunoi_domain::entry::{self, Entry, EntryKind, SourceId, TermId};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{self, Visibility};
use caunoi_domain::publication;
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// The GraphQL object of an entry: the fields of its kind over the shared ones.
pub(crate) struct EntryObject<C> {
    entry_fields: EntryFields<C>,
}

/// The fields of the interface `Entry`.
pub(crate) struct EntryFields<C> {
    common_fields: CommonFields<C>,
}

/// The fields of entries of every kind.
pub(crate) struct CommonFields<C> {
    pub(crate) entry: Arc<Entry<C>>,
    pub(crate) view: View,
}

/// The fields of a title in both languages.
pub(crate) struct TitleFields<'a>(pub(crate) &'a Bilingual);

impl<C> EntryObject<C> {
    pub(crate) fn new(entry: Entry<C>, view: View) -> Self {
        Self { entry_fields: EntryFields { common_fields: CommonFields::new(entry, view) } }
    }
}

impl<C> Deref for EntryObject<C> {
    type Target = EntryFields<C>;

    fn deref(&self) -> &EntryFields<C> {
        &self.entry_fields
    }
}

impl<C> Deref for EntryFields<C> {
    type Target = CommonFields<C>;

    fn deref(&self) -> &CommonFields<C> {
        &self.common_fields
    }
}

impl<C> CommonFields<C> {
    pub(crate) fn new(entry: Entry<C>, view: View) -> Self {
        Self { entry: Arc::new(entry), view }
    }
}

impl<C: GraphqlEntry> TypeName for CommonFields<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}CommonFields", C::NAME).into()
    }
}

/// The fields of entries of every kind.
#[Object(name_type)]
impl<C: GraphqlEntry> CommonFields<C> {
    /// The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Entry(self.entry.key()).encode()
    }

    /// The printable code, unique within its type: `AGR-DONG_NAI-0045`. It never changes.
    pub(crate) async fn code(&self) -> String {
        self.entry.meta.code.clone()
    }

    /// The province that owns the entry today. Null if the ministry owns it.
    pub(crate) async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.find_province(ctx)
    }

    /// The sources of the entry: documents or web pages that state it.
    #[graphql(directive = AssumedSize::apply(2))]
    pub(crate) async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        sources(ctx, &self.entry.content.common().sources)
    }
}

impl<C: GraphqlEntry> CommonFields<C> {
    /// Returns the province that owns the entry today; `None` if the ministry owns it.
    pub(crate) fn find_province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.entry.meta.log, self.view)
    }

    /// Returns the administrative unit that the entry came from; `None` if the ministry owns it.
    pub(crate) fn find_origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        UnitObject::find(RequestContext::of(ctx), self.entry.content.common().origin_unit?, self.view)
    }

    /// Returns the provinces that the entry belongs to today, the one that registered it first.
    fn list_owners(&self, ctx: &Context<'_>) -> Vec<ProvinceObject> {
        let (own, request) = (self.entry.meta.log, RequestContext::of(ctx));
        let others = self.entry.content.common().shared_logs(own, request.directory());
        let logs = std::iter::once(own).chain(others);
        logs.filter_map(|log| ProvinceObject::of_log(request, log, self.view)).collect()
    }

    /// Returns the fields of cooperation, in the order given.
    pub(crate) fn list_fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        terms(ctx, &self.entry.content.common().fields)
    }

    /// Returns the state of the unpublished version of a published entry; `None` if there is none
    /// or the caller may not see it. The own province sees all states, the ministry only
    /// `SUBMITTED`.
    fn visible_pending(&self, ctx: &Context<'_>) -> Option<entry::Publication> {
        let meta = &self.entry.meta;
        let is_working = match meta.publication {
            entry::Publication::Draft | entry::Publication::Submitted => true,
            entry::Publication::Published | entry::Publication::Withdrawn => false,
        };
        let shown = Some(meta.publication).filter(|_| is_working && meta.published_at_us.is_some());
        shown.or(meta.pending).filter(|pending| match RequestContext::of(ctx).scope.visibility() {
            Visibility::Published => false,
            Visibility::Province(log) => meta.log == log,
            Visibility::Ministry => !meta.log.is_province() || *pending == entry::Publication::Submitted,
        })
    }
}

impl<C: GraphqlEntry> TypeName for EntryFields<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}EntryFields", C::NAME).into()
    }
}

/// The fields of the interface `Entry`.
#[Object(name_type)]
impl<C: GraphqlEntry + Titled> EntryFields<C> {
    #[graphql(flatten)]
    async fn common_fields(&self) -> &CommonFields<C> {
        self
    }

    /// The number of the version shown. It is 1 for a new entry and grows with each write; gaps are
    /// possible. An update names the version that it is based on.
    pub(crate) async fn version(&self) -> i32 {
        self.entry.meta.version
    }

    /// The administrative unit that the entry came from, which may since have become part of
    /// another province. Null if the ministry owns the entry.
    pub(crate) async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        self.find_origin_unit(ctx)
    }

    /// The provinces that the entry belongs to today: the one that registered it, then the others
    /// that are parties to the agreement, or hosts or co-organizers of the event. Counts of the
    /// nation count it once, counts by province under each. Empty only if the ministry owns the
    /// entry alone.
    #[graphql(directive = AssumedSize::apply(2))]
    pub(crate) async fn owners(&self, ctx: &Context<'_>) -> Vec<ProvinceObject> {
        self.list_owners(ctx)
    }

    /// Whether the entry belongs to further units than the one that registered it.
    pub(crate) async fn is_shared(&self) -> bool {
        !self.entry.content.common().shared_with.is_empty()
    }

    /// The publication state of the version shown.
    pub(crate) async fn publication(&self) -> Publication {
        self.entry.meta.publication.into()
    }

    /// The state of a newer, unpublished version of a published entry: `DRAFT` or `SUBMITTED`. Null
    /// if there is none or the caller may not see it: only the owner sees drafts, only the owner
    /// and the ministry see submitted versions.
    pub(crate) async fn pending(&self, ctx: &Context<'_>) -> Option<Publication> {
        self.visible_pending(ctx).map(Into::into)
    }

    /// The time of the first publication. Null if the entry was never published.
    pub(crate) async fn published_at(&self) -> Option<DateTime> {
        self.entry.meta.published_at_us.map(DateTime::from_us)
    }

    /// The time at which the version shown was written.
    pub(crate) async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.entry.meta.updated_at_us)
    }

    /// The pillar of diplomacy. Null if the source states none.
    pub(crate) async fn pillar(&self) -> Option<Pillar> {
        self.entry.content.common().pillar.map(Into::into)
    }

    /// The fields of cooperation, terms of the vocabulary `FIELD`, in the order given.
    #[graphql(directive = AssumedSize::apply(4))]
    pub(crate) async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        self.list_fields(ctx)
    }

    /// Why the entry names no source, in the given language or else in the other. Null if it names
    /// one, or was published before a reason was required.
    #[graphql(directive = TextSize::apply(200))]
    pub(crate) async fn no_source_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<&str> {
        let reason =
            Some(&self.entry.content.common().no_source_reason).filter(|reason| !reason.is_empty())?;
        Some(reason.in_locale(RequestContext::of(ctx).locale(locale)))
    }

    /// The title for readers in the given language: the title or name of the entry; if it has none
    /// in that language, one composed from form, parties and year.
    pub(crate) async fn display_title(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> DisplayTitle {
        self.compose_title(ctx, locale)
    }

    /// The summary in the given language. If it does not exist in that language, the one in the
    /// other. Null if there is none.
    #[graphql(directive = TextSize::apply(400))]
    pub(crate) async fn summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<&str> {
        let summary = Some(&self.entry.content.common().summary).filter(|summary| !summary.is_empty())?;
        Some(summary.in_locale(RequestContext::of(ctx).locale(locale)))
    }

    /// Whether the caller may apply this action to the version shown. False if the role of the
    /// caller does not permit the action or the publication state does not allow it.
    pub(crate) async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action to check, for example `PUBLISH`.")] action: Action,
    ) -> bool {
        let action = policy::Action::from(action);
        let is_on_act =
            matches!(action, policy::Action::RecordAct | policy::Action::AmendAct | policy::Action::VoidAct);
        let is_of_kind = !is_on_act || C::KIND == EntryKind::Agreement;
        is_of_kind
            && RequestContext::of(ctx).is_permitted(action, self.entry.meta.log)
            && publication::check_transition(self.entry.meta.publication, action).is_ok()
    }

    /// The changes of the entry that are visible to the caller, the oldest first.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["messages", "nodes"]))]
    pub(crate) async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of changes to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "The cursor of a change: the result begins after it. The default is the first change."
        )]
        after: Option<String>,
    ) -> Result<ChangeConnection, ApiError> {
        ChangeConnection::of_entry(ctx, &self.entry, first, after).await
    }
}

/// The fields of a title in both languages.
#[Object]
impl TitleFields<'_> {
    /// The title in the given language. If it does not exist in that language, the title in the
    /// other one.
    #[graphql(directive = TextSize::apply(110))]
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> &str {
        self.0.in_locale(RequestContext::of(ctx).locale(locale))
    }

    /// The title in each language in which it exists.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn titles(&self) -> Vec<Text> {
        texts(self.0)
    }
}

/// Returns the objects of terms, in the same order.
pub(crate) fn terms(ctx: &Context<'_>, terms: &[TermId]) -> Vec<TermObject> {
    terms.iter().filter_map(|term| TermObject::find(RequestContext::of(ctx), *term)).collect()
}

/// Returns the objects of sources, in the same order.
pub(crate) fn sources(ctx: &Context<'_>, sources: &[SourceId]) -> Vec<SourceObject> {
    sources.iter().filter_map(|source| SourceObject::find(RequestContext::of(ctx), *source)).collect()
}
