//! The interface `Entry`, and the resolvers that all entries share.

use super::agreement::AgreementObject;
use super::change::ChangeConnection;
use super::connection::GraphqlEntry;
use super::enums::{Action, Pillar, Publication};
use super::event::EventObject;
use super::global_id::GlobalId;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::request_context::{RequestContext, View};
use super::scalar::DateTime;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use async_graphql::{Context, ID, Interface};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::{self, Content, Entry, EntryKind, SourceId, TermId};
use caunoi_domain::event::Event;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::{self, Visibility};
use caunoi_domain::programme::Programme;
use caunoi_domain::publication;
use caunoi_domain::relation::Relation;

/// An entry that a province or the ministry publishes: a relation, agreement, event, organization
/// or programme.
#[derive(Interface)]
#[graphql(
    name = "Entry",
    field(
        name = "id",
        ty = "ID",
        desc = "The global id, opaque: `RXZlbnQ6NzoxMg`. `node(id:)` returns the object for it."
    ),
    field(
        name = "code",
        ty = "String",
        desc = "The printable code, unique within its type: `AGR-DONG_NAI-0045`. It never changes."
    ),
    field(
        name = "version",
        ty = "i32",
        desc = "The number of the version shown. It is 1 for a new entry and grows with each write; gaps are possible. An update names the version that it is based on."
    ),
    field(
        name = "province",
        ty = "Option<ProvinceObject>",
        desc = "The province that owns the entry today. Null if the ministry owns it."
    ),
    field(
        name = "origin_unit",
        ty = "Option<UnitObject>",
        desc = "The administrative unit that the entry came from, which may since have become part of another province. Null if the ministry owns the entry."
    ),
    field(name = "publication", ty = "Publication", desc = "The publication state of the version shown."),
    field(
        name = "pending",
        ty = "Option<Publication>",
        desc = "The state of a newer, unpublished version of a published entry: `DRAFT` or `SUBMITTED`. Null if there is none or the caller may not see it: only the owner sees drafts, only the owner and the ministry see submitted versions."
    ),
    field(
        name = "published_at",
        ty = "Option<DateTime>",
        desc = "The time of the first publication. Null if the entry was never published."
    ),
    field(name = "updated_at", ty = "DateTime", desc = "The time at which the version shown was written."),
    field(
        name = "pillar",
        ty = "Option<Pillar>",
        desc = "The pillar of diplomacy. Null if the source states none."
    ),
    field(
        name = "fields",
        ty = "Vec<TermObject>",
        desc = "The fields of cooperation, terms of the vocabulary `FIELD`, in the order given."
    ),
    field(
        name = "sources",
        ty = "Vec<SourceObject>",
        desc = "The sources of the entry: documents or web pages that state it."
    ),
    field(
        name = "viewer_can",
        ty = "bool",
        arg(name = "action", ty = "Action", desc = "The action to check, for example `PUBLISH`."),
        desc = "Whether the caller may apply this action to the version shown. False if the role of the caller does not permit the action or the publication state does not allow it."
    ),
    field(
        name = "history",
        ty = "Result<ChangeConnection, Fault>",
        desc = "The changes of the entry that are visible to the caller, the oldest first.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "The number of changes to return, 1 to 100. The default is 20."
        ),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "The cursor of a change: the result begins after it. The default is the first change."
        )
    )
)]
pub(crate) enum EntryInterface {
    /// A relation with a locality abroad.
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

/// A kind of entry that mutations write.
pub(crate) trait WritableEntry: GraphqlEntry {
    /// Converts an entry to the interface `Entry`.
    fn into_interface(entry: Entry<Self>) -> EntryInterface;
}

impl WritableEntry for Relation {
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Relation(Self::into_object(entry, View::NOW))
    }
}

impl WritableEntry for Agreement {
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Agreement(Self::into_object(entry, View::NOW))
    }
}

impl WritableEntry for Event {
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Event(Self::into_object(entry, View::NOW))
    }
}

impl WritableEntry for Organization {
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Organization(Self::into_object(entry, View::NOW))
    }
}

impl WritableEntry for Programme {
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        EntryInterface::Programme(Self::into_object(entry, View::NOW))
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
    ProvinceObject::of_log(RequestContext::of(ctx), entry.meta.log, view)
}

pub(crate) fn origin_unit<C: Content>(ctx: &Context<'_>, entry: &Entry<C>, view: View) -> Option<UnitObject> {
    entry.content.common().origin_unit.and_then(|unit| UnitObject::find(RequestContext::of(ctx), unit, view))
}

pub(crate) fn published_at<C>(entry: &Entry<C>) -> Option<DateTime> {
    entry.meta.published_at_us.map(DateTime::from_us)
}

pub(crate) fn fields<C: Content>(ctx: &Context<'_>, entry: &Entry<C>) -> Vec<TermObject> {
    terms(ctx, &entry.content.common().fields)
}

pub(crate) fn terms(ctx: &Context<'_>, terms: &[TermId]) -> Vec<TermObject> {
    terms.iter().filter_map(|term| TermObject::find(RequestContext::of(ctx), *term)).collect()
}

pub(crate) fn sources<C: Content>(ctx: &Context<'_>, entry: &Entry<C>) -> Vec<SourceObject> {
    sources_of(ctx, &entry.content.common().sources)
}

pub(crate) fn sources_of(ctx: &Context<'_>, sources: &[SourceId]) -> Vec<SourceObject> {
    sources.iter().filter_map(|source| SourceObject::find(RequestContext::of(ctx), *source)).collect()
}

/// Returns the state of the unpublished version of a published entry; `None` if there is none or
/// the caller may not see it. The own province sees all states, the ministry only `SUBMITTED`.
pub(crate) fn pending<C>(ctx: &Context<'_>, entry: &Entry<C>) -> Option<Publication> {
    let meta = &entry.meta;
    let is_working = match meta.publication {
        entry::Publication::Draft | entry::Publication::Submitted => true,
        entry::Publication::Published | entry::Publication::Withdrawn => false,
    };
    let shown = Some(meta.publication).filter(|_| is_working && meta.published_at_us.is_some());
    let pending = shown.or(meta.pending).filter(|pending| match RequestContext::of(ctx).scope.visibility() {
        Visibility::Published => false,
        Visibility::Province(log) => meta.log == log,
        Visibility::Ministry => !meta.log.is_province() || *pending == entry::Publication::Submitted,
    });
    pending.map(Into::into)
}

/// Returns whether the caller may apply the action to the version shown.
pub(crate) fn viewer_can<C: Content>(ctx: &Context<'_>, entry: &Entry<C>, action: Action) -> bool {
    let action = policy::Action::from(action);
    let is_kind = action != policy::Action::RecordAct || C::KIND == EntryKind::Agreement;
    is_kind
        && RequestContext::of(ctx).is_permitted(action, entry.meta.log)
        && publication::check_transition(entry.meta.publication, action).is_ok()
}
