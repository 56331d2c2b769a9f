//! Numbers over a selection of facts: tallies, distinct values, groups.

mod group;

use super::asking::{Asking, View};
use super::connection::{Count, PageInfo, Slice};
use super::enums::{DateField, DateUnit, GroupKey, QuantityKey, SortDirection};
use super::fault::Fault;
use super::loader::Loaders;
use super::measures::{self, Measures};
use super::part::{Part, Sorted};
use super::scalar::LocalDate;
use super::value::Quantity;
use async_graphql::{Context, Enum, InputObject, Object, OneofObject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::page::Sorting;
use caunoi_domain::statistics::{self, Facts, FirstAndLast, Group, GroupBy, Lens, Rows, Tally};
use caunoi_metrics::{Stage, Timer};
use caunoi_register::{Counted, Replica, Selection};
use group::Groups;
use std::collections::HashMap;
use std::sync::Arc;

/// A selection of facts of one kind, and how it is looked at.
#[derive(Clone)]
pub(crate) struct Numbers {
    kind: EntryKind,
    replica: Arc<Replica>,
    rows: Arc<Rows>,
    view: View,
    /// What page cursors of groups are bound to.
    of: Selected,
    /// What was counted of the selection, or of all groups that it is parted into.
    measures: Arc<Measures>,
}

/// What was selected, in words that every node writes alike.
#[derive(Debug, Clone)]
enum Selected {
    /// What passes a filter.
    Filter(Arc<Filter>),
    /// What these words tell of.
    Words(Arc<str>),
}

impl std::fmt::Display for Selected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Filter(filter) => write!(f, "{filter:?}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

impl Numbers {
    /// The facts that pass a filter, in the state of the register that the request sees. Only a
    /// filter that searches texts asks the database, and a caller who sees more than is published.
    pub(crate) async fn over<C: Counted>(
        ctx: &Context<'_>,
        filter: &Filter,
        view: View,
    ) -> Result<Self, Fault> {
        let mut found = HashMap::new();
        for words in filter.searches() {
            if !found.contains_key(words) {
                found.insert(words.clone(), ctx.data_unchecked::<Loaders>().found::<C>(words).await?);
            }
        }
        let of = Selected::Filter(Arc::new(filter.clone()));
        let filter = filter.clone().with_found(&|words| {
            found.get(words).cloned().unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default()))
        });
        let Selection { replica, rows } = Asking::of(ctx).select::<C>(filter).await?;
        Ok(Self { kind: C::KIND, replica, rows, view, of, measures: Arc::default() })
    }

    /// The same, with page cursors of groups bound to these words instead of the filter's: a set of
    /// keys has no order that every node writes it in.
    pub(crate) fn bound_to(self, of: &str) -> Self {
        Self { of: Selected::Words(of.into()), ..self }
    }

    /// How many entries are selected.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn facts(&self) -> &Facts {
        self.replica.facts.of(self.kind).unwrap_or(&self.replica.facts.events)
    }

    fn lens(&self, ctx: &Context<'_>) -> Lens<'_> {
        Asking::of(ctx).lens(&self.replica.directory, self.view)
    }

    fn slice<'s, 'c: 's>(&'s self, ctx: &Context<'c>) -> measures::Slice<'s> {
        measures::Slice { facts: self.facts(), rows: &self.rows, lens: self.lens(ctx) }
    }

    fn whole(&self) -> Group {
        Group::whole(&self.rows)
    }

    /// Count, in force, first and last day.
    pub(crate) fn tally(&self, ctx: &Context<'_>) -> Tally {
        let whole = self.whole();
        let (earliest, latest) = self.first_and_last(ctx, &whole);
        Tally { count: whole.count, in_force: self.in_force(ctx, &whole), earliest, latest }
    }

    /// How many different values of a key there are.
    pub(crate) fn distinct(&self, ctx: &Context<'_>, key: GroupKey) -> Result<i32, Fault> {
        self.distinct_in(ctx, &self.whole(), key)
    }

    /// The sum of a quantity; none where no entry has it, or where units differ.
    pub(crate) fn sum(&self, ctx: &Context<'_>, key: QuantityKey) -> Result<Option<Quantity>, Fault> {
        self.sum_in(ctx, &self.whole(), key)
    }

    /// How many of them stand on the day; none for kinds without a status.
    pub(crate) fn standing(&self, ctx: &Context<'_>) -> Option<u64> {
        self.in_force(ctx, &Group::whole(&self.rows))
    }

    fn in_force(&self, ctx: &Context<'_>, group: &Group) -> Option<u64> {
        self.measures.in_force(self.slice(ctx), group)
    }

    fn first_and_last(&self, ctx: &Context<'_>, group: &Group) -> FirstAndLast {
        self.measures.first_and_last(self.slice(ctx), group)
    }

    fn distinct_in(&self, ctx: &Context<'_>, group: &Group, key: GroupKey) -> Result<i32, Fault> {
        let key = statistics::GroupKey::from(key);
        self.offered(key.is_offered(self.kind), &key.to_string(), "group by")?;
        Ok(to_int(self.measures.distinct(self.slice(ctx), group, key)))
    }

    fn sum_in(&self, ctx: &Context<'_>, group: &Group, key: QuantityKey) -> Result<Option<Quantity>, Fault> {
        let key = statistics::QuantityKey::from(key);
        self.offered(key.is_offered(self.kind), &key.to_string(), "sum")?;
        Ok(self.measures.sum(self.slice(ctx), group, key).map(Quantity))
    }

    /// The groups of the selection, one page of them.
    pub(crate) fn groups(
        &self,
        ctx: &Context<'_>,
        by: &[GroupByInput],
        slice: Slice,
        order_by: Option<GroupOrderInput>,
    ) -> Result<GroupConnection, Fault> {
        if by.is_empty() || by.len() > 2 {
            return Err(Fault::bad_input("group by one or two keys"));
        }
        let keys: Vec<GroupBy> = by.iter().map(|by| by.read()).collect();
        for key in &keys {
            self.offered(key.is_offered(self.kind), name_of(*key), "group by")?;
        }
        let order = order_by.unwrap_or(GroupOrderInput::LARGEST).read();
        let groups = {
            let _timer = Timer::begin(Stage::Group);
            let lens = self.lens(ctx);
            statistics::ordered_groups(self.facts(), &self.rows, &keys, &lens, order)?
        };
        let total = groups.len();
        let (kind, view, of, by) = (self.kind, self.view, self.of.clone(), keys.clone());
        let purpose = move || format!("groups {kind} {by:?} {order:?} {view:?} {of}");
        let replica = Arc::clone(&self.replica);
        let list = Sorted::new(groups, move |group: &Group| group.sort_key(order, &replica.directory));
        let part = Part::of(ctx, purpose, list, slice)?;
        let measures = Arc::new(Measures::by(keys));
        Ok(GroupConnection { numbers: Self { measures, ..self.clone() }, part, total })
    }

    fn offered(&self, is_offered: bool, key: &str, to: &str) -> Result<(), Fault> {
        if is_offered {
            return Ok(());
        }
        let kind = match self.kind {
            EntryKind::Relation => "relations",
            EntryKind::Agreement => "agreements",
            EntryKind::Event => "events",
            EntryKind::Organization => "organizations",
            EntryKind::Programme => "programmes",
            EntryKind::Figure => "figures",
            EntryKind::Instrument => "instruments",
        };
        Err(Fault::bad_input(format!("{kind} have no {key} to {to}")))
    }
}

fn name_of(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Key(key) => key.into(),
        GroupBy::Bucket { field, .. } => field.into(),
    }
}

fn to_int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Numbers over a whole list or group, never over a page.
pub(crate) struct Aggregate {
    numbers: Numbers,
    group: Group,
}

impl Aggregate {
    /// Numbers over all that is selected.
    pub(crate) fn whole(numbers: Numbers) -> Self {
        Self { group: numbers.whole(), numbers }
    }
}

/// Numbers over a whole list or group, never over a page.
#[Object]
impl Aggregate {
    /// How many entries there are.
    async fn count(&self) -> i32 {
        to_int(self.group.count)
    }

    /// How many of them stand on the day that was asked for: agreements `IN_FORCE`, relations
    /// `ACTIVE` or `DORMANT`. Null for kinds without a status.
    async fn in_force(&self, ctx: &Context<'_>) -> Option<i32> {
        self.numbers.in_force(ctx, &self.group).map(to_int)
    }

    /// How many different values of a key there are.
    async fn distinct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is told apart.")] of: GroupKey,
    ) -> Result<i32, Fault> {
        self.numbers.distinct_in(ctx, &self.group, of)
    }

    /// The sum of a quantity, with the bounds that all of its members have. Entries without the
    /// quantity add nothing; null where none has it, and where their units differ.
    async fn sum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is summed; events alone have quantities.")] of: QuantityKey,
    ) -> Result<Option<Quantity>, Fault> {
        self.numbers.sum_in(ctx, &self.group, of)
    }

    /// The first day of the dated ones: established, signed or held.
    async fn earliest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).0.map(LocalDate)
    }

    /// The last day of the dated ones: established, signed or held.
    async fn latest(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        self.numbers.first_and_last(ctx, &self.group).1.map(LocalDate)
    }
}

/// What entries are grouped by: a key or a date.
#[derive(Debug, Clone, Copy, OneofObject)]
#[graphql(name = "GroupBy")]
pub(crate) enum GroupByInput {
    /// By the values of a key.
    Key(GroupKey),
    /// By a date.
    Bucket(DateBucket),
}

/// Groups by a date. An entry whose date may lie in two buckets is in neither.
#[derive(Debug, Clone, Copy, InputObject)]
pub(crate) struct DateBucket {
    /// Which date.
    field: DateField,
    /// How wide the buckets are.
    unit: DateUnit,
    /// Whether empty buckets between the first and the last one are listed too; refused where
    /// that would make more than 2,000 groups.
    #[graphql(default)]
    fill_gaps: bool,
}

impl GroupByInput {
    fn read(self) -> GroupBy {
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

/// What groups are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum GroupOrderField {
    /// How many entries they have; equal ones by their keys.
    Count,
    /// Their keys: codes in the order of the alphabet, dates in the order of time.
    Key,
}

/// The order of groups.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "GroupOrder")]
pub(crate) struct GroupOrderInput {
    /// By what.
    #[graphql(default_with = "GroupOrderField::Count")]
    by: GroupOrderField,
    /// Which way.
    #[graphql(default_with = "SortDirection::Descending")]
    direction: SortDirection,
}

impl GroupOrderInput {
    const LARGEST: Self = Self { by: GroupOrderField::Count, direction: SortDirection::Descending };

    fn read(self) -> statistics::GroupOrder {
        let by = match self.by {
            GroupOrderField::Count => statistics::GroupOrderField::Count,
            GroupOrderField::Key => statistics::GroupOrderField::Key,
        };
        statistics::GroupOrder { by, sorting: Sorting::from(self.direction) }
    }
}

/// Groups, one page of them.
pub(crate) struct GroupConnection {
    numbers: Numbers,
    part: Part<Group>,
    total: usize,
}

/// Groups, one page of them.
#[Object]
impl GroupConnection {
    /// The groups of the page.
    async fn nodes(&self) -> Groups<'_> {
        Groups { numbers: &self.numbers, groups: &self.part.rows }
    }

    /// Where the page stands among the groups.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.part.info(ctx)
    }

    /// How many groups there are.
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}
