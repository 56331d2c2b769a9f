//! What every entry shows, whatever it tells of.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::Kind;
use super::enums::{Action, Pillar, Publication};
use super::event::EventObject;
use super::global_id::GlobalId;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use async_graphql::{Context, ID, Interface};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{self, Content, Entry, EntryKind, SourceId, TermId};
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::{self, Sees};
use caunoi_domain::programme::Programme;
use caunoi_domain::publication;
use caunoi_domain::relation::Relation;

/// Anything that a province writes: relations, agreements, events, organizations, programmes.
#[derive(Interface)]
#[graphql(
    name = "Entry",
    field(name = "id", ty = "ID", desc = "The global id."),
    field(name = "code", ty = "String", desc = "The printable code; it never changes."),
    field(name = "version", ty = "i32", desc = "How many times the entry has been written."),
    field(
        name = "province",
        ty = "Option<ProvinceObject>",
        desc = "The province that owns it today; null for the ministry's own."
    ),
    field(
        name = "origin_unit",
        ty = "Option<UnitObject>",
        desc = "The unit that it came from; null for the ministry's own."
    ),
    field(name = "publication", ty = "Publication", desc = "How far this version has come."),
    field(
        name = "pending",
        ty = "Option<Publication>",
        desc = "The state of a working version beside the published one; null where there is none or the caller may not know."
    ),
    field(name = "published_at", ty = "Option<DateTime>", desc = "When it was first published."),
    field(name = "updated_at", ty = "DateTime", desc = "When this version was written."),
    field(
        name = "pillar",
        ty = "Option<Pillar>",
        desc = "The pillar of diplomacy, where its source says one."
    ),
    field(name = "fields", ty = "Vec<TermObject>", desc = "Fields of cooperation."),
    field(name = "sources", ty = "Vec<SourceObject>", desc = "Where it was read."),
    field(
        name = "viewer_can",
        ty = "bool",
        arg(name = "action", ty = "Action", desc = "What would be done."),
        desc = "Whether the caller may do this to the version shown, and it may begin from its state."
    ),
    field(
        name = "history",
        ty = "Result<ChangeConnection, Fault>",
        desc = "What changed of it in the caller’s sight, the oldest first.",
        arg(name = "first", ty = "Option<i32>", desc = "How many changes, 1 to 100; absent means 20."),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "The cursor to go on after; absent begins at the beginning."
        )
    )
)]
pub(crate) enum EntryInterface {
    /// A relation.
    Relation(RelationObject),
    /// An agreement.
    Agreement(AgreementObject),
    /// An event.
    Event(EventObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A programme.
    Programme(ProgrammeObject),
}

/// A kind of entry that people write.
pub(crate) trait Written: Kind {
    /// An entry as the interface of all of them.
    fn interface(entry: Entry<Self>) -> EntryInterface;
}

impl Written for Relation {
    fn interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Relation(Self::object(entry, View::NOW))
    }
}

impl Written for Agreement {
    fn interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Agreement(Self::object(entry, View::NOW))
    }
}

impl Written for Event {
    fn interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Event(Self::object(entry, View::NOW))
    }
}

impl Written for Organization {
    fn interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Organization(Self::object(entry, View::NOW))
    }
}

impl Written for Programme {
    fn interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Programme(Self::object(entry, View::NOW))
    }
}

pub(crate) fn id<C: Content>(entry: &Entry<C>) -> ID {
    GlobalId::Entry(entry.key()).encode()
}

pub(crate) fn province<C: Content>(
    ctx: &Context<'_>,
    entry: &Entry<C>,
    view: View,
) -> Option<ProvinceObject> {
    ProvinceObject::of_log(Asking::of(ctx), entry.stamp.log, view)
}

pub(crate) fn origin_unit<C: Content>(ctx: &Context<'_>, entry: &Entry<C>, view: View) -> Option<UnitObject> {
    entry.content.common().origin_unit.and_then(|unit| UnitObject::find(Asking::of(ctx), unit, view))
}

pub(crate) fn published_at<C>(entry: &Entry<C>) -> Option<DateTime> {
    entry.stamp.published_at_us.map(DateTime::from_us)
}

pub(crate) fn fields<C: Content>(ctx: &Context<'_>, entry: &Entry<C>) -> Vec<TermObject> {
    terms(ctx, &entry.content.common().fields)
}

pub(crate) fn terms(ctx: &Context<'_>, terms: &[TermId]) -> Vec<TermObject> {
    terms.iter().filter_map(|term| TermObject::find(Asking::of(ctx), *term)).collect()
}

pub(crate) fn sources<C: Content>(ctx: &Context<'_>, entry: &Entry<C>) -> Vec<SourceObject> {
    sources_of(ctx, &entry.content.common().sources)
}

pub(crate) fn sources_of(ctx: &Context<'_>, sources: &[SourceId]) -> Vec<SourceObject> {
    sources.iter().filter_map(|source| SourceObject::find(Asking::of(ctx), *source)).collect()
}

/// How far a working version beside the published one has come, as far as the caller may know:
/// of the own province all, the ministry what was submitted to it.
pub(crate) fn pending<C>(ctx: &Context<'_>, entry: &Entry<C>) -> Option<Publication> {
    let stamp = &entry.stamp;
    let is_working = match stamp.publication {
        entry::Publication::Draft | entry::Publication::Submitted => true,
        entry::Publication::Published | entry::Publication::Withdrawn => false,
    };
    let shown = Some(stamp.publication).filter(|_| is_working && stamp.published_at_us.is_some());
    let pending = shown.or(stamp.pending).filter(|pending| match Asking::of(ctx).scope.sees() {
        Sees::Published => false,
        Sees::Province(log) => stamp.log == log,
        Sees::Ministry => !stamp.log.is_province() || *pending == entry::Publication::Submitted,
    });
    pending.map(Into::into)
}

/// Whether the caller may do this to the version shown, and it may begin from its state.
pub(crate) fn viewer_can<C: Content>(ctx: &Context<'_>, entry: &Entry<C>, action: Action) -> bool {
    let action = policy::Action::from(action);
    let is_kind = action != policy::Action::RecordAct || C::KIND == EntryKind::Agreement;
    is_kind
        && Asking::of(ctx).may(action, entry.stamp.log)
        && publication::check(entry.stamp.publication, action).is_ok()
}
