//! Relations.

use super::agreement::AgreementObject;
use super::api_error::ApiError;
use super::connection::{EntryConnection, EntryList, GraphqlEntry, PageArgs};
use super::cost_directives::{AssumedSize, PageSize, TextSize};
use super::entry_fields::{EntryFields, EntryObject};
use super::enums::{Confidence, RelationStatus, RelationTier};
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::order;
use super::participant::ParticipantObject;
use super::request_context::{RequestContext, View};
use super::scalar::LocalDate;
use super::value::FuzzyDate;
use async_graphql::{Context, Object};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::{Content, Entry};
use caunoi_domain::event::Event;
use caunoi_domain::filter::Filter;
use caunoi_domain::page::Parent;
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::{Relation, nearest_units};
use caunoi_domain::status;

/// The GraphQL object of a relation.
pub(crate) type RelationObject = EntryObject<Relation>;

impl GraphqlEntry for Relation {
    const NAME: &'static str = "Relation";
    type GraphqlObject = RelationObject;

    fn into_object(entry: Entry<Self>) -> RelationObject {
        EntryObject::new(entry)
    }
}

/// Returns the newest relation with one of these partners that an entry without a stated relation
/// belongs to, the first partner first: that of the nearest unit in the lineage of its own. Returns
/// `None` where relations of several units are equally near.
pub(crate) async fn find_relation_of<C: Content>(
    ctx: &Context<'_>,
    entry: &Entry<C>,
    partners: impl Iterator<Item = LocalityId>,
) -> Result<Option<Entry<Relation>>, ApiError> {
    let loaders = ctx.data_unchecked::<Loaders>();
    let directory = RequestContext::of(ctx).directory();
    let common = entry.content.common();
    for partner in partners {
        let mut relations = loaders.list_relations_with(entry.meta.log, partner).await?;
        relations.retain(|relation| relation.content.accepts_entries_of(common.pillar));
        let unit = |relation: &Entry<Relation>| relation.content.common.origin_unit;
        let units: Vec<_> = relations.iter().map(unit).collect();
        if let [nearest] = nearest_units(directory, common.origin_unit, &units)[..] {
            return Ok(relations.into_iter().find(|relation| unit(relation) == nearest));
        }
    }
    Ok(None)
}

impl RelationObject {
    /// The parent of the lists of entries of the same province with the same partner.
    fn partnership(&self) -> Parent {
        Parent::Relation(self.entry.meta.log, self.entry.content.partner)
    }
}

/// A lasting relation of a province with a locality abroad (quan hệ kết nghĩa, hữu nghị, hợp tác).
#[Object(name = "Relation")]
impl RelationObject {
    #[graphql(flatten)]
    async fn entry_fields(&self) -> &EntryFields<Relation> {
        self
    }

    /// The locality abroad.
    async fn partner_locality(&self, ctx: &Context<'_>) -> Result<LocalityObject, ApiError> {
        let found = LocalityObject::find(RequestContext::of(ctx), self.entry.content.partner);
        found.ok_or_else(|| ApiError::missing("locality"))
    }

    /// The tier of the relation, as named in the source.
    async fn tier(&self) -> RelationTier {
        self.entry.content.tier.into()
    }

    /// The organizations of the province that maintain the relation, for example its women's union
    /// or its Party committee. Empty if the province itself does.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn vietnamese_bodies(&self) -> Vec<ParticipantObject> {
        ParticipantObject::list_organizations(&self.entry.content.own_bodies)
    }

    /// Their counterparts in the partner locality. Empty if not recorded.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn partner_bodies(&self) -> Vec<ParticipantObject> {
        ParticipantObject::list_organizations(&self.entry.content.partner_bodies)
    }

    /// The status on a day. It is computed from the dates of the relation, its activity and the
    /// statement of its source.
    async fn status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> RelationStatus {
        let day = RequestContext::of(ctx).day(as_of);
        let status = status::on(&self.entry.content.spans, day);
        status.unwrap_or(status::RelationStatus::Unknown).into()
    }

    /// The date on which it was established, possibly partial: `1996`. Null if not recorded.
    async fn established(&self) -> Option<FuzzyDate> {
        self.entry.content.established.clone().map(FuzzyDate)
    }

    /// The date on which it ended, possibly partial. Null if it has not ended or the date is not
    /// recorded.
    async fn ended(&self) -> Option<FuzzyDate> {
        self.entry.content.ended.clone().map(FuzzyDate)
    }

    /// The day of the latest activity: an agreement or event that names this relation, or that names
    /// none and is of the same unit, or of the nearest one in its lineage, with the same partner.
    /// Null if there is none with a date.
    async fn last_activity_on(&self) -> Option<LocalDate> {
        self.entry.content.last_activity_on.map(LocalDate)
    }

    /// The agreement that established it (văn bản thiết lập quan hệ). Null if there is none visible
    /// to the caller.
    async fn founding_agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, ApiError>> {
        let code = self.entry.content.founding_agreement.as_deref()?;
        let found = ctx.data_unchecked::<Loaders>().find_by_code::<Agreement>(code).await;
        found.transpose().map(|found| found.map(Agreement::into_object))
    }

    /// The agreements that name this relation as the one that they belong to, with any parties: the
    /// newest 100, the newest first.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn linked_agreements(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, ApiError> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let linked = loaders.list_linked(AgreementLink::Relation, &self.entry).await?;
        Ok(linked.into_iter().map(Agreement::into_object).collect())
    }

    /// The relation of a former unit that this one continues after a merger of units. Null if there
    /// is none.
    async fn continues(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, ApiError>> {
        let code = self.entry.content.continues.as_deref()?;
        let found = ctx.data_unchecked::<Loaders>().find_by_code::<Relation>(code).await;
        found.transpose().map(|found| found.map(Relation::into_object))
    }

    /// The reliability of the source for this relation. Null if not assessed.
    async fn confidence(&self) -> Option<Confidence> {
        self.entry.content.confidence.map(Into::into)
    }

    /// A remark of the editors of the register, for example the town that maintains the relation.
    /// Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }

    /// The agreements of the same province with the same partner, the newest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn agreements(
        &self,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<EntryConnection<Agreement>, ApiError> {
        let args = PageArgs { first, after, last, before };
        EntryList::new(Filter::default(), order::newest(), args, View::NOW, Some(self.partnership()))
            .map(EntryConnection)
    }

    /// The events of the same province with the same partner, the newest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn events(
        &self,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<EntryConnection<Event>, ApiError> {
        let args = PageArgs { first, after, last, before };
        EntryList::new(Filter::default(), order::newest(), args, View::NOW, Some(self.partnership()))
            .map(EntryConnection)
    }
}
