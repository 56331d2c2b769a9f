//! Numbers over selected facts: counts, distinct values, sums, groups.

mod group;

use super::api_error::ApiError;
use super::connection::{Count, PageArgs, PageInfo};
use super::cost_directives::Weight;
use super::enums::{DateField, DateUnit, GroupKey, QuantityKey, SortDirection};
use super::loader::Loaders;
use super::measures::{self, Measures};
use super::memory_page::{MemoryPage, SortedList};
use super::request_context::{RequestContext, View};
use super::scalar::LocalDate;
use super::value::Quantity;
use async_graphql::{Context, Enum, InputObject, Object, OneofObject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::page::Sorting;
use caunoi_domain::statistics::{
    self, BoundaryView, Facts, FirstAndLast, Group, GroupBy, RowSelection, Tally,
};
use caunoi_metrics::{Stage, StageTimer};
use caunoi_register::{Countable, ReadModel, Selection};
use caunoi_texts::{ApiText, EntryList, KeyUse};
use group::Groups;
use std::collections::HashMap;
use std::sync::Arc;

/// The selected facts of one kind of entry, with the day and boundaries to count them by.
#[derive(Clone)]
pub(crate) struct SelectedFacts {
    kind: EntryKind,
    read_model: Arc<ReadModel>,
    rows: Arc<RowSelection>,
    view: View,
    /// The text that page cursors of groups are bound to.
    of: CursorBinding,
    /// The numbers counted so far, of the selection or of all its groups.
    measures: Arc<Measures>,
}

/// The binding of page cursors of groups. Its text is the same on every node.
#[derive(Debug, Clone)]
enum CursorBinding {
    /// A filter.
    Filter(Arc<Filter>),
    /// A text that identifies the selection.
    Text(Arc<str>),
}

impl std::fmt::Display for CursorBinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Filter(filter) => write!(f, "{filter:?}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl SelectedFacts {
    /// Selects the facts that match a filter, in the state of the register that the request reads.
    /// Queries the database only for text searches in the filter and for callers with unpublished
    /// entries.
    pub(crate) async fn select<C: Countable>(
        ctx: &Context<'_>,
        filter: &Filter,
        view: View,
    ) -> Result<Self, ApiError> {
        let mut found = HashMap::new();
        for words in filter.searches() {
            if !found.contains_key(words) {
                found.insert(words.clone(), ctx.data_unchecked::<Loaders>().find_words::<C>(words).await?);
            }
        }
        let of = CursorBinding::Filter(Arc::new(filter.clone()));
        let filter = filter.clone().with_found(&|words| {
            found.get(words).cloned().unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default()))
        });
        let Selection { read_model, rows } = RequestContext::of(ctx).select::<C>(filter).await?;
        Ok(Self { kind: C::KIND, read_model, rows, view, of, measures: Arc::default() })
    }

    /// Binds page cursors of groups to a text instead of the filter. A set of keys has no text form
    /// that is the same on every node.
    pub(crate) fn with_cursor_binding(self, of: &str) -> Self {
        Self { of: CursorBinding::Text(of.into()), ..self }
    }

    /// Returns the number of selected entries.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn facts(&self) -> &Facts {
        self.read_model.facts.of(self.kind).unwrap_or(&self.read_model.facts.events)
    }

    fn boundary_view(&self, ctx: &Context<'_>) -> BoundaryView<'_> {
        RequestContext::of(ctx).boundary_view(&self.read_model.directory, self.view)
    }

    fn measured_rows<'s, 'c: 's>(&'s self, ctx: &Context<'c>) -> measures::MeasuredRows<'s> {
        measures::MeasuredRows {
            facts: self.facts(),
            rows: &self.rows,
            boundary_view: self.boundary_view(ctx),
        }
    }

    fn whole(&self) -> Group {
        Group::whole(&self.rows)
    }

    /// Returns count, count in force, first and last day.
    pub(crate) fn tally(&self, ctx: &Context<'_>) -> Tally {
        let whole = self.whole();
        let (earliest, latest) = self.first_and_last(ctx, &whole);
        Tally { count: whole.count, in_force: self.in_force(ctx, &whole), earliest, latest }
    }

    /// Returns the number of different values of a key; `BAD_INPUT` if the kind does not have the
    /// key.
    pub(crate) fn distinct(&self, ctx: &Context<'_>, key: GroupKey) -> Result<i32, ApiError> {
        self.distinct_in(ctx, &self.whole(), key)
    }

    /// Returns the sum of a quantity; `None` if no entry has it or the units differ.
    pub(crate) fn sum(&self, ctx: &Context<'_>, key: QuantityKey) -> Result<Option<Quantity>, ApiError> {
        self.sum_in(ctx, &self.whole(), key)
    }

    /// Returns the number of entries in force on the day; `None` for kinds without a status.
    pub(crate) fn count_in_force(&self, ctx: &Context<'_>) -> Option<u64> {
        self.in_force(ctx, &Group::whole(&self.rows))
    }

    fn in_force(&self, ctx: &Context<'_>, group: &Group) -> Option<u64> {
        self.measures.in_force(self.measured_rows(ctx), group)
    }

    fn first_and_last(&self, ctx: &Context<'_>, group: &Group) -> FirstAndLast {
        self.measures.first_and_last(self.measured_rows(ctx), group)
    }

    fn distinct_in(&self, ctx: &Context<'_>, group: &Group, key: GroupKey) -> Result<i32, ApiError> {
        let key = statistics::GroupKey::from(key);
        self.check_offered(key.is_offered(self.kind), &key.to_string(), KeyUse::GroupBy)?;
        Ok(to_int(self.measures.distinct(self.measured_rows(ctx), group, key)))
    }

    fn sum_in(
        &self,
        ctx: &Context<'_>,
        group: &Group,
        key: QuantityKey,
    ) -> Result<Option<Quantity>, ApiError> {
        let key = statistics::QuantityKey::from(key);
        self.check_offered(key.is_offered(self.kind), &key.to_string(), KeyUse::Sum)?;
        Ok(self.measures.sum(self.measured_rows(ctx), group, key).map(Quantity))
    }

    /// Returns one page of the groups of the selection.
    pub(crate) fn groups(
        &self,
        ctx: &Context<'_>,
        by: &[GroupByInput],
        args: PageArgs,
        order_by: Option<&[GroupOrderInput]>,
    ) -> Result<GroupConnection, ApiError> {
        if by.is_empty() || by.len() > 2 {
            return Err(ApiError::bad_input(ApiText::GroupKeys));
        }
        let keys: Vec<GroupBy> = by.iter().map(|by| by.to_domain()).collect();
        for key in &keys {
            self.check_offered(key.is_offered(self.kind), key_name(*key), KeyUse::GroupBy)?;
        }
        let order = group_order(order_by);
        let groups = {
            let _timer = StageTimer::begin(Stage::Group);
            let boundary_view = self.boundary_view(ctx);
            statistics::ordered_groups(self.facts(), &self.rows, &keys, &boundary_view, order)?
        };
        let total = groups.len();
        let (kind, view, of, by) = (self.kind, self.view, self.of.clone(), keys.clone());
        let purpose = move || format!("groups {kind} {by:?} {order:?} {view:?} {of}");
        let read_model = Arc::clone(&self.read_model);
        let list = SortedList::new(groups, move |group: &Group| group.sort_key(order, &read_model.directory));
        let page = MemoryPage::of(ctx, purpose, list, args)?;
        let measures = Arc::new(Measures::by(keys));
        Ok(GroupConnection { numbers: Self { measures, ..self.clone() }, page, total })
    }

    fn check_offered(&self, is_offered: bool, key: &str, r#use: KeyUse) -> Result<(), ApiError> {
        if is_offered {
            return Ok(());
        }
        let entries = match self.kind {
            EntryKind::Relation => EntryList::Relation,
            EntryKind::Agreement => EntryList::Agreement,
            EntryKind::Event => EntryList::Event,
            EntryKind::Organization => EntryList::Organization,
            EntryKind::Programme => EntryList::Programme,
            EntryKind::Figure => EntryList::Figure,
            EntryKind::Instrument => EntryList::Instrument,
        };
        Err(ApiError::bad_input(ApiText::KeyNotOffered { entries, key: key.to_owned(), r#use }))
    }
}

fn key_name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Key(key) => key.into(),
        GroupBy::Bucket { field, .. } => field.into(),
    }
}

fn to_int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Numbers over a whole list or group, regardless of the page requested.
pub(crate) struct Aggregate {
    numbers: SelectedFacts,
    group: Group,
}

impl Aggregate {
    /// The numbers over the whole selection.
    pub(crate) fn whole(numbers: SelectedFacts) -> Self {
        Self { group: numbers.whole(), numbers }
    }
}

/// Numbers over a whole list or group, regardless of the page requested.
#[Object]
impl Aggregate {
    /// The number of entries.
    async fn count(&self) -> i32 {
        to_int(self.group.count)
    }

    /// The number of entries in force on the day reported on: agreements with status `IN_FORCE`,
    /// relations with status `ACTIVE` or `DORMANT`. Null for events and organizations, which have
    /// no status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.in_force(ctx, &self.group).map(to_int)
    }

    /// The number of different values of a property, for example of partner countries.
    async fn distinct(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The property whose values are counted, for example `COUNTRY`. A key that this kind of entry does not have is an error."
        )]
        of: GroupKey,
    ) -> Result<i32, ApiError> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.distinct_in(ctx, &self.group, of)
    }

    /// The sum of a quantity. Its lower and upper bounds are the sums of the bounds of the entries.
    /// Entries without the quantity add nothing. Null if no entry has it or if the units differ.
    async fn sum(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The quantity to sum. Only events have quantities; for other entries it is an error."
        )]
        of: QuantityKey,
    ) -> Result<Option<Quantity>, ApiError> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.sum_in(ctx, &self.group, of)
    }

    /// The earliest day on which one of the entries was established, signed or held. Null if none
    /// has a date.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).0.map(LocalDate)
    }

    /// The latest day on which one of the entries was established, signed or held. Null if none has
    /// a date.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).1.map(LocalDate)
    }
}

/// A criterion to group entries by: a property or the period of a date. Exactly one field is given.
#[derive(Debug, Clone, Copy, OneofObject)]
#[graphql(name = "GroupBy")]
pub(crate) enum GroupByInput {
    /// Groups by the values of a property, for example `COUNTRY`.
    Key(GroupKey),
    /// Groups by the period of a date, for example by the year of signing.
    Bucket(DateBucket),
}

/// Groups by the period of a date. An entry is in a bucket only if all days that its date can mean
/// are in that period: the date `2021` is in the year 2021 and in no month.
#[derive(Debug, Clone, Copy, InputObject)]
pub(crate) struct DateBucket {
    /// The date to group by, for example `HELD_ON`. A date that this kind of entry does not have is
    /// an error.
    field: DateField,
    /// The length of the periods.
    unit: DateUnit,
    /// Whether empty periods between the first and the last one are returned too, with a count of
    /// 0. It is an error if that would result in more than 2,000 groups.
    #[graphql(default)]
    fill_gaps: bool,
}

impl GroupByInput {
    fn to_domain(self) -> GroupBy {
        match self {
            Self::Key(key) => GroupBy::Key(key.into()),
            Self::Bucket(bucket) => GroupBy::Bucket {
                field: bucket.field.into(),
                unit: bucket.unit.into(),
                fill_gaps: bucket.fill_gaps,
            },
        }
    }
}

/// The sort keys of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum GroupOrderField {
    /// The number of entries in the group. Groups of equal size follow in the ascending order of
    /// their keys, unless `KEY` comes next.
    Count,
    /// The values of the keys: codes in alphabetical order, periods in chronological order. Sort
    /// keys after this one have no effect.
    Key,
}

/// One sort key of a list of groups.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "GroupOrder")]
pub(crate) struct GroupOrderInput {
    /// The value to sort by.
    #[graphql(default_with = "GroupOrderField::Count")]
    by: GroupOrderField,
    /// The direction; descending by default.
    #[graphql(default_with = "Sorting::Descending.into()")]
    direction: SortDirection,
}

/// Converts the argument `orderBy`; without sort keys the largest groups come first. Sort keys after
/// `KEY` have no effect, and neither has a repeated `COUNT`.
fn group_order(keys: Option<&[GroupOrderInput]>) -> statistics::GroupOrder {
    let keys = keys.filter(|keys| !keys.is_empty());
    let Some(keys) = keys else { return statistics::GroupOrder::LARGEST };
    let mut order = statistics::GroupOrder::BY_KEY;
    for GroupOrderInput { by, direction } in keys {
        match by {
            GroupOrderField::Count => order.count = order.count.or(Some(direction.0)),
            GroupOrderField::Key => {
                order.key = direction.0;
                break;
            }
        }
    }
    order
}

/// One page of a list of groups.
pub(crate) struct GroupConnection {
    numbers: SelectedFacts,
    page: MemoryPage<Group>,
    total: usize,
}

/// One page of a list of groups.
#[Object]
impl GroupConnection {
    /// The groups on this page.
    async fn nodes(&self) -> Groups<'_> {
        Groups { numbers: &self.numbers, groups: &self.page.rows }
    }

    /// The position of the page in the list of groups.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// The number of groups in the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::statistics::GroupOrder;

    #[test]
    fn key_ends_the_order_of_groups() {
        let key = |by, direction| GroupOrderInput { by, direction: SortDirection::from(direction) };
        let (count, by_key) = (GroupOrderField::Count, GroupOrderField::Key);
        let (up, down) = (Sorting::Ascending, Sorting::Descending);
        let ordered = |count, key| GroupOrder { count, key };
        for (keys, order) in [
            (None, GroupOrder::LARGEST),
            (Some(vec![]), GroupOrder::LARGEST),
            (Some(vec![key(count, up)]), ordered(Some(up), up)),
            (Some(vec![key(by_key, down)]), ordered(None, down)),
            (Some(vec![key(count, down), key(by_key, down)]), ordered(Some(down), down)),
            (Some(vec![key(count, up), key(count, down), key(by_key, up)]), ordered(Some(up), up)),
            (Some(vec![key(by_key, up), key(count, down)]), ordered(None, up)),
        ] {
            assert_eq!(group_order(keys.as_deref()), order, "{keys:?}");
        }
    }
}
