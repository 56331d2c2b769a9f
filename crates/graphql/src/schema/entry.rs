//! What every entry shows, whatever it tells of.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::enums::{Pillar, Publication};
use super::event::EventObject;
use super::global_id::GlobalId;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use async_graphql::{Context, ID, Interface};
use caunoi_domain::entry::{Content, Entry, SourceId, TermId};

/// Anything that a province publishes: relations, agreements, events.
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
