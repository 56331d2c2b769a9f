//! The interface `Entry`.

use super::agreement::AgreementObject;
use super::change::ChangePage;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, PageSize, TextSize, Weight};
use super::display_title::DisplayTitle;
use super::enums::{Action, Locale, Pillar, Publication};
use super::event::EventObject;
use super::merged_entry::MergedEntryObject;
use super::organization::OrganizationObject;
use super::programme::ProgrammeObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::scalar::DateTime;
use super::source::SourceObject;
use super::term::TermObject;
use super::unit::UnitObject;
use async_graphql::{ID, Interface};
use caunoi_domain::entry::Entry;

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
    field(
        name = "owners",
        ty = "Vec<ProvinceObject>",
        directive = AssumedSize::apply(2),
        desc = "The provinces that the entry belongs to today: the one that registered it, then the others that are parties to the agreement, or hosts or co-organizers of the event. Counts of the nation count it once, counts by province under each. Empty only if the ministry owns the entry alone."
    ),
    field(
        name = "is_shared",
        ty = "bool",
        desc = "Whether the entry belongs to further units than the one that registered it."
    ),
    field(
        name = "merged_entries",
        ty = "Vec<MergedEntryObject>",
        directive = AssumedSize::apply(1),
        desc = "The entries that recorded the same and were merged into this one. Look-ups of their ids and codes return this entry. Empty for most entries."
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
        directive = AssumedSize::apply(4),
        desc = "The fields of cooperation, terms of the vocabulary `FIELD`, in the order given."
    ),
    field(
        name = "sources",
        ty = "Vec<SourceObject>",
        directive = AssumedSize::apply(2),
        desc = "The sources of the entry: documents or web pages that state it."
    ),
    field(
        name = "no_source_reason",
        ty = "Option<&str>",
        directive = TextSize::apply(200),
        arg(
            name = "locale",
            ty = "Option<Locale>",
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        ),
        desc = "Why the entry names no source, in the given language or else in the other. Null if it names one, or was published before a reason was required."
    ),
    field(
        name = "display_title",
        ty = "DisplayTitle",
        arg(
            name = "locale",
            ty = "Option<Locale>",
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        ),
        desc = "The title for readers in the given language: the title or name of the entry; if it has none in that language, one composed from form, parties and year."
    ),
    field(
        name = "summary",
        ty = "Option<&str>",
        directive = TextSize::apply(400),
        arg(
            name = "locale",
            ty = "Option<Locale>",
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        ),
        desc = "The summary in the given language. If it does not exist in that language, the one in the other. Null if there is none."
    ),
    field(
        name = "viewer_can",
        ty = "bool",
        arg(name = "action", ty = "Action", desc = "The action to check, for example `PUBLISH`."),
        desc = "Whether the caller may apply this action to the version shown. False if the role of the caller does not permit the action or the publication state does not allow it."
    ),
    field(
        name = "history",
        ty = "ChangePage",
        directive = Weight::apply(20),
        directive = PageSize::apply(&["first"], &["messages", "nodes"]),
        desc = "The changes of the entry and of those merged into it that are visible to the caller: those of each province in the order of their positions.",
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

impl<C: GraphqlEntry> WritableEntry for C
where
    C::GraphqlObject: Into<EntryInterface>,
{
    fn into_interface(entry: Entry<Self>) -> EntryInterface {
        Self::into_object(entry).into()
    }
}
