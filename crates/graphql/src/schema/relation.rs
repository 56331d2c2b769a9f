//! Relations.

use super::agreement::AgreementObject;
use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::{Connection, Kind, List, Slice};
use super::entry;
use super::enums::{Action, Pillar, Publication, RelationStatus, RelationTier};
use super::fault::Fault;
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::order;
use super::province::ProvinceObject;
use super::scalar::{DateTime, LocalDate};
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::FuzzyDate;
use async_graphql::{Context, ID, Object};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::filter::Filter;
use caunoi_domain::relation::Relation;
use caunoi_domain::status;
use caunoi_register::Parent;
use std::sync::Arc;

/// A standing tie with a locality abroad.
#[derive(Clone)]
pub(crate) struct RelationObject {
    pub(crate) entry: Arc<Entry<Relation>>,
    pub(crate) view: View,
}

impl Kind for Relation {
    const NAME: &'static str = "Relation";
    type Object = RelationObject;

    fn object(entry: Entry<Self>, view: View) -> RelationObject {
        RelationObject { entry: Arc::new(entry), view }
    }
}

impl RelationObject {
    /// What stands beside it: entries of the same province with the same partner.
    fn tie(&self) -> Parent {
        Parent::Tie(self.entry.stamp.log, self.entry.content.partner)
    }
}

/// A standing tie of a province with a locality abroad (quan hệ kết nghĩa, hữu nghị, hợp tác).
#[Object(name = "Relation")]
impl RelationObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code; it never changes.
    pub(crate) async fn code(&self) -> String {
        self.entry.stamp.code.clone()
    }

    /// How many times it has been written.
    pub(crate) async fn version(&self) -> i32 {
        self.entry.stamp.version
    }

    /// The province that owns it today; null for the ministry's own.
    pub(crate) async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// The unit that it came from; null for the ministry's own.
    pub(crate) async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// How far this version has come.
    pub(crate) async fn publication(&self) -> Publication {
        self.entry.stamp.publication.into()
    }

    /// The state of a working version beside the published one; null where there is none or the
    /// caller may not know.
    pub(crate) async fn pending(&self, ctx: &Context<'_>) -> Option<Publication> {
        entry::pending(ctx, &self.entry)
    }

    /// When it was first published.
    pub(crate) async fn published_at(&self) -> Option<DateTime> {
        entry::published_at(&self.entry)
    }

    /// When this version was written.
    pub(crate) async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.entry.stamp.updated_at_us)
    }

    /// The pillar of diplomacy, where its source says one.
    pub(crate) async fn pillar(&self) -> Option<Pillar> {
        self.entry.content.common.pillar.map(Into::into)
    }

    /// Fields of cooperation.
    pub(crate) async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        entry::fields(ctx, &self.entry)
    }

    /// Where it was read.
    pub(crate) async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// Whether the caller may do this to the version shown, and it may begin from its state.
    pub(crate) async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be done.")] action: Action,
    ) -> bool {
        entry::viewer_can(ctx, &self.entry, action)
    }

    /// What changed of it in the caller’s sight, the oldest first.
    pub(crate) async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many changes, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after; absent begins at the beginning.")] after: Option<String>,
    ) -> Result<ChangeConnection, Fault> {
        ChangeConnection::of_entry(ctx, &self.entry, first, after).await
    }

    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Result<LocalityObject, Fault> {
        let found = LocalityObject::find(Asking::of(ctx), self.entry.content.partner, self.view);
        found.ok_or_else(|| Fault::missing("locality"))
    }

    /// How close the tie is, as the source calls it.
    async fn tier(&self) -> RelationTier {
        self.entry.content.tier.into()
    }

    /// Its state on a day.
    async fn status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> RelationStatus {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        let status = status::on(&self.entry.content.spans, day);
        status.map_or(RelationStatus::Unknown, Into::into)
    }

    /// When it was established.
    async fn established(&self) -> Option<FuzzyDate> {
        self.entry.content.established.clone().map(FuzzyDate)
    }

    /// When it was ended.
    async fn ended(&self) -> Option<FuzzyDate> {
        self.entry.content.ended.clone().map(FuzzyDate)
    }

    /// The last day of an agreement of the same province with the same partner, or of an event that
    /// serves this relation.
    async fn last_activity_on(&self) -> Option<LocalDate> {
        self.entry.content.last_activity_on.map(LocalDate)
    }

    /// The agreement that founded it (văn bản thiết lập quan hệ).
    async fn founding_agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, Fault>> {
        let code = self.entry.content.founding_agreement.as_deref()?;
        let found = ctx.data_unchecked::<Loaders>().by_code::<Agreement>(code).await;
        found.transpose().map(|found| found.map(|entry| Agreement::object(entry, self.view)))
    }

    /// Agreements that name this relation as the one that they serve, whoever their parties are:
    /// the newest 100, the newest first.
    async fn linked_agreements(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, Fault> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let linked = loaders.linked(AgreementLink::Relation, &self.entry.stamp.code).await?;
        Ok(linked.into_iter().map(|entry| Agreement::object(entry, self.view)).collect())
    }

    /// The relation that this one continues, after units were merged.
    async fn continues(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, Fault>> {
        let code = self.entry.content.continues.as_deref()?;
        let found = ctx.data_unchecked::<Loaders>().by_code::<Relation>(code).await;
        found.transpose().map(|found| found.map(|entry| Relation::object(entry, self.view)))
    }

    /// How well the source knows: `HIGH`, `MEDIUM` or `LOW`.
    async fn confidence(&self) -> Option<&'static str> {
        self.entry.content.confidence.map(Into::into)
    }

    /// A remark of the register, such as the town that really holds the tie.
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }

    /// Agreements of the same province with the same partner, the newest first.
    async fn agreements(
        &self,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Agreement>, Fault> {
        let slice = Slice::forwards(first, after);
        List::new(Filter::default(), order::newest(), slice, self.view, Some(self.tie())).map(Connection)
    }

    /// Events of the same province with the same partner, the newest first.
    async fn events(
        &self,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Event>, Fault> {
        let slice = Slice::forwards(first, after);
        List::new(Filter::default(), order::newest(), slice, self.view, Some(self.tie())).map(Connection)
    }
}
