//! The change feed: changes that are visible to the caller.

use super::api_error::ApiError;
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::entry::EntryInterface;
use super::enums::{ChangeOperation, EntryType, Locale, Movement};
use super::filter::ChangeFilter;
use super::global_id::GlobalId;
use super::node::Node;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::{Cursor, DateTime};
use super::tombstone::TombstoneObject;
use async_graphql::{Context, ID, Object, SimpleObject, Union};
use caunoi_domain::cursor::Positions;
use caunoi_domain::entry::{Content, Entry};
use caunoi_domain::feed::FeedFilter;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::page::Window;
use caunoi_domain::tombstone::Tombstone;
use caunoi_register::{FeedChange, FeedPage, FeedQuery};
use std::borrow::Cow;

/// The reason returned for a cursor that is ahead of the logs.
const GAP: &str = "The cursor is ahead of the logs, or of an earlier epoch of the database: changes before it may be lost and others may have taken their positions. Read everything again.";

/// One change as it is visible to the caller.
#[derive(Debug, Clone)]
pub(crate) struct Change(FeedChange);

/// One change of an entry as it is visible to the caller: the operation, and whether the entry
/// entered or left the result of the filter.
#[Object]
impl Change {
    /// The cursor of this change. `changes(after:)` continues after it.
    #[graphql(directive = TextSize::apply(170))]
    async fn cursor(&self, ctx: &Context<'_>) -> Cursor {
        Cursor::at(&self.0.cursor, RequestContext::of(ctx).cursor_key())
    }

    /// The province in whose log the change is recorded; for the change of a shared entry, the owner
    /// whose log was read. Null for the log of the ministry.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.0.logged.change.log)
    }

    /// The position of the change in that log, from 1. Later changes have greater positions; the
    /// positions visible to a caller can have gaps.
    async fn position(&self) -> i32 {
        i32::try_from(self.0.logged.position).unwrap_or(i32::MAX)
    }

    /// The time at which the change was written.
    async fn at(&self) -> DateTime {
        DateTime::from_us(self.0.logged.change.at_us)
    }

    /// The operation that was performed.
    async fn operation(&self) -> ChangeOperation {
        self.0.logged.change.operation.into()
    }

    /// The effect of the change on the result of the filter.
    async fn movement(&self) -> Movement {
        self.0.movement.into()
    }

    /// The entry in its present state, or the one that it was merged into. Null if it is no longer
    /// visible to the caller (`tombstone` says why), and for figures and instruments; `node(id:)`
    /// returns those by `entryId`.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EntryInterface, ApiError>> {
        let found = Node::find_entry(ctx.data_unchecked(), self.0.key).await;
        found.map(|node| node.and_then(Node::into_entry)).transpose()
    }

    /// The type of the entry, for example `AGREEMENT`.
    async fn entry_type(&self) -> EntryType {
        self.0.key.kind.into()
    }

    /// The printable code of the entry, for example `AGR-DONG_NAI-0045`. It is present even if the
    /// entry is no longer visible.
    async fn code(&self) -> &str {
        &self.0.logged.change.code
    }

    /// The global id of the entry, for use in `node(id:)`.
    async fn entry_id(&self) -> ID {
        GlobalId::Entry(self.0.key).encode()
    }

    /// The version of the entry that the change created.
    async fn version(&self) -> i32 {
        self.0.logged.change.version
    }

    /// The names of the fields of the entry whose values differ from the version that was visible
    /// to the caller before, for example `heldOn`. `status` is among them if it differs on any day.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn changed_fields(&self) -> &[&'static str] {
        &self.0.fields
    }

    /// The author of the change as `ROLE:name`, or the data set that it was loaded from. Null for
    /// callers who belong neither to the province nor to the ministry.
    async fn author(&self) -> Option<&str> {
        self.0.is_author_visible.then_some(self.0.logged.change.author.as_str())
    }

    /// What remains of the entry, if the change withdrew it or merged it into another one: everyone
    /// sees the reason. Null for any other change.
    #[graphql(directive = Weight::apply(0))]
    async fn tombstone(&self) -> Option<TombstoneObject> {
        Tombstone::from_change(&self.0.logged.change).map(TombstoneObject)
    }

    /// The reason that the author gave. Null if none was given, and for callers who belong neither
    /// to the province nor to the ministry, except the reason for which a published entry was withdrawn
    /// or merged into another one.
    #[graphql(directive = TextSize::apply(150))]
    async fn reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<String> {
        let change = &self.0.logged.change;
        let is_visible = self.0.is_author_visible || Tombstone::from_change(change).is_some();
        let text = change.reason.as_deref().filter(|_| is_visible)?;
        let reason: Bilingual = serde_json::from_str(text).ok()?;
        Some(reason.in_locale(RequestContext::of(ctx).locale(locale)).to_owned())
    }
}

/// A notice that the cursor does not match the present logs, for example after the database was
/// restored from a backup. Changes may have been missed: read all data again.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeGap {
    /// The present end of the logs. After all data was read again, `changes(after:)` continues from
    /// here.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Cursor,
    /// An explanation in English.
    #[graphql(directive = TextSize::apply(150))]
    reason: Cow<'static, str>,
}

impl ChangeGap {
    /// Creates a gap; `cursor` is the present end of the logs.
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self { cursor, reason: Cow::Borrowed(GAP) }
    }
}

/// A message without a change, sent to show that the stream is alive.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeHeartbeat {
    /// The position up to which all logs were read.
    #[graphql(directive = TextSize::apply(170))]
    pub(crate) cursor: Cursor,
    /// The time at which the message was sent.
    pub(crate) at: DateTime,
}

/// One message of the change feed. Each has a cursor from which `changes(after:)` continues.
#[derive(Debug, Clone, Union)]
pub(crate) enum ChangeMessage {
    /// A change of an entry.
    Change(Box<Change>),
    /// A notice that changes may have been missed.
    ChangeGap(ChangeGap),
    /// A heartbeat.
    ChangeHeartbeat(ChangeHeartbeat),
}

impl ChangeMessage {
    /// Wraps a change in a message.
    pub(crate) fn of(change: FeedChange) -> Self {
        Self::Change(Box::new(Change(change)))
    }
}

/// Converts a filter to the domain. Returns `BAD_INPUT` for unknown words and lists that are too
/// long.
fn to_feed_filter(request: &RequestContext, filter: Option<ChangeFilter>) -> Result<FeedFilter, ApiError> {
    let filter = filter.unwrap_or_default();
    filter.check_lengths()?;
    filter.check(request.directory())?;
    Ok(filter.to_feed_filter(request.directory()))
}

/// The newest changes of all logs, merged by time.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct LatestChanges {
    /// The changes, the newest first. `changes(after:)` with the cursor of one of them returns all
    /// newer ones.
    nodes: Vec<Change>,
    /// The position up to which all logs were read. `changes(after:)` continues from here.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Cursor,
}

impl LatestChanges {
    /// Reads the newest changes that match a filter.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        filter: Option<ChangeFilter>,
        first: Option<i32>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let feed_filter = to_feed_filter(request, filter)?;
        let first = Window::parse(first, None, None, None)?.size.into();
        let latest = request.reader.latest(&feed_filter, first).await?;
        Ok(Self {
            nodes: latest.changes.into_iter().map(Change).collect(),
            cursor: Cursor::at(&latest.cursor, request.cursor_key()),
        })
    }
}

/// A part of the change feed. The changes of each log are in the order of their positions.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangePage {
    /// The messages: changes, or a single `ChangeGap`.
    messages: Vec<ChangeMessage>,
    /// The changes among the messages.
    nodes: Vec<Change>,
    /// The position up to which all logs were read, including changes that do not match the filter.
    /// `changes(after:)` continues from here.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Cursor,
    /// Whether the logs contain further changes. They may not match the filter.
    has_more: bool,
}

impl ChangePage {
    /// Reads the changes after a cursor that match a filter.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        after: Option<Cursor>,
        filter: Option<ChangeFilter>,
        first: Option<i32>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let query = FeedQuery { filter: to_feed_filter(request, filter)?, ..FeedQuery::default() };
        Self::load(request, after, first, query).await
    }

    /// Reads the changes of one entry, and of those merged into it, after a cursor.
    pub(crate) async fn of_entry<C: Content>(
        ctx: &Context<'_>,
        entry: &Entry<C>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let logs = entry.keys_with_merged().map(|key| key.log).collect();
        let feed_filter = FeedFilter { logs: Some(logs), ..FeedFilter::default() };
        let entry = Some((C::KIND, entry.codes_with_merged().map(str::to_owned).collect()));
        let query = FeedQuery { filter: feed_filter, entry, ..FeedQuery::default() };
        Self::load(RequestContext::of(ctx), after.map(Cursor), first, query).await
    }

    async fn load(
        request: &RequestContext,
        after: Option<Cursor>,
        first: Option<i32>,
        query: FeedQuery,
    ) -> Result<Self, ApiError> {
        let key = request.cursor_key();
        let after: Option<Positions> = after.map(|cursor| cursor.to_positions(key)).transpose()?;
        let first = Window::parse(first, None, None, None)?.size.into();
        Ok(match request.reader.changes(&FeedQuery { after, first, ..query }).await? {
            FeedPage::Gap { cursor } => {
                let cursor = Cursor::at(&cursor, key);
                let messages = vec![ChangeMessage::ChangeGap(ChangeGap::new(cursor.clone()))];
                Self { messages, nodes: Vec::new(), cursor, has_more: false }
            }
            FeedPage::Changes { changes, cursor, has_more } => Self {
                messages: changes.iter().cloned().map(ChangeMessage::of).collect(),
                nodes: changes.into_iter().map(Change).collect(),
                cursor: Cursor::at(&cursor, key),
                has_more,
            },
        })
    }
}
