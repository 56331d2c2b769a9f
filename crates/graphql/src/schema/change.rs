//! The feed: what changed in the caller's sight.

use super::asking::{Asking, View};
use super::entry::EntryInterface;
use super::enums::{ChangeOperation, Locale, Movement};
use super::fault::Fault;
use super::filter::ChangeFilter;
use super::global_id::{self, GlobalId};
use super::node::Node;
use super::province::ProvinceObject;
use super::scalar::{Cursor, DateTime};
use async_graphql::{Context, ID, Object, SimpleObject, Union};
use caunoi_domain::cursor::Positions;
use caunoi_domain::entry::{Content, Entry};
use caunoi_domain::feed::Interest;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::page::Window;
use caunoi_register::{Feed, Since, Told};
use std::borrow::Cow;

/// What is said of a cursor that stands above the logs.
const GAP: &str = "The cursor is ahead of the logs, or of an earlier epoch of the database: changes before it may be lost and others may have taken their positions. Read everything again.";

/// One change as the caller sees it.
#[derive(Debug, Clone)]
pub(crate) struct Change(Told);

/// One change of an entry, as the caller sees it: what was done, and how the entry moved by it.
#[Object]
impl Change {
    /// Where all logs were read to with this change: to go on after it.
    async fn cursor(&self, ctx: &Context<'_>) -> Cursor {
        Cursor::at(&self.0.cursor, Asking::of(ctx).cursor_key())
    }

    /// The province in whose log it stands; null for the ministry's.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(Asking::of(ctx), self.0.key.log, View::NOW)
    }

    /// Its position in that log. The positions that a caller sees rise, and need not be consecutive.
    async fn position(&self) -> i32 {
        i32::try_from(self.0.placed.position).unwrap_or(i32::MAX)
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime::from_us(self.0.placed.change.at_us)
    }

    /// What was done.
    async fn operation(&self) -> ChangeOperation {
        self.0.placed.change.operation.into()
    }

    /// How the entry moved by it, under the filter that was asked for.
    async fn movement(&self) -> Movement {
        self.0.movement.into()
    }

    /// The entry as the caller sees it now. Null where there is nothing to see any more, and for
    /// figures and instruments: `node(id:)` finds those by `entryId`.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EntryInterface, Fault>> {
        let found = Node::find_entry(ctx.data_unchecked(), self.0.key).await;
        found.map(|node| node.and_then(Node::into_entry)).transpose()
    }

    /// The type of the entry, as `ChangeFilter.entryType` names it.
    async fn entry_type(&self) -> &str {
        global_id::type_name(self.0.key.kind)
    }

    /// The printable code of the entry; it stays known when there is nothing to see any more.
    async fn code(&self) -> &str {
        &self.0.placed.change.code
    }

    /// The global id of the entry.
    async fn entry_id(&self) -> ID {
        GlobalId::Entry(self.0.key).encode()
    }

    /// The version of the entry that it made.
    async fn version(&self) -> i32 {
        self.0.placed.change.version
    }

    /// The fields in which the entry differs from what the caller saw before.
    async fn changed_fields(&self) -> &[String] {
        &self.0.fields
    }

    /// Who did it, as `ROLE:name`, or the data set that brought it. Null for callers outside the
    /// province and the ministry.
    async fn author(&self) -> Option<&str> {
        self.0.names_author.then_some(self.0.placed.change.author.as_str())
    }

    /// Why, in the words of its author. Null for callers outside the province and the ministry.
    async fn reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> Option<String> {
        let text = self.0.placed.change.reason.as_deref().filter(|_| self.0.names_author)?;
        let reason: Bilingual = serde_json::from_str(text).ok()?;
        Some(reason.in_locale(Asking::of(ctx).locale(locale)).to_owned())
    }
}

/// The cursor does not belong to this state of the logs, so changes may have been missed.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeGap {
    /// Where the logs stand now: to go on after what is read anew.
    cursor: Cursor,
    /// What happened, in words.
    reason: Cow<'static, str>,
}

impl ChangeGap {
    /// That the logs stand below a cursor; they go on from here.
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self { cursor, reason: Cow::Borrowed(GAP) }
    }
}

/// Nothing to tell; the stream lives.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeHeartbeat {
    /// Where all logs were read to.
    pub(crate) cursor: Cursor,
    /// When it was sent.
    pub(crate) at: DateTime,
}

/// One message of the feed. Each has a cursor to go on after it.
#[derive(Debug, Clone, Union)]
pub(crate) enum ChangeMessage {
    /// A change.
    Change(Box<Change>),
    /// A gap.
    ChangeGap(ChangeGap),
    /// A sign of life.
    ChangeHeartbeat(ChangeHeartbeat),
}

impl ChangeMessage {
    /// A change as a message.
    pub(crate) fn of(told: Told) -> Self {
        Self::Change(Box::new(Change(told)))
    }
}

/// What a filter wants.
fn interest(asking: &Asking, filter: Option<ChangeFilter>) -> Result<Interest, Fault> {
    let filter = filter.unwrap_or_default();
    filter.check_lengths()?;
    filter.check(asking.directory())?;
    Ok(filter.interest(asking.directory()))
}

/// The newest changes of all logs.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct LatestChanges {
    /// The changes, the newest first. Behind the cursor of each lies whatever is newer.
    nodes: Vec<Change>,
    /// Where all logs were read to: what comes later follows it in `changes`.
    cursor: Cursor,
}

impl LatestChanges {
    /// The newest changes by a filter.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        filter: Option<ChangeFilter>,
        first: Option<i32>,
    ) -> Result<Self, Fault> {
        let asking = Asking::of(ctx);
        let interest = interest(asking, filter)?;
        let first = Window::parse(first, None, None, None)?.size.into();
        let latest = asking.reading.latest(&interest, first).await?;
        Ok(Self {
            nodes: latest.told.into_iter().map(Change).collect(),
            cursor: Cursor::at(&latest.cursor, asking.cursor_key()),
        })
    }
}

/// A part of the feed: changes of each log in the order of their positions.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeConnection {
    /// Changes, or a gap in their place.
    messages: Vec<ChangeMessage>,
    /// The changes among the messages.
    nodes: Vec<Change>,
    /// Where all logs were read to, past what did not match: to go on after this part.
    cursor: Cursor,
    /// Whether the logs go on after it already; what comes need not match.
    has_more: bool,
}

impl ChangeConnection {
    /// What changed after a cursor, by a filter.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        after: Option<Cursor>,
        filter: Option<ChangeFilter>,
        first: Option<i32>,
    ) -> Result<Self, Fault> {
        let asking = Asking::of(ctx);
        let since = Since { interest: interest(asking, filter)?, ..Since::default() };
        Self::since(asking, after, first, since).await
    }

    /// What changed of one entry after a cursor.
    pub(crate) async fn of_entry<C: Content>(
        ctx: &Context<'_>,
        entry: &Entry<C>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, Fault> {
        let interest = Interest { logs: Some([entry.stamp.log].into()), ..Interest::default() };
        let entry = Some((C::KIND, entry.stamp.code.clone()));
        let since = Since { interest, entry, ..Since::default() };
        Self::since(Asking::of(ctx), after.map(Cursor), first, since).await
    }

    async fn since(
        asking: &Asking,
        after: Option<Cursor>,
        first: Option<i32>,
        since: Since,
    ) -> Result<Self, Fault> {
        let key = asking.cursor_key();
        let after: Option<Positions> = after.map(|cursor| cursor.open(key)).transpose()?;
        let first = Window::parse(first, None, None, None)?.size.into();
        Ok(match asking.reading.changes(&Since { after, first, ..since }).await? {
            Feed::Gap { cursor } => {
                let cursor = Cursor::at(&cursor, key);
                let messages = vec![ChangeMessage::ChangeGap(ChangeGap::new(cursor.clone()))];
                Self { messages, nodes: Vec::new(), cursor, has_more: false }
            }
            Feed::Changes { told, cursor, has_more } => Self {
                messages: told.iter().cloned().map(ChangeMessage::of).collect(),
                nodes: told.into_iter().map(Change).collect(),
                cursor: Cursor::at(&cursor, key),
                has_more,
            },
        })
    }
}
