//! The list of groups: its arguments and its pages.

use super::group::{GroupObject, Groups};
use super::selected_facts::SelectedFacts;
use super::to_int;
use crate::schema::connection::{Count, PageInfo};
use crate::schema::cost_directives::{TextSize, Weight};
use crate::schema::enums::{DateField, DateUnit, GroupKey, SortDirection};
use crate::schema::memory_page::MemoryPage;
use crate::schema::request_context::RequestContext;
use async_graphql::{Context, Enum, InputObject, Object, OneofObject, SimpleObject};
use caunoi_domain::locale::Locale;
use caunoi_domain::page::Sorting;
use caunoi_domain::statistics::{self, Group, GroupBy};

/// A criterion to group entries by: a property or the period of a date. Exactly one field is given.
#[derive(Debug, Clone, Copy, OneofObject)]
#[graphql(name = "GroupBy")]
pub(crate) enum GroupByInput {
    /// Groups by the values of a property, for example `COUNTRY`.
    Key(GroupKey),
    /// Groups by the period of a date, for example by the year of signing.
    Bucket(DateBucket),
}

/// Groups by the period in which a date begins. An entry is in a bucket only if all days that its
/// first day can mean are in that period: `2025-10-30/2025-11-03` is in the month 2025-10, `2021` is
/// in the year 2021 and in no month, `2021~` is in no bucket. `notKnown` counts those in no bucket.
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
    pub(super) fn to_domain(self) -> GroupBy {
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
    /// their keys, unless `KEY` or `LABEL` comes next.
    Count,
    /// The values of the keys: codes in alphabetical order, periods in chronological order. Sort
    /// keys after this one have no effect.
    Key,
    /// The labels of the keys, in the alphabetical order of the language of the request: `Hà Nội`
    /// before `Hải Phòng`. Periods are in chronological order. Sort keys after this one have no
    /// effect.
    Label,
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
/// `KEY` or `LABEL` have no effect, and neither has a repeated `COUNT`.
pub(super) fn group_order(keys: Option<&[GroupOrderInput]>, locale: Locale) -> statistics::GroupOrder {
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
            GroupOrderField::Label => {
                (order.key, order.labels) = (direction.0, Some(locale));
                break;
            }
        }
    }
    order
}

/// One page of a list of groups.
pub(crate) struct GroupConnection {
    pub(super) numbers: SelectedFacts,
    pub(super) page: MemoryPage<Group>,
    pub(super) total: usize,
}

/// A group of a list with its cursor.
#[derive(SimpleObject)]
pub(crate) struct GroupEdge {
    /// The cursor of this group: a page `after` it begins with the next group.
    #[graphql(directive = TextSize::apply(100))]
    cursor: String,
    /// The group.
    node: GroupObject,
}

/// One page of a list of groups.
#[Object]
impl GroupConnection {
    /// The groups of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<GroupEdge> {
        let edge = |(cursor, group): (String, &Group)| GroupEdge {
            cursor,
            node: GroupObject::new(&self.numbers, group),
        };
        self.page.edges(RequestContext::of(ctx).signing_key()).map(edge).collect()
    }

    /// The groups of the page.
    async fn nodes(&self) -> Groups<'_> {
        Groups { numbers: &self.numbers, groups: &self.page.rows }
    }

    /// The position of the page in the list of groups.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.info(ctx)
    }

    /// The number of entries in no group because their date is not known to a bucket: entries
    /// without a date, and dates such as `2021` that can mean several months. The buckets of the
    /// whole list and this number sum to the total. Null if the groups are not by a date.
    #[graphql(directive = Weight::apply(5))]
    async fn not_known(&self, ctx: &Context<'_>) -> Option<i32> {
        RequestContext::of(ctx).reader.checkpoint().await;
        self.numbers.count_not_known(ctx).map(to_int)
    }

    /// The number of groups in the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self) -> Count {
        Count::exact(self.total)
    }
}

/// Returns the name of a key, for values of groups and for errors.
pub(super) fn key_name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Key(key) => key.into(),
        GroupBy::Bucket { field, .. } => field.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::statistics::GroupOrder;

    #[test]
    fn key_ends_the_order_of_groups() {
        let key = |by, direction| GroupOrderInput { by, direction: SortDirection::from(direction) };
        let (count, by_key, by_label) =
            (GroupOrderField::Count, GroupOrderField::Key, GroupOrderField::Label);
        let (up, down) = (Sorting::Ascending, Sorting::Descending);
        let ordered = |count, key| GroupOrder { count, key, labels: None };
        let labelled = |count, key| GroupOrder { labels: Some(Locale::Vi), ..ordered(count, key) };
        for (keys, order) in [
            (None, GroupOrder::LARGEST),
            (Some(vec![]), GroupOrder::LARGEST),
            (Some(vec![key(count, up)]), ordered(Some(up), up)),
            (Some(vec![key(by_key, down)]), ordered(None, down)),
            (Some(vec![key(count, down), key(by_key, down)]), ordered(Some(down), down)),
            (Some(vec![key(count, up), key(count, down), key(by_key, up)]), ordered(Some(up), up)),
            (Some(vec![key(by_key, up), key(count, down)]), ordered(None, up)),
            (Some(vec![key(by_key, up), key(by_label, down)]), ordered(None, up)),
            (Some(vec![key(by_label, down), key(by_key, up)]), labelled(None, down)),
            (Some(vec![key(count, down), key(by_label, up)]), labelled(Some(down), up)),
        ] {
            assert_eq!(group_order(keys.as_deref(), Locale::Vi), order, "{keys:?}");
        }
    }
}
